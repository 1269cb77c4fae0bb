-- +goose Up
-- What an owner has open is found at once, what rests too: it is given back when the
-- owner's access ends.
CREATE INDEX conversation_held ON conversation (assignee_id) WHERE closed_at IS NULL;
DROP INDEX conversation_assignee;
