-- How many originals the office still has of a dossier that is over, so that what is to be given back can be listed.

-- +goose Up
ALTER TABLE dossiers ADD COLUMN originals_held integer NOT NULL DEFAULT 0;
CREATE INDEX dossiers_originals ON dossiers (submitted_at, id) WHERE originals_held > 0;

UPDATE dossiers SET originals_held = (
    SELECT coalesce(sum(greatest(coalesce(CAST(p.value #>> '{received,original}' AS integer), 0) - coalesce(CAST(p.value #>> '{given_back,original}' AS integer), 0), 0)), 0)
    FROM jsonb_array_elements(CAST(body AS jsonb) -> 'parts') p
) WHERE state IN ('3', '7', '8', '10') AND jsonb_typeof(CAST(body AS jsonb) -> 'parts') = 'array';
