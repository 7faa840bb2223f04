-- Receivers of the events outside, each with how far it got in the log over all journals, and the dossiers that are held back for one.

-- +goose Up
CREATE TABLE receivers (
    id            uuid NOT NULL PRIMARY KEY,
    name          text NOT NULL,
    url           text NOT NULL,
    format        text NOT NULL,
    everything    boolean NOT NULL,
    agency_id     uuid,
    kinds         text NOT NULL,
    paused        boolean NOT NULL,
    note          text NOT NULL,
    secret        text NOT NULL,
    old_secret    text NOT NULL,
    old_until     timestamptz,
    created_at    timestamptz NOT NULL,
    created_by    text NOT NULL,
    position      bigint NOT NULL,
    delivered     bigint NOT NULL,
    delivered_at  timestamptz,
    failures      integer NOT NULL,
    retry_at      timestamptz NOT NULL,
    last_error    text NOT NULL,
    last_error_at timestamptz,
    turn          bigint NOT NULL,
    held_until    timestamptz NOT NULL
);

CREATE TABLE held_dossiers (
    receiver_id uuid NOT NULL,
    dossier_id  uuid NOT NULL,
    seq         integer NOT NULL,
    since       timestamptz NOT NULL,
    failures    integer NOT NULL,
    retry_at    timestamptz NOT NULL,
    last_error  text NOT NULL,
    PRIMARY KEY (receiver_id, dossier_id)
);
CREATE INDEX held_dossiers_due ON held_dossiers (receiver_id, retry_at);
