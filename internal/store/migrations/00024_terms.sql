-- +goose Up
-- The files of the terms that a register names by their digests.
CREATE TABLE terms_file (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL REFERENCES controller (id),
    digest TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    type TEXT NOT NULL,
    file BYTEA NOT NULL,
    UNIQUE (controller_id, digest)
);
