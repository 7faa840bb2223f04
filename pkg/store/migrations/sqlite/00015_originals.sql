-- How many originals the office still has of a dossier that is over, so that what is to be given back can be listed.

-- +goose Up
ALTER TABLE dossiers ADD COLUMN originals_held integer NOT NULL DEFAULT 0;
CREATE INDEX dossiers_originals ON dossiers (submitted_at, id) WHERE originals_held > 0;

UPDATE dossiers SET originals_held = (
    SELECT coalesce(sum(max(coalesce(json_extract(p.value, '$.received.original'), 0) - coalesce(json_extract(p.value, '$.given_back.original'), 0), 0)), 0)
    FROM json_each(body, '$.parts') p
) WHERE state IN ('3', '7', '8', '10');
