-- +goose Up
-- Ended Identities are looked up as well: what was written before they ended belongs to whom
-- they belonged then.
CREATE INDEX identity_ever ON identity (digest, controller_id);

-- What changed about how Contacts are reached, and who said since that it is the same person.
CREATE TABLE identity_change (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    other_id BYTEA,
    mark BYTEA NOT NULL,
    news TEXT NOT NULL,
    heard TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    vouched_at BIGINT,
    vouched_by BYTEA,
    means TEXT NOT NULL
);
CREATE UNIQUE INDEX identity_change_mark ON identity_change (contact_id, mark);
CREATE INDEX identity_change_open ON identity_change (contact_id) WHERE vouched_at IS NULL;
CREATE INDEX identity_change_other ON identity_change (other_id) WHERE other_id IS NOT NULL;

-- The newest identity key of a Contact that an Inbox was told of.
CREATE TABLE identity_key (
    contact_id BYTEA NOT NULL,
    inbox_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (contact_id, inbox_id)
);

-- Who is the same person as whom. Neither Contact is changed by it.
CREATE TABLE contact_merge (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    into_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    agent_id BYTEA NOT NULL
);
CREATE UNIQUE INDEX contact_merge_contact ON contact_merge (contact_id);
CREATE INDEX contact_merge_into ON contact_merge (into_id);
