-- +goose Up
-- What a person must do until a day. A doubt has one Task, however often its Message comes;
-- a Message may introduce several third persons.
CREATE TABLE task (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL REFERENCES controller (id),
    inbox_id BYTEA NOT NULL REFERENCES inbox (id),
    contact_id BYTEA NOT NULL REFERENCES contact (id),
    conversation_id BYTEA NOT NULL REFERENCES conversation (id),
    message_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    role TEXT NOT NULL,
    due BIGINT NOT NULL,
    note BYTEA,
    opened_at BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    done_at BIGINT,
    done_by TEXT NOT NULL DEFAULT '',
    how TEXT NOT NULL DEFAULT '',
    ground TEXT NOT NULL DEFAULT '',
    reason BYTEA
);
CREATE UNIQUE INDEX task_doubt ON task (message_id) WHERE kind = 'doubt';
CREATE INDEX task_open ON task (due, id) WHERE done_at IS NULL;
CREATE INDEX task_done ON task (done_at, id) WHERE done_at IS NOT NULL;
CREATE INDEX task_conversation ON task (conversation_id, due, id);
CREATE INDEX task_contact ON task (contact_id) WHERE done_at IS NULL;

-- Doubts that stand already wait for a person since they came; their entry lends its id.
INSERT INTO task (id, controller_id, inbox_id, contact_id, conversation_id, message_id, kind, role, due, opened_at, opened_by)
SELECT l.id, l.controller_id, m.inbox_id, l.contact_id, m.conversation_id, m.id, 'doubt', '', l.at + 172800000, l.at, 'system'
FROM ledger l JOIN message m ON m.id = l.answer_id
WHERE l.step = 'doubted' AND NOT EXISTS (
    SELECT 1 FROM ledger x WHERE x.contact_id = l.contact_id AND x.n > l.n
      AND (x.step = 'withdrawn' AND x.purpose = '' OR x.step = 'cleared' AND x.answer_id = l.answer_id AND x.actor_kind = 'agent'));
