-- Which checkpoints were mailed to whom, and what receivers did not take.

-- +goose Up
CREATE TABLE checkpoint_mails (
    recipient text NOT NULL,
    size      integer NOT NULL,
    mailed_at datetime NOT NULL,
    PRIMARY KEY (recipient, size)
);

ALTER TABLE receivers ADD COLUMN refused integer NOT NULL DEFAULT 0;
ALTER TABLE receivers ADD COLUMN retried integer NOT NULL DEFAULT 0;
