-- +goose Up
ALTER TABLE agent_disabling ADD COLUMN actor TEXT NOT NULL DEFAULT '';

ALTER TABLE session ADD COLUMN client TEXT NOT NULL DEFAULT '';
CREATE INDEX session_agent ON session (agent_id);

ALTER TABLE token ADD COLUMN name BYTEA;
CREATE INDEX token_agent ON token (agent_id);

CREATE TABLE inbox_membership (
    agent_id BYTEA NOT NULL REFERENCES agent (id),
    inbox_id BYTEA NOT NULL REFERENCES inbox (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, inbox_id)
);

CREATE TABLE invitation (
    agent_id BYTEA NOT NULL PRIMARY KEY REFERENCES agent (id),
    digest BYTEA NOT NULL,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX invitation_digest ON invitation (digest);

CREATE TABLE agent_preferences (
    agent_id BYTEA NOT NULL PRIMARY KEY REFERENCES agent (id),
    preferences BYTEA NOT NULL,
    at BIGINT NOT NULL
);
