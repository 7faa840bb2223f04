-- Agencies beside its own that a step was assigned to: a unit, and where its officers work. They keep the dossier in sight.

-- +goose Up
CREATE TABLE dossier_desks (
    dossier_id uuid NOT NULL,
    no         integer NOT NULL,
    agency_id  uuid NOT NULL,
    PRIMARY KEY (dossier_id, no)
);
CREATE INDEX dossier_desks_agency ON dossier_desks (agency_id, dossier_id);
