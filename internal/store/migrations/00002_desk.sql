-- +goose Up
ALTER TABLE conversation ADD COLUMN received BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN waiting_since BIGINT;
ALTER TABLE conversation ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN snoozed_at BIGINT;
ALTER TABLE conversation ADD COLUMN snoozed_by BYTEA;
ALTER TABLE conversation ADD COLUMN snoozed_until BIGINT;
ALTER TABLE conversation ADD COLUMN closed_by BYTEA;
ALTER TABLE conversation ADD COLUMN closed_reason BYTEA;
UPDATE conversation SET received = COALESCE((SELECT MAX(m.position) FROM message m
    WHERE m.conversation_id = conversation.id AND m.direction = 'in'), 0);
UPDATE conversation SET waiting_since = last_at WHERE closed_at IS NULL AND EXISTS (
    SELECT 1 FROM message m WHERE m.id = conversation.last_message_id AND m.direction = 'in');
UPDATE conversation SET due = CASE WHEN waiting_since IS NULL THEN 4503599627370496 - last_at ELSE COALESCE(window_opened, 0) END;
CREATE INDEX conversation_due ON conversation (inbox_id, due, id) WHERE closed_at IS NULL;
CREATE INDEX conversation_due_owner ON conversation (inbox_id, assignee_id, due, id) WHERE closed_at IS NULL AND snoozed_at IS NULL;
CREATE INDEX conversation_assignee ON conversation (assignee_id) WHERE closed_at IS NULL AND snoozed_at IS NULL;
CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX message_out ON message (conversation_id, position) WHERE direction = 'out';

CREATE TABLE turn (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL,
    inbox_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    conversation_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    thread_at BIGINT NOT NULL,
    agent_id BYTEA,
    to_id BYTEA,
    until BIGINT,
    content BYTEA,
    client_digest BYTEA,
    body_digest BYTEA
);
CREATE INDEX turn_thread ON turn (conversation_id, thread_at, position);
CREATE INDEX turn_contact ON turn (contact_id);
CREATE UNIQUE INDEX turn_client ON turn (conversation_id, client_digest) WHERE client_digest IS NOT NULL;

CREATE TABLE reading (
    agent_id BYTEA NOT NULL,
    conversation_id BYTEA NOT NULL,
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, conversation_id)
);
CREATE INDEX reading_conversation ON reading (conversation_id);

CREATE TABLE draft (
    id BYTEA NOT NULL PRIMARY KEY,
    agent_id BYTEA NOT NULL,
    conversation_id BYTEA NOT NULL,
    contact_id BYTEA NOT NULL,
    at BIGINT NOT NULL,
    content BYTEA NOT NULL
);
CREATE UNIQUE INDEX draft_agent ON draft (agent_id, conversation_id);
CREATE INDEX draft_contact ON draft (contact_id);

CREATE TABLE presence (
    conversation_id BYTEA NOT NULL,
    agent_id BYTEA NOT NULL,
    state TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, agent_id)
);

CREATE TABLE tally (
    inbox_id BYTEA NOT NULL,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (inbox_id, owner, state)
);
INSERT INTO tally (inbox_id, owner, state, n)
SELECT inbox_id, '', 'open', COUNT(*) FROM conversation WHERE closed_at IS NULL GROUP BY inbox_id;

ALTER TABLE event ADD COLUMN turn_id BYTEA;
