-- +goose Up
-- What the Provider lets a number do: messages in a second, and people in 24 hours outside of
-- their windows (0: as many as one likes, or nobody knows).
CREATE TABLE capacity (
    inbox_id BYTEA NOT NULL PRIMARY KEY REFERENCES inbox (id),
    per_second BIGINT NOT NULL,
    people BIGINT NOT NULL,
    at BIGINT NOT NULL
);
-- Whom a number last wrote to outside of a window, and when.
CREATE TABLE reach (
    inbox_id BYTEA NOT NULL REFERENCES inbox (id),
    contact_id BYTEA NOT NULL REFERENCES contact (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (inbox_id, contact_id)
);
CREATE INDEX reach_at ON reach (inbox_id, at);
