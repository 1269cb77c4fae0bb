-- +goose Up
-- Who let an Agent in by the Invitation that it took up last, and when it did.
CREATE TABLE admission (
    agent_id BYTEA NOT NULL PRIMARY KEY REFERENCES agent (id),
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
