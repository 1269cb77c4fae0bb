-- +goose Up
-- What is nobody's stands in no index of owners: there it is most of the table, and a
-- server without statistics reads all of it to find the first page of what is due.
DROP INDEX conversation_held;
CREATE INDEX conversation_held ON conversation (assignee_id) WHERE closed_at IS NULL AND assignee_id IS NOT NULL;
