-- Since when bytes that nobody attached are being taken out of the archive.

-- +goose Up
ALTER TABLE archived_files ADD COLUMN going_at timestamptz;
