-- +goose Up
-- The register of a Controller, version by version, and a number that is drawn anew with
-- each change: whoever has read the register keeps what was read while the number stands.
CREATE TABLE register (
    controller_id BYTEA NOT NULL REFERENCES controller (id),
    kind TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (controller_id, kind, subject_id, version)
);
ALTER TABLE controller ADD COLUMN register BIGINT NOT NULL DEFAULT 0;
INSERT INTO register (controller_id, kind, subject_id, version, at, actor, active, facts)
SELECT id, 'controller', id, 1, created_at, 'system', TRUE, facts FROM controller;

CREATE TABLE notice (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL REFERENCES controller (id),
    inbox_id BYTEA NOT NULL REFERENCES inbox (id),
    version BIGINT NOT NULL,
    language TEXT NOT NULL,
    tone TEXT NOT NULL,
    digest TEXT NOT NULL,
    short TEXT NOT NULL,
    long TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    material BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX notice_version ON notice (inbox_id, version, language);

CREATE TABLE showing (
    message_id BYTEA NOT NULL PRIMARY KEY,
    notice_id BYTEA NOT NULL REFERENCES notice (id),
    contact_id BYTEA NOT NULL,
    inbox_id BYTEA NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    accepted_at BIGINT,
    delivered_at BIGINT,
    read_at BIGINT
);
CREATE INDEX showing_contact ON showing (contact_id, inbox_id, version);

CREATE TABLE objection (
    contact_id BYTEA NOT NULL REFERENCES contact (id),
    purpose TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (contact_id, purpose)
);

CREATE TABLE ledger (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    acted_at BIGINT,
    step TEXT NOT NULL,
    ground TEXT NOT NULL,
    purpose TEXT NOT NULL,
    means TEXT NOT NULL,
    identity_id BYTEA,
    wording_digest TEXT NOT NULL,
    wording_version TEXT NOT NULL,
    wording_language TEXT NOT NULL,
    asked_id BYTEA,
    answer_id BYTEA,
    paper TEXT NOT NULL,
    customer TEXT NOT NULL,
    sale BYTEA,
    actor_kind TEXT NOT NULL,
    actor_id BYTEA,
    via TEXT NOT NULL
);
CREATE UNIQUE INDEX ledger_place ON ledger (contact_id, n);
CREATE INDEX ledger_controller ON ledger (controller_id, at, id);
