-- +goose Up
-- Whose a Task is, and the error it is about. A Message that failed has one open Task.
ALTER TABLE task ADD COLUMN agent_id BYTEA;
ALTER TABLE task ADD COLUMN code TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX task_failed ON task (message_id) WHERE kind = 'failed' AND done_at IS NULL;

-- The Provider's error that paused an Inbox, and when it was resumed last: what was on its
-- way then says nothing about now.
ALTER TABLE inbox_pause ADD COLUMN code TEXT NOT NULL DEFAULT '';
UPDATE inbox_pause SET code = SUBSTR(reason, 16) WHERE reason LIKE 'provider error %';
ALTER TABLE inbox ADD COLUMN resumed_at BIGINT NOT NULL DEFAULT 0;

-- What the Provider tells about account, number and templates.
CREATE TABLE alert (
    id BYTEA NOT NULL PRIMARY KEY,
    controller_id BYTEA NOT NULL REFERENCES controller (id),
    inbox_id BYTEA NOT NULL REFERENCES inbox (id),
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    value TEXT NOT NULL,
    severity TEXT NOT NULL,
    at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX alert_inbox ON alert (inbox_id, at, id);
CREATE INDEX alert_open ON alert (inbox_id, kind, subject) WHERE ended_at IS NULL;

-- How many Messages were delivered, by month and by what the Provider counts them as.
CREATE TABLE charge (
    inbox_id BYTEA NOT NULL REFERENCES inbox (id),
    month TEXT NOT NULL,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (inbox_id, month, category, kind)
);
