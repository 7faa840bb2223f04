-- Each receipt that an agency wrote for fees, once; and the counter that was chosen for a result that another one handed out.

-- +goose Up
CREATE TABLE fee_receipts (
    agency_id  uuid NOT NULL,
    form       text COLLATE "C" NOT NULL,
    series     text COLLATE "C" NOT NULL,
    number     text COLLATE "C" NOT NULL,
    dossier_id uuid NOT NULL,
    PRIMARY KEY (agency_id, form, series, number)
);
CREATE INDEX fee_receipts_dossier ON fee_receipts (dossier_id);

ALTER TABLE dossiers ADD COLUMN chosen_id uuid;
CREATE INDEX dossiers_chosen ON dossiers (chosen_id, submitted_at, id) WHERE chosen_id IS NOT NULL;

-- Of a number that was used twice the earlier stays; verify then tells of the other dossier.
INSERT INTO fee_receipts (agency_id, form, series, number, dossier_id)
SELECT e.by_agency, coalesce(l.value #>> '{receipt,form}', ''), coalesce(l.value #>> '{receipt,series}', ''),
    coalesce(nullif(ltrim(l.value #>> '{receipt,number}', '0'), ''), '0'), e.dossier_id
FROM dossier_events e CROSS JOIN LATERAL jsonb_array_elements(CAST(e.facts AS jsonb) -> 'fees') l
WHERE e.kind = 'FEES_PAID' AND l.value #>> '{receipt,number}' IS NOT NULL
ORDER BY e.at, e.dossier_id, e.seq
ON CONFLICT DO NOTHING;
