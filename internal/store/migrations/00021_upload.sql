-- +goose Up
-- A file that an Agent brought in for a Conversation and that no Message holds yet. It has the
-- id that its Message will have, for which the key of the sealed file is bound already.
CREATE TABLE upload (
    id BYTEA NOT NULL PRIMARY KEY,
    conversation_id BYTEA NOT NULL REFERENCES conversation (id),
    contact_id BYTEA NOT NULL REFERENCES contact (id),
    agent_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    size BIGINT NOT NULL,
    type TEXT NOT NULL,
    duration BIGINT NOT NULL,
    blob_id BYTEA NOT NULL,
    blob_key BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    thumbnail_type TEXT NOT NULL,
    thumbnail_width BIGINT NOT NULL,
    thumbnail_height BIGINT NOT NULL
);
CREATE UNIQUE INDEX upload_blob ON upload (blob_id);
CREATE INDEX upload_at ON upload (at);

-- By what name the Provider has the file of a Message, and until when.
ALTER TABLE dispatch ADD COLUMN media BYTEA;
ALTER TABLE dispatch ADD COLUMN media_until BIGINT;
