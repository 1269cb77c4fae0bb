-- +goose Up
-- What somebody asked for and a second person decides. It holds the very thing that was
-- asked for; what people wrote about it is sealed.
CREATE TABLE approval (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA REFERENCES controller (id),
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    facts TEXT NOT NULL,
    digest TEXT NOT NULL,
    requested_by BYTEA NOT NULL REFERENCES agent (id),
    requested_at BIGINT NOT NULL,
    reason BYTEA,
    ripe_at BIGINT,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by BYTEA REFERENCES agent (id),
    verdict TEXT NOT NULL DEFAULT '',
    decided_reason BYTEA
);
CREATE INDEX approval_subject ON approval (subject, requested_at);
CREATE INDEX approval_requested ON approval (requested_at, id);
