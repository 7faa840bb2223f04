-- Which bytes lie in the archive, and until when they wait to be attached to a dossier. What is attached is the journal's to say.

-- +goose Up
CREATE TABLE archived_files (
    sha256      text     NOT NULL PRIMARY KEY,
    size        integer  NOT NULL,
    held_until  datetime NOT NULL,
    attached_at datetime
) WITHOUT ROWID;
CREATE INDEX archived_files_waiting ON archived_files (held_until) WHERE attached_at IS NULL;
CREATE INDEX dossier_events_files ON dossier_events (dossier_id, seq) WHERE kind = 'FILE_ATTACHED';
