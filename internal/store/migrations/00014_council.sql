-- +goose Up
-- What the works council was told, sealed; of an Approval to read what a colleague did.
ALTER TABLE approval ADD COLUMN council BYTEA;
