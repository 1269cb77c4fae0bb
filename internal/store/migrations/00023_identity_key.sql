-- +goose Up
-- The identity key itself, which is told with each Message so that nothing reaches another device.
ALTER TABLE identity_key ADD COLUMN value BYTEA;
