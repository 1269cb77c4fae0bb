-- +goose Up
-- What an Inbox tells people beside Messages: nothing, what was read, or also who writes.
ALTER TABLE inbox ADD COLUMN signals TEXT NOT NULL DEFAULT 'none';

-- What a Contact was told so: how far its Messages were read, and when somebody wrote last.
CREATE TABLE signal (
    conversation_id BYTEA NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    typed_at BIGINT NOT NULL
);

-- Who was kept from writing to an Inbox, by whom and why, and who ended it.
CREATE TABLE contact_block (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    inbox_id BYTEA NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    agent_id BYTEA NOT NULL,
    told_at BIGINT,
    failure TEXT NOT NULL,
    lifted_at BIGINT,
    lifted_by BYTEA
);
CREATE UNIQUE INDEX contact_block_holds ON contact_block (contact_id, inbox_id) WHERE lifted_at IS NULL;
