-- Whose it is to look after what somebody outside was asked for.

-- +goose Up
ALTER TABLE dossiers ADD COLUMN answer_step integer NOT NULL DEFAULT 0;
ALTER TABLE dossiers ADD COLUMN answer_agency_id text;
ALTER TABLE dossiers ADD COLUMN answer_user_id text;
