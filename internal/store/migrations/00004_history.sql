-- +goose Up
CREATE TABLE revision (
    id BYTEA NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BYTEA,
    via TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    controller_id BYTEA,
    inbox_id BYTEA,
    changes TEXT NOT NULL
);
CREATE INDEX revision_subject ON revision (subject, at, id);
CREATE INDEX revision_at ON revision (at, id);

-- The audit log is read backwards, by what is asked for; entries that wait for their
-- number are in none of these.
CREATE INDEX audit_entry_act ON audit_entry (act, n) WHERE n IS NOT NULL;
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, n) WHERE n IS NOT NULL;
CREATE INDEX audit_entry_subject ON audit_entry (subject, n) WHERE n IS NOT NULL;
CREATE INDEX audit_entry_at ON audit_entry (at, n) WHERE n IS NOT NULL;
