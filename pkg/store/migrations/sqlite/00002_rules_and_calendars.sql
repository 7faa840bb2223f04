-- Rules become data that an administrator adds to; calendars inherit from each other; a change of a calendar moves open dossiers.

-- +goose Up
-- Sets of deadline rules. A set never changes: dossiers name it by its id for ever.
CREATE TABLE rule_sets (
    id             text     NOT NULL PRIMARY KEY,
    effective_from text     NOT NULL,
    definition     text     NOT NULL,
    recorded_at    datetime NOT NULL,
    recorded_by    text     NOT NULL
);

-- What was written (a calendar that inherits says only what is its own), beside the definition that it came to.
ALTER TABLE calendars ADD COLUMN written text NOT NULL DEFAULT '';
ALTER TABLE calendars ADD COLUMN inherits text NOT NULL DEFAULT '';
ALTER TABLE calendars ADD COLUMN act text NOT NULL DEFAULT '';
UPDATE calendars SET written = definition;

-- The calendar that an own dossier's dates are reckoned by, '' while there is none.
ALTER TABLE dossiers ADD COLUMN calendar text NOT NULL DEFAULT '';
UPDATE dossiers SET calendar = COALESCE(json_extract(body, '$.basis.calendar'), '') WHERE source_system IS NULL;
CREATE INDEX dossiers_calendar ON dossiers (calendar, id) WHERE finished_at IS NULL;

-- How far the open dossiers have followed a revision of their calendar.
CREATE TABLE replans (
    calendar    text     NOT NULL,
    revision    integer  NOT NULL,
    begun_at    datetime NOT NULL,
    begun_by    text     NOT NULL,
    reached     text     NOT NULL,
    checked     integer  NOT NULL,
    moved       integer  NOT NULL,
    later       integer  NOT NULL,
    earlier     integer  NOT NULL,
    became_late integer  NOT NULL,
    holder      text     NOT NULL,
    held_until  datetime NOT NULL,
    finished_at datetime,
    PRIMARY KEY (calendar, revision)
) WITHOUT ROWID;
