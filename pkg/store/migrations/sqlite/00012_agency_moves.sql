-- Where agencies stood before they were put under another one: who might do what in a dossier is judged by the day of the act.

-- +goose Up
CREATE TABLE agency_moves (
    agency_id text     NOT NULL REFERENCES agencies (id),
    moved_at  datetime NOT NULL,
    path      text     NOT NULL,
    PRIMARY KEY (agency_id, moved_at)
) WITHOUT ROWID;
