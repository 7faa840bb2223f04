-- Rule sets, calendars and versions of procedures are law as it was on a day: they are only ever added.

-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER rule_sets_keep BEFORE UPDATE ON rule_sets
BEGIN
    SELECT RAISE (ABORT, 'rules, calendars and versions are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rule_sets_stay BEFORE DELETE ON rule_sets
BEGIN
    SELECT RAISE (ABORT, 'rules, calendars and versions are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendars_keep BEFORE UPDATE ON calendars
BEGIN
    SELECT RAISE (ABORT, 'rules, calendars and versions are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendars_stay BEFORE DELETE ON calendars
BEGIN
    SELECT RAISE (ABORT, 'rules, calendars and versions are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER procedure_versions_keep BEFORE UPDATE ON procedure_versions
BEGIN
    SELECT RAISE (ABORT, 'rules, calendars and versions are append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER procedure_versions_stay BEFORE DELETE ON procedure_versions
BEGIN
    SELECT RAISE (ABORT, 'rules, calendars and versions are append-only');
END;
-- +goose StatementEnd
