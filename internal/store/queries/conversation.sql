-- name: GetConversation :one
SELECT c.* FROM conversation c
WHERE c.id = @id AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = c.controller_id));

-- name: ListOpenConversations :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND closed_at IS NULL
  AND last_at <= @before_at AND (last_at < @before_at OR id < @before_id)
ORDER BY last_at DESC, id DESC LIMIT @page;

-- name: ListOwnedConversations :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND assignee_id = @assignee_id AND closed_at IS NULL
  AND last_at <= @before_at AND (last_at < @before_at OR id < @before_id)
ORDER BY last_at DESC, id DESC LIMIT @page;

-- name: ListUnownedConversations :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND assignee_id IS NULL AND closed_at IS NULL
  AND last_at <= @before_at AND (last_at < @before_at OR id < @before_id)
ORDER BY last_at DESC, id DESC LIMIT @page;

-- name: ListClosedConversations :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND closed_at IS NOT NULL
  AND last_at <= @before_at AND (last_at < @before_at OR id < @before_id)
ORDER BY last_at DESC, id DESC LIMIT @page;
