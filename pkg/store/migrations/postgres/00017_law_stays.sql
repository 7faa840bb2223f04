-- Rule sets, calendars and versions of procedures are law as it was on a day: they are only ever added.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION keep_law() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rules, calendars and versions are append-only' USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER rule_sets_keep BEFORE UPDATE OR DELETE ON rule_sets FOR EACH ROW EXECUTE FUNCTION keep_law();
CREATE TRIGGER rule_sets_stay BEFORE TRUNCATE ON rule_sets FOR EACH STATEMENT EXECUTE FUNCTION keep_law();
CREATE TRIGGER calendars_keep BEFORE UPDATE OR DELETE ON calendars FOR EACH ROW EXECUTE FUNCTION keep_law();
CREATE TRIGGER calendars_stay BEFORE TRUNCATE ON calendars FOR EACH STATEMENT EXECUTE FUNCTION keep_law();
CREATE TRIGGER procedure_versions_keep BEFORE UPDATE OR DELETE ON procedure_versions FOR EACH ROW EXECUTE FUNCTION keep_law();
CREATE TRIGGER procedure_versions_stay BEFORE TRUNCATE ON procedure_versions FOR EACH STATEMENT EXECUTE FUNCTION keep_law();
