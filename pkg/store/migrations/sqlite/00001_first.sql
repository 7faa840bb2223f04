-- Times are INTEGER microseconds since 1970 in columns declared datetime (the driver turns them back by that name), identifiers are
-- text. Tables of narrow rows are WITHOUT ROWID; those with a document in them are not, since a document would bloat the tree.

-- +goose Up
CREATE TABLE agencies (
    id         text NOT NULL PRIMARY KEY,
    code       text NOT NULL,
    name       text NOT NULL,
    short_name text NOT NULL,
    kind       text NOT NULL,
    level      text NOT NULL,
    parent_id  text REFERENCES agencies (id),
    path       text NOT NULL,
    identifier text NOT NULL,
    calendar   text NOT NULL,
    valid_from text NOT NULL,
    valid_to   text NOT NULL,
    name_fold  text NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX agencies_code ON agencies (code, valid_from);
CREATE UNIQUE INDEX agencies_path ON agencies (path);
CREATE INDEX agencies_parent ON agencies (parent_id);
CREATE INDEX agencies_identifier ON agencies (identifier);

CREATE TABLE agency_successions (
    predecessor_id text NOT NULL REFERENCES agencies (id),
    successor_id   text NOT NULL REFERENCES agencies (id),
    happened_on    text NOT NULL,
    PRIMARY KEY (predecessor_id, successor_id)
) WITHOUT ROWID;
CREATE INDEX agency_successions_successor ON agency_successions (successor_id);

CREATE TABLE calendars (
    name        text     NOT NULL,
    revision    integer  NOT NULL,
    definition  text     NOT NULL,
    recorded_at datetime NOT NULL,
    recorded_by text     NOT NULL,
    PRIMARY KEY (name, revision)
);

-- One row for each procedure: what lists are filtered by, of the version in force. The content itself is in its version.
CREATE TABLE procedures (
    id               text     NOT NULL PRIMARY KEY,
    code             text     NOT NULL,
    version          integer  NOT NULL,
    version_id       text     NOT NULL,
    name             text     NOT NULL,
    field            text     NOT NULL,
    field_code       text     NOT NULL,
    home_level       text     NOT NULL,
    levels           text     NOT NULL,
    agencies_fold    text     NOT NULL,
    interconnections text     NOT NULL,
    online_level     text     NOT NULL,
    status           text     NOT NULL,
    on_the_spot      boolean  NOT NULL,
    shared           boolean  NOT NULL,
    shortened        boolean  NOT NULL,
    needs_review     boolean  NOT NULL,
    search_fold      text     NOT NULL,
    content_sha256   text     NOT NULL,
    changed_at       datetime NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX procedures_code ON procedures (code);

CREATE TABLE procedure_versions (
    id             text     NOT NULL PRIMARY KEY,
    procedure_id   text     NOT NULL REFERENCES procedures (id),
    version        integer  NOT NULL,
    content        text     NOT NULL,
    content_sha256 text     NOT NULL,
    recorded_at    datetime NOT NULL
);
CREATE UNIQUE INDEX procedure_versions_version ON procedure_versions (procedure_id, version);

-- Every deadline that the version in force names, so that a list can be filtered by it.
CREATE TABLE procedure_terms (
    procedure_id text NOT NULL REFERENCES procedures (id),
    unit         text NOT NULL,
    value        real NOT NULL,
    PRIMARY KEY (procedure_id, unit, value)
) WITHOUT ROWID;

CREATE TABLE users (
    id            text     NOT NULL PRIMARY KEY,
    username      text     NOT NULL,
    name          text     NOT NULL,
    role          text     NOT NULL,
    agency_id     text     NOT NULL REFERENCES agencies (id),
    password_hash text     NOT NULL,
    disabled      boolean  NOT NULL,
    created_at    datetime NOT NULL,
    search_fold   text     NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX users_username ON users (username);

CREATE TABLE tokens (
    id         text     NOT NULL PRIMARY KEY,
    user_id    text     NOT NULL REFERENCES users (id),
    name       text     NOT NULL,
    hash       text     NOT NULL,
    created_at datetime NOT NULL,
    expires_at datetime,
    revoked_at datetime
) WITHOUT ROWID;
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE idempotency_keys (
    actor_id    text     NOT NULL,
    key         text     NOT NULL,
    fingerprint text     NOT NULL,
    claimed_at  datetime NOT NULL,
    status      integer  NOT NULL,
    header      text     NOT NULL,
    body        blob     NOT NULL,
    PRIMARY KEY (actor_id, key)
);
CREATE INDEX idempotency_keys_claimed ON idempotency_keys (claimed_at);

-- One row for each dossier: what lists and reports ask for, and the whole of it as a document. All of it follows from the journal.
CREATE TABLE dossiers (
    id                 text     NOT NULL PRIMARY KEY,
    code               text     NOT NULL,
    procedure_id       text     REFERENCES procedures (id),
    procedure_version  integer  NOT NULL,
    procedure_code     text     NOT NULL,
    field              text     NOT NULL,
    level              text     NOT NULL,
    channel            text     NOT NULL,
    receiving_id       text     NOT NULL REFERENCES agencies (id),
    deciding_id        text     NOT NULL REFERENCES agencies (id),
    holder_id          text     NOT NULL REFERENCES agencies (id),
    state              text     NOT NULL,
    step_no            integer  NOT NULL,
    submitted_at       datetime NOT NULL,
    accept_by          datetime,
    accepted_at        datetime,
    finished_at        datetime,
    over_at            datetime NOT NULL,
    returned_at        datetime,
    suspended_at       datetime,
    paused_until       datetime,
    promised_at        datetime,
    due_at             datetime,
    on_time_from       datetime,
    late_from          datetime,
    warn_at            datetime,
    escalate_at        datetime,
    first_on_time_from datetime,
    first_late_from    datetime,
    applicant_fold     text     NOT NULL,
    source_system      text,
    source_key         text,
    version            integer  NOT NULL,
    head               text     NOT NULL,
    body               text     NOT NULL
);
CREATE INDEX dossiers_submitted ON dossiers (submitted_at, id);
-- A report, or a search for a name, reads only this index and never the documents. It begins with the end of processing, since most reports speak of the last
-- weeks of many years.
CREATE INDEX dossiers_report ON dossiers (
    over_at, accepted_at, state, submitted_at, deciding_id, receiving_id, holder_id, on_time_from, late_from, first_late_from,
    suspended_at, paused_until, promised_at, field, procedure_code, level, channel, source_system, applicant_fold, id
);
CREATE INDEX dossiers_receiving ON dossiers (receiving_id, submitted_at, id);
CREATE INDEX dossiers_deciding ON dossiers (deciding_id, submitted_at, id);
CREATE INDEX dossiers_holder ON dossiers (holder_id, submitted_at, id);
CREATE INDEX dossiers_late ON dossiers (late_from, id) WHERE finished_at IS NULL;
CREATE INDEX dossiers_warn ON dossiers (warn_at) WHERE finished_at IS NULL;
CREATE INDEX dossiers_accept_by ON dossiers (accept_by) WHERE accept_by IS NOT NULL;

-- Codes and foreign keys stand in tables of their own: they must be unique among all dossiers, wherever a dossier's row is kept.
CREATE TABLE dossier_codes (
    code       text NOT NULL PRIMARY KEY,
    dossier_id text NOT NULL
) WITHOUT ROWID;

CREATE TABLE dossier_sources (
    source_system text NOT NULL,
    source_key    text NOT NULL,
    dossier_id    text NOT NULL,
    PRIMARY KEY (source_system, source_key)
) WITHOUT ROWID;

CREATE TABLE dossier_counters (
    identifier text    NOT NULL,
    day        text    NOT NULL,
    last       integer NOT NULL,
    PRIMARY KEY (identifier, day)
) WITHOUT ROWID;

-- The journal. No foreign key leads out of it: it outlives what it speaks of.
CREATE TABLE dossier_events (
    dossier_id  text     NOT NULL,
    seq         integer  NOT NULL,
    kind        text     NOT NULL,
    at          datetime NOT NULL,
    recorded_at datetime NOT NULL,
    by_id       text     NOT NULL,
    by_name     text     NOT NULL,
    by_role     text     NOT NULL,
    by_agency   text     NOT NULL,
    facts       text     NOT NULL,
    prev        text     NOT NULL,
    hash        text     NOT NULL,
    PRIMARY KEY (dossier_id, seq)
);

-- What is derived from the journal leads nowhere by foreign key: it is written beside the dossier, and verified against the journal.
CREATE TABLE dossier_promises (
    dossier_id   text     NOT NULL,
    no           integer  NOT NULL,
    kind         text     NOT NULL,
    made_at      datetime NOT NULL,
    from_at      datetime NOT NULL,
    until_at     datetime,
    due_at       datetime NOT NULL,
    on_time_from datetime NOT NULL,
    late_from    datetime NOT NULL,
    PRIMARY KEY (dossier_id, no)
) WITHOUT ROWID;

CREATE TABLE dossier_pauses (
    dossier_id text     NOT NULL,
    no         integer  NOT NULL,
    cause      text     NOT NULL,
    from_at    datetime NOT NULL,
    to_at      datetime,
    PRIMARY KEY (dossier_id, no)
) WITHOUT ROWID;

CREATE TABLE dossier_steps (
    dossier_id  text     NOT NULL,
    no          integer  NOT NULL,
    name        text     NOT NULL,
    agency_id   text     NOT NULL,
    role        text     NOT NULL,
    started_at  datetime,
    due_at      datetime,
    late_from   datetime,
    warn_at     datetime,
    escalate_at datetime,
    taken_at    datetime,
    taken_by    text,
    done_at     datetime,
    done_by     text,
    PRIMARY KEY (dossier_id, no)
) WITHOUT ROWID;
CREATE INDEX dossier_steps_warn ON dossier_steps (warn_at) WHERE done_at IS NULL AND warn_at IS NOT NULL;

CREATE TABLE alerts (
    dossier_id      text     NOT NULL,
    step_no         integer  NOT NULL,
    kind            text     NOT NULL,
    audience        text     NOT NULL,
    due_at          datetime NOT NULL,
    id              text     NOT NULL,
    agency_id       text     NOT NULL REFERENCES agencies (id),
    user_id         text,
    raised_at       datetime NOT NULL,
    acknowledged_at datetime,
    acknowledged_by text,
    PRIMARY KEY (dossier_id, step_no, kind, audience, due_at)
) WITHOUT ROWID;
CREATE INDEX alerts_id ON alerts (id);
CREATE INDEX alerts_raised ON alerts (raised_at, id);
CREATE INDEX alerts_agency ON alerts (agency_id, raised_at, id);

CREATE TABLE job_runs (
    job         text     NOT NULL,
    slot        datetime NOT NULL,
    holder      text     NOT NULL,
    started_at  datetime NOT NULL,
    finished_at datetime,
    outcome     text     NOT NULL,
    detail      text     NOT NULL,
    PRIMARY KEY (job, slot)
) WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER dossier_events_keep BEFORE UPDATE ON dossier_events
BEGIN
    SELECT RAISE (ABORT, 'the journal is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_events_stay BEFORE DELETE ON dossier_events
BEGIN
    SELECT RAISE (ABORT, 'the journal is append-only');
END;
-- +goose StatementEnd
