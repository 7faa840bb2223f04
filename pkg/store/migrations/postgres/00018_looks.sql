-- The log is signed again at least every hour, whether it has grown or not, and says until when it was known to hold all that was recorded.

-- +goose Up
ALTER TABLE ledger_checkpoints DROP CONSTRAINT ledger_checkpoints_pkey;
ALTER TABLE ledger_checkpoints ADD PRIMARY KEY (size, signed_at);
ALTER TABLE ledger_checkpoints ADD COLUMN looked_at timestamptz;
UPDATE ledger_checkpoints SET looked_at = signed_at;

CREATE TRIGGER ledger_checkpoints_keep BEFORE UPDATE ON ledger_checkpoints FOR EACH ROW
    WHEN (NEW.size <> OLD.size OR NEW.signed_at <> OLD.signed_at OR NEW.signed <> OLD.signed OR NEW.public_key <> OLD.public_key
        OR OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at
        OR OLD.looked_at IS NOT NULL AND (NEW.looked_at < OLD.looked_at OR NEW.looked_at IS NULL))
    EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER ledger_checkpoints_last BEFORE DELETE ON ledger_checkpoints FOR EACH ROW EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER ledger_checkpoints_stay BEFORE TRUNCATE ON ledger_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION keep_ledger();
