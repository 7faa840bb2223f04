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
