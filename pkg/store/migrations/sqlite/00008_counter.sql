-- Where somebody was helped to file, where the result is handed out, until when an applicant may answer; and the list of payments.

-- +goose Up
ALTER TABLE dossiers ADD COLUMN helped_id text;
ALTER TABLE dossiers ADD COLUMN returning_id text NOT NULL DEFAULT '';
ALTER TABLE dossiers ADD COLUMN answer_by datetime;
UPDATE dossiers SET returning_id = receiving_id;
CREATE INDEX dossiers_helped ON dossiers (helped_id, submitted_at, id) WHERE helped_id IS NOT NULL;
CREATE INDEX dossiers_returning ON dossiers (returning_id, submitted_at, id);
CREATE INDEX dossiers_answer_by ON dossiers (answer_by) WHERE answer_by IS NOT NULL;
CREATE INDEX dossier_events_payments ON dossier_events (at, dossier_id, seq) WHERE kind IN ('FEES_PAID', 'FEES_REFUNDED');

-- As before, with the two columns that whose eyes a query serves now also depends on.
DROP INDEX dossiers_report;
CREATE INDEX dossiers_report ON dossiers (
    over_at, accepted_at, state, submitted_at, deciding_id, receiving_id, holder_id, returning_id, helped_id, on_time_from, late_from, first_late_from,
    suspended_at, paused_until, promised_at, field, procedure_code, level, channel, source_system, applicant_fold, id
);
