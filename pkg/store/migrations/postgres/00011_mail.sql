-- Which checkpoints were mailed to whom, and what receivers did not take.

-- +goose Up
CREATE TABLE checkpoint_mails (
    recipient text NOT NULL,
    size      bigint NOT NULL,
    mailed_at timestamptz NOT NULL,
    PRIMARY KEY (recipient, size)
);

ALTER TABLE receivers ADD COLUMN refused bigint NOT NULL DEFAULT 0;
ALTER TABLE receivers ADD COLUMN retried bigint NOT NULL DEFAULT 0;
