-- +goose Up
-- As with the holders of digests before: what is looked for in sets comes first. With the
-- inbox first, a server whose statistics are old reads all that an inbox has.
CREATE UNIQUE INDEX message_digest ON message (wamid_digest, inbox_id) WHERE wamid_digest IS NOT NULL;
DROP INDEX message_wamid;
CREATE UNIQUE INDEX conversation_receives ON conversation (contact_id, inbox_id) WHERE receiving;
DROP INDEX conversation_receiving;
