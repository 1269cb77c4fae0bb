-- +goose Up
-- The Message that another is about: that it answers, reacts to, changes or takes back; by the
-- digest of its wamid, because it may come later or never.
ALTER TABLE message ADD COLUMN about_digest BYTEA;
CREATE INDEX message_about ON message (about_digest, inbox_id) WHERE about_digest IS NOT NULL;
