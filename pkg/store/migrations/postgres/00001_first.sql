-- Times are timestamptz, identifiers uuid. Text that is compared or ordered has the collation "C", so that paths and codes can be
-- found by their beginning through an index and order as they do on SQLite. Documents are text, not jsonb: their bytes count.

-- +goose Up
CREATE TABLE agencies (
    id         uuid NOT NULL PRIMARY KEY,
    code       text COLLATE "C" NOT NULL,
    name       text NOT NULL,
    short_name text NOT NULL,
    kind       text NOT NULL,
    level      text NOT NULL,
    parent_id  uuid REFERENCES agencies (id),
    path       text COLLATE "C" NOT NULL,
    identifier text COLLATE "C" NOT NULL,
    calendar   text NOT NULL,
    valid_from text COLLATE "C" NOT NULL,
    valid_to   text COLLATE "C" NOT NULL,
    name_fold  text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX agencies_code ON agencies (code, valid_from);
CREATE UNIQUE INDEX agencies_path ON agencies (path);
CREATE INDEX agencies_parent ON agencies (parent_id);
CREATE INDEX agencies_identifier ON agencies (identifier);

CREATE TABLE agency_successions (
    predecessor_id uuid NOT NULL REFERENCES agencies (id),
    successor_id   uuid NOT NULL REFERENCES agencies (id),
    happened_on    text NOT NULL,
    PRIMARY KEY (predecessor_id, successor_id)
);
CREATE INDEX agency_successions_successor ON agency_successions (successor_id);

CREATE TABLE calendars (
    name        text NOT NULL,
    revision    integer NOT NULL,
    definition  text NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    PRIMARY KEY (name, revision)
);

-- One row for each procedure: what lists are filtered by, of the version in force. The content itself is in its version.
CREATE TABLE procedures (
    id               uuid NOT NULL PRIMARY KEY,
    code             text COLLATE "C" NOT NULL,
    version          integer NOT NULL,
    version_id       uuid NOT NULL,
    name             text NOT NULL,
    field            text NOT NULL,
    field_code       text NOT NULL,
    home_level       text NOT NULL,
    levels           text NOT NULL,
    agencies_fold    text NOT NULL,
    interconnections text NOT NULL,
    online_level     text NOT NULL,
    status           text NOT NULL,
    on_the_spot      boolean NOT NULL,
    shared           boolean NOT NULL,
    shortened        boolean NOT NULL,
    needs_review     boolean NOT NULL,
    search_fold      text NOT NULL,
    content_sha256   text NOT NULL,
    changed_at       timestamptz NOT NULL
);
CREATE UNIQUE INDEX procedures_code ON procedures (code);

CREATE TABLE procedure_versions (
    id             uuid NOT NULL PRIMARY KEY,
    procedure_id   uuid NOT NULL REFERENCES procedures (id),
    version        integer NOT NULL,
    content        text NOT NULL,
    content_sha256 text NOT NULL,
    recorded_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX procedure_versions_version ON procedure_versions (procedure_id, version);

-- Every deadline that the version in force names, so that a list can be filtered by it.
CREATE TABLE procedure_terms (
    procedure_id uuid NOT NULL REFERENCES procedures (id),
    unit         text NOT NULL,
    value        double precision NOT NULL,
    PRIMARY KEY (procedure_id, unit, value)
);

CREATE TABLE users (
    id            uuid NOT NULL PRIMARY KEY,
    username      text COLLATE "C" NOT NULL,
    name          text NOT NULL,
    role          text NOT NULL,
    agency_id     uuid NOT NULL REFERENCES agencies (id),
    password_hash text NOT NULL,
    disabled      boolean NOT NULL,
    created_at    timestamptz NOT NULL,
    search_fold   text NOT NULL
);
CREATE UNIQUE INDEX users_username ON users (username);

CREATE TABLE tokens (
    id         uuid NOT NULL PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id),
    name       text NOT NULL,
    hash       text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
CREATE INDEX tokens_user ON tokens (user_id);

CREATE TABLE idempotency_keys (
    actor_id    uuid NOT NULL,
    key         text NOT NULL,
    fingerprint text NOT NULL,
    claimed_at  timestamptz NOT NULL,
    status      integer NOT NULL,
    header      text NOT NULL,
    body        bytea NOT NULL,
    PRIMARY KEY (actor_id, key)
);
CREATE INDEX idempotency_keys_claimed ON idempotency_keys (claimed_at);

-- One row for each dossier: what lists and reports ask for, and the whole of it as a document. All of it follows from the journal.
CREATE TABLE dossiers (
    id                 uuid NOT NULL PRIMARY KEY,
    code               text COLLATE "C" NOT NULL,
    procedure_id       uuid REFERENCES procedures (id),
    procedure_version  integer NOT NULL,
    procedure_code     text COLLATE "C" NOT NULL,
    field              text COLLATE "C" NOT NULL,
    level              text NOT NULL,
    channel            text NOT NULL,
    receiving_id       uuid NOT NULL REFERENCES agencies (id),
    deciding_id        uuid NOT NULL REFERENCES agencies (id),
    holder_id          uuid NOT NULL REFERENCES agencies (id),
    state              text NOT NULL,
    step_no            integer NOT NULL,
    submitted_at       timestamptz NOT NULL,
    accept_by          timestamptz,
    accepted_at        timestamptz,
    finished_at        timestamptz,
    over_at            timestamptz NOT NULL,
    returned_at        timestamptz,
    suspended_at       timestamptz,
    paused_until       timestamptz,
    promised_at        timestamptz,
    due_at             timestamptz,
    on_time_from       timestamptz,
    late_from          timestamptz,
    warn_at            timestamptz,
    escalate_at        timestamptz,
    first_on_time_from timestamptz,
    first_late_from    timestamptz,
    applicant_fold     text COLLATE "C" NOT NULL,
    source_system      text,
    source_key         text,
    version            integer NOT NULL,
    head               text NOT NULL,
    body               text NOT NULL
);
CREATE INDEX dossiers_submitted ON dossiers (submitted_at, id);
CREATE INDEX dossiers_over ON dossiers (over_at);
-- Documents stand apart from the rows, so that a report that reads all rows does not read all documents.
ALTER TABLE dossiers SET (toast_tuple_target = 256);
CREATE INDEX dossiers_receiving ON dossiers (receiving_id, submitted_at, id);
CREATE INDEX dossiers_deciding ON dossiers (deciding_id, submitted_at, id);
CREATE INDEX dossiers_holder ON dossiers (holder_id, submitted_at, id);
CREATE INDEX dossiers_late ON dossiers (late_from, id) WHERE finished_at IS NULL;
CREATE INDEX dossiers_warn ON dossiers (warn_at) WHERE finished_at IS NULL;
CREATE INDEX dossiers_accept_by ON dossiers (accept_by) WHERE accept_by IS NOT NULL;

-- Codes and foreign keys stand in tables of their own: they must be unique among all dossiers, wherever a dossier's row is kept.
CREATE TABLE dossier_codes (
    code       text COLLATE "C" NOT NULL PRIMARY KEY,
    dossier_id uuid NOT NULL
);

CREATE TABLE dossier_sources (
    source_system text NOT NULL,
    source_key    text NOT NULL,
    dossier_id    uuid NOT NULL,
    PRIMARY KEY (source_system, source_key)
);

CREATE TABLE dossier_counters (
    identifier text NOT NULL,
    day        text NOT NULL,
    last       integer NOT NULL,
    PRIMARY KEY (identifier, day)
);

-- The journal. No foreign key leads out of it: it outlives what it speaks of.
CREATE TABLE dossier_events (
    dossier_id  uuid NOT NULL,
    seq         integer NOT NULL,
    kind        text NOT NULL,
    at          timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    by_id       uuid NOT NULL,
    by_name     text NOT NULL,
    by_role     text NOT NULL,
    by_agency   uuid NOT NULL,
    facts       text NOT NULL,
    prev        text NOT NULL,
    hash        text NOT NULL,
    PRIMARY KEY (dossier_id, seq)
);

-- What is derived from the journal leads nowhere by foreign key: it is written beside the dossier, and verified against the journal.
CREATE TABLE dossier_promises (
    dossier_id   uuid NOT NULL,
    no           integer NOT NULL,
    kind         text NOT NULL,
    made_at      timestamptz NOT NULL,
    from_at      timestamptz NOT NULL,
    until_at     timestamptz,
    due_at       timestamptz NOT NULL,
    on_time_from timestamptz NOT NULL,
    late_from    timestamptz NOT NULL,
    PRIMARY KEY (dossier_id, no)
);

CREATE TABLE dossier_pauses (
    dossier_id uuid NOT NULL,
    no         integer NOT NULL,
    cause      text NOT NULL,
    from_at    timestamptz NOT NULL,
    to_at      timestamptz,
    PRIMARY KEY (dossier_id, no)
);

CREATE TABLE dossier_steps (
    dossier_id  uuid NOT NULL,
    no          integer NOT NULL,
    name        text NOT NULL,
    agency_id   uuid NOT NULL,
    role        text NOT NULL,
    started_at  timestamptz,
    due_at      timestamptz,
    late_from   timestamptz,
    warn_at     timestamptz,
    escalate_at timestamptz,
    taken_at    timestamptz,
    taken_by    uuid,
    done_at     timestamptz,
    done_by     uuid,
    PRIMARY KEY (dossier_id, no)
);
CREATE INDEX dossier_steps_warn ON dossier_steps (warn_at) WHERE done_at IS NULL AND warn_at IS NOT NULL;

CREATE TABLE alerts (
    dossier_id      uuid NOT NULL,
    step_no         integer NOT NULL,
    kind            text NOT NULL,
    audience        text NOT NULL,
    due_at          timestamptz NOT NULL,
    id              uuid NOT NULL,
    agency_id       uuid NOT NULL REFERENCES agencies (id),
    user_id         uuid,
    raised_at       timestamptz NOT NULL,
    acknowledged_at timestamptz,
    acknowledged_by text,
    PRIMARY KEY (dossier_id, step_no, kind, audience, due_at)
);
CREATE INDEX alerts_id ON alerts (id);
CREATE INDEX alerts_raised ON alerts (raised_at, id);
CREATE INDEX alerts_agency ON alerts (agency_id, raised_at, id);

CREATE TABLE job_runs (
    job         text COLLATE "C" NOT NULL,
    slot        timestamptz NOT NULL,
    holder      text NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    outcome     text NOT NULL,
    detail      text NOT NULL,
    PRIMARY KEY (job, slot)
);

-- +goose StatementBegin
CREATE FUNCTION keep_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER dossier_events_keep BEFORE UPDATE OR DELETE ON dossier_events FOR EACH ROW EXECUTE FUNCTION keep_journal();
CREATE TRIGGER dossier_events_stay BEFORE TRUNCATE ON dossier_events FOR EACH STATEMENT EXECUTE FUNCTION keep_journal();
