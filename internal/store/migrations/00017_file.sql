-- +goose Up
-- The file of a Message: whether it was fetched, where it stands sealed on the disk, and with
-- which key, which is sealed for the Contact.
CREATE TABLE attachment (
    message_id BYTEA NOT NULL PRIMARY KEY REFERENCES message (id),
    contact_id BYTEA NOT NULL REFERENCES contact (id),
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    tries BIGINT NOT NULL DEFAULT 0,
    until BIGINT NOT NULL,
    size BIGINT NOT NULL DEFAULT 0,
    type TEXT NOT NULL DEFAULT '',
    duration BIGINT NOT NULL DEFAULT 0,
    blob_id BYTEA,
    blob_key BYTEA,
    digest BYTEA,
    thumbnail_type TEXT NOT NULL DEFAULT '',
    thumbnail_width BIGINT NOT NULL DEFAULT 0,
    thumbnail_height BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX attachment_blob ON attachment (blob_id) WHERE blob_id IS NOT NULL;

-- Files that came before the house fetched any. Those of the last seven days can be asked for.
INSERT INTO attachment (message_id, contact_id, state, at, why, until)
SELECT id, contact_id, 'failed', at, 'before', at + 604800000 FROM message
WHERE direction = 'in' AND kind IN ('image', 'video', 'audio', 'document', 'sticker');
