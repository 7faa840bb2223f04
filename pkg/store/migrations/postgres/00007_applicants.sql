-- Whose dossiers are whose: an index by a keyed digest of the number, and the record of who looked for whom.

-- +goose Up
CREATE TABLE dossier_persons (
    dossier_id uuid NOT NULL,
    no         integer NOT NULL,
    digest     text COLLATE "C" NOT NULL,
    PRIMARY KEY (dossier_id, no)
);
CREATE INDEX dossier_persons_digest ON dossier_persons (digest, dossier_id);

-- The program draws the key and enters the dossiers that are there already: SQL knows no keyed digest.
CREATE TABLE person_key (
    id      integer NOT NULL PRIMARY KEY,
    key     bytea NOT NULL,
    indexed boolean NOT NULL
);

CREATE TABLE person_accesses (
    id        uuid NOT NULL PRIMARY KEY,
    at        timestamptz NOT NULL,
    act       text NOT NULL,
    digest    text COLLATE "C" NOT NULL,
    purpose   text NOT NULL,
    by_id     uuid NOT NULL,
    by_name   text NOT NULL,
    by_role   text NOT NULL,
    by_agency uuid NOT NULL
);
CREATE INDEX person_accesses_at ON person_accesses (at, id);
CREATE INDEX person_accesses_digest ON person_accesses (digest, at, id);

-- +goose StatementBegin
CREATE FUNCTION keep_accesses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of accesses is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER person_accesses_keep BEFORE UPDATE OR DELETE ON person_accesses FOR EACH ROW EXECUTE FUNCTION keep_accesses();
CREATE TRIGGER person_accesses_stay BEFORE TRUNCATE ON person_accesses FOR EACH STATEMENT EXECUTE FUNCTION keep_accesses();
