-- Whose dossiers are whose: an index by a keyed digest of the number, and the record of who looked for whom.

-- +goose Up
CREATE TABLE dossier_persons (
    dossier_id text    NOT NULL,
    no         integer NOT NULL,
    digest     text    NOT NULL,
    PRIMARY KEY (dossier_id, no)
) WITHOUT ROWID;
CREATE INDEX dossier_persons_digest ON dossier_persons (digest, dossier_id);

-- The program draws the key and enters the dossiers that are there already: SQL knows no keyed digest.
CREATE TABLE person_key (
    id      integer NOT NULL PRIMARY KEY,
    key     blob    NOT NULL,
    indexed boolean NOT NULL
) WITHOUT ROWID;

CREATE TABLE person_accesses (
    id        text     NOT NULL PRIMARY KEY,
    at        datetime NOT NULL,
    act       text     NOT NULL,
    digest    text     NOT NULL,
    purpose   text     NOT NULL,
    by_id     text     NOT NULL,
    by_name   text     NOT NULL,
    by_role   text     NOT NULL,
    by_agency text     NOT NULL
) WITHOUT ROWID;
CREATE INDEX person_accesses_at ON person_accesses (at, id);
CREATE INDEX person_accesses_digest ON person_accesses (digest, at, id);

-- +goose StatementBegin
CREATE TRIGGER person_accesses_keep BEFORE UPDATE ON person_accesses
BEGIN
    SELECT RAISE (ABORT, 'the record of accesses is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER person_accesses_stay BEFORE DELETE ON person_accesses
BEGIN
    SELECT RAISE (ABORT, 'the record of accesses is append-only');
END;
-- +goose StatementEnd
