-- Receivers of the events outside, each with how far it got in the log over all journals, and the dossiers that are held back for one.

-- +goose Up
CREATE TABLE receivers (
    id            text NOT NULL PRIMARY KEY,
    name          text NOT NULL,
    url           text NOT NULL,
    format        text NOT NULL,
    everything    boolean NOT NULL,
    agency_id     text,
    kinds         text NOT NULL,
    paused        boolean NOT NULL,
    note          text NOT NULL,
    secret        text NOT NULL,
    old_secret    text NOT NULL,
    old_until     datetime,
    created_at    datetime NOT NULL,
    created_by    text NOT NULL,
    position      integer NOT NULL,
    delivered     integer NOT NULL,
    delivered_at  datetime,
    failures      integer NOT NULL,
    retry_at      datetime NOT NULL,
    last_error    text NOT NULL,
    last_error_at datetime,
    turn          integer NOT NULL,
    held_until    datetime NOT NULL
);

CREATE TABLE held_dossiers (
    receiver_id text NOT NULL,
    dossier_id  text NOT NULL,
    seq         integer NOT NULL,
    since       datetime NOT NULL,
    failures    integer NOT NULL,
    retry_at    datetime NOT NULL,
    last_error  text NOT NULL,
    PRIMARY KEY (receiver_id, dossier_id)
);
CREATE INDEX held_dossiers_due ON held_dossiers (receiver_id, retry_at);
