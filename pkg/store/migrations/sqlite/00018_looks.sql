-- The log is signed again at least every hour, whether it has grown or not, and says until when it was known to hold all that was recorded. What
-- is only ever added can no longer be replaced either.

-- +goose Up
CREATE TABLE ledger_checkpoints_now (
    size       integer  NOT NULL,
    signed_at  datetime NOT NULL,
    signed     text     NOT NULL,
    public_key text     NOT NULL,
    sent_at    datetime,
    looked_at  datetime,
    PRIMARY KEY (size, signed_at)
) WITHOUT ROWID;
INSERT INTO ledger_checkpoints_now SELECT size, signed_at, signed, public_key, sent_at, signed_at FROM ledger_checkpoints;
DROP TABLE ledger_checkpoints;
ALTER TABLE ledger_checkpoints_now RENAME TO ledger_checkpoints;

-- +goose StatementBegin
CREATE TRIGGER ledger_checkpoints_keep BEFORE UPDATE ON ledger_checkpoints
WHEN NEW.size <> OLD.size OR NEW.signed_at <> OLD.signed_at OR NEW.signed <> OLD.signed OR NEW.public_key <> OLD.public_key
    OR OLD.sent_at IS NOT NULL AND NEW.sent_at IS NOT OLD.sent_at OR OLD.looked_at IS NOT NULL AND (NEW.looked_at < OLD.looked_at OR NEW.looked_at IS NULL)
BEGIN
    SELECT RAISE (ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_checkpoints_stay BEFORE DELETE ON ledger_checkpoints
BEGIN
    SELECT RAISE (ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd

-- INSERT OR REPLACE takes a row out past the triggers on DELETE.
-- +goose StatementBegin
CREATE TRIGGER dossier_events_once BEFORE INSERT ON dossier_events
WHEN EXISTS (SELECT 1 FROM dossier_events WHERE dossier_id = NEW.dossier_id AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM dossier_events WHERE rowid = NEW.rowid)
BEGIN
    SELECT RAISE (ABORT, 'it stands there already');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rule_sets_once BEFORE INSERT ON rule_sets
WHEN EXISTS (SELECT 1 FROM rule_sets WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM rule_sets WHERE rowid = NEW.rowid)
BEGIN
    SELECT RAISE (ABORT, 'it stands there already');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendars_once BEFORE INSERT ON calendars
WHEN EXISTS (SELECT 1 FROM calendars WHERE name = NEW.name AND revision = NEW.revision)
    OR EXISTS (SELECT 1 FROM calendars WHERE rowid = NEW.rowid)
BEGIN
    SELECT RAISE (ABORT, 'it stands there already');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER procedure_versions_once BEFORE INSERT ON procedure_versions
WHEN EXISTS (SELECT 1 FROM procedure_versions WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM procedure_versions WHERE procedure_id = NEW.procedure_id AND version = NEW.version)
    OR EXISTS (SELECT 1 FROM procedure_versions WHERE rowid = NEW.rowid)
BEGIN
    SELECT RAISE (ABORT, 'it stands there already');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_leaves_once BEFORE INSERT ON ledger_leaves
WHEN EXISTS (SELECT 1 FROM ledger_leaves WHERE idx = NEW.idx)
    OR EXISTS (SELECT 1 FROM ledger_leaves WHERE dossier_id = NEW.dossier_id AND seq = NEW.seq)
BEGIN
    SELECT RAISE (ABORT, 'it stands there already');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_hashes_once BEFORE INSERT ON ledger_hashes
WHEN EXISTS (SELECT 1 FROM ledger_hashes WHERE idx = NEW.idx)
BEGIN
    SELECT RAISE (ABORT, 'it stands there already');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_checkpoints_once BEFORE INSERT ON ledger_checkpoints
WHEN EXISTS (SELECT 1 FROM ledger_checkpoints WHERE size = NEW.size AND signed_at = NEW.signed_at)
BEGIN
    SELECT RAISE (ABORT, 'it stands there already');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER person_accesses_once BEFORE INSERT ON person_accesses
WHEN EXISTS (SELECT 1 FROM person_accesses WHERE id = NEW.id)
BEGIN
    SELECT RAISE (ABORT, 'it stands there already');
END;
-- +goose StatementEnd
