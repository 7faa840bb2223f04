-- Where somebody was helped to file, where the result is handed out, until when an applicant may answer; and the list of payments.

-- +goose Up
ALTER TABLE dossiers ADD COLUMN helped_id uuid;
ALTER TABLE dossiers ADD COLUMN returning_id uuid;
ALTER TABLE dossiers ADD COLUMN answer_by timestamptz;
UPDATE dossiers SET returning_id = receiving_id;
ALTER TABLE dossiers ALTER COLUMN returning_id SET NOT NULL;
CREATE INDEX dossiers_helped ON dossiers (helped_id, submitted_at, id) WHERE helped_id IS NOT NULL;
CREATE INDEX dossiers_returning ON dossiers (returning_id, submitted_at, id);
CREATE INDEX dossiers_answer_by ON dossiers (answer_by) WHERE answer_by IS NOT NULL;
CREATE INDEX dossier_events_payments ON dossier_events (at, dossier_id, seq) WHERE kind IN ('FEES_PAID', 'FEES_REFUNDED');
