-- Each receipt that an agency wrote for fees, once; and the counter that was chosen for a result that another one handed out.

-- +goose Up
CREATE TABLE fee_receipts (
    agency_id  text NOT NULL,
    form       text NOT NULL,
    series     text NOT NULL,
    number     text NOT NULL,
    dossier_id text NOT NULL,
    PRIMARY KEY (agency_id, form, series, number)
) WITHOUT ROWID;
CREATE INDEX fee_receipts_dossier ON fee_receipts (dossier_id);

ALTER TABLE dossiers ADD COLUMN chosen_id text;
CREATE INDEX dossiers_chosen ON dossiers (chosen_id, submitted_at, id) WHERE chosen_id IS NOT NULL;

-- Of a number that was used twice the earlier stays; verify then tells of the other dossier.
INSERT OR IGNORE INTO fee_receipts (agency_id, form, series, number, dossier_id)
SELECT e.by_agency, coalesce(json_extract(l.value, '$.receipt.form'), ''), coalesce(json_extract(l.value, '$.receipt.series'), ''),
    coalesce(nullif(ltrim(json_extract(l.value, '$.receipt.number'), '0'), ''), '0'), e.dossier_id
FROM dossier_events e, json_each(e.facts, '$.fees') l
WHERE e.kind = 'FEES_PAID' AND json_extract(l.value, '$.receipt.number') IS NOT NULL
ORDER BY e.at, e.dossier_id, e.seq;
