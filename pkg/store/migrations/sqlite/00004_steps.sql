-- Steps that run side by side: which are under way, which of them are beside the first, and who has each in hand.

-- +goose Up
ALTER TABLE dossier_steps ADD COLUMN stage integer NOT NULL DEFAULT 1;
ALTER TABLE dossier_steps ADD COLUMN under_way boolean NOT NULL DEFAULT false;
ALTER TABLE dossier_steps ADD COLUMN beside boolean NOT NULL DEFAULT false;
ALTER TABLE dossier_steps ADD COLUMN officer_id text;
CREATE INDEX dossier_steps_beside ON dossier_steps (agency_id, dossier_id) WHERE beside;
CREATE INDEX dossier_steps_officer ON dossier_steps (officer_id, dossier_id) WHERE under_way;
DROP INDEX dossier_steps_warn;
CREATE INDEX dossier_steps_warn ON dossier_steps (warn_at) WHERE under_way AND warn_at IS NOT NULL;
