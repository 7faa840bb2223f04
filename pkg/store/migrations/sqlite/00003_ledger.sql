-- One log over all journals (RFC 6962): its entries, the hashes of its tree, and the checkpoints that were signed.

-- +goose Up
CREATE INDEX dossier_events_recorded ON dossier_events (recorded_at);

CREATE TABLE ledger_leaves (
    idx        integer  NOT NULL PRIMARY KEY,
    dossier_id text     NOT NULL,
    seq        integer  NOT NULL,
    event_hash text     NOT NULL,
    entered_at datetime NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX ledger_leaves_event ON ledger_leaves (dossier_id, seq);

CREATE TABLE ledger_hashes (
    idx  integer NOT NULL PRIMARY KEY,
    hash blob    NOT NULL
) WITHOUT ROWID;

CREATE TABLE ledger_checkpoints (
    size       integer  NOT NULL PRIMARY KEY,
    signed_at  datetime NOT NULL,
    signed     text     NOT NULL,
    public_key text     NOT NULL,
    sent_at    datetime
) WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER ledger_leaves_keep BEFORE UPDATE ON ledger_leaves
BEGIN
    SELECT RAISE (ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_leaves_stay BEFORE DELETE ON ledger_leaves
BEGIN
    SELECT RAISE (ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_hashes_keep BEFORE UPDATE ON ledger_hashes
BEGIN
    SELECT RAISE (ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_hashes_stay BEFORE DELETE ON ledger_hashes
BEGIN
    SELECT RAISE (ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
