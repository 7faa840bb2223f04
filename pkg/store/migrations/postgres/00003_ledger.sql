-- One log over all journals (RFC 6962): its entries, the hashes of its tree, and the checkpoints that were signed.

-- +goose Up
CREATE INDEX dossier_events_recorded ON dossier_events (recorded_at);

CREATE TABLE ledger_leaves (
    idx        bigint NOT NULL PRIMARY KEY,
    dossier_id uuid NOT NULL,
    seq        integer NOT NULL,
    event_hash text NOT NULL,
    entered_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX ledger_leaves_event ON ledger_leaves (dossier_id, seq);

CREATE TABLE ledger_hashes (
    idx  bigint NOT NULL PRIMARY KEY,
    hash bytea NOT NULL
);

CREATE TABLE ledger_checkpoints (
    size       bigint NOT NULL PRIMARY KEY,
    signed_at  timestamptz NOT NULL,
    signed     text NOT NULL,
    public_key text NOT NULL,
    sent_at    timestamptz
);

-- +goose StatementBegin
CREATE FUNCTION keep_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER ledger_leaves_keep BEFORE UPDATE OR DELETE ON ledger_leaves FOR EACH ROW EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER ledger_leaves_stay BEFORE TRUNCATE ON ledger_leaves FOR EACH STATEMENT EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER ledger_hashes_keep BEFORE UPDATE OR DELETE ON ledger_hashes FOR EACH ROW EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER ledger_hashes_stay BEFORE TRUNCATE ON ledger_hashes FOR EACH STATEMENT EXECUTE FUNCTION keep_ledger();
