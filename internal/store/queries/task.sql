-- name: AddTask :exec
INSERT INTO task (id, controller_id, inbox_id, contact_id, conversation_id, message_id, kind, role, due, note, opened_at, opened_by, agent_id, code)
VALUES (@id, @controller_id, @inbox_id, @contact_id, @conversation_id, @message_id, @kind, @role, @due, @note, @opened_at, @opened_by, @agent_id, @code);

-- name: GetTask :one
SELECT t.* FROM task t
WHERE t.id = @id AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = t.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = t.inbox_id));

-- name: EndTask :execrows
UPDATE task SET done_at = @done_at, done_by = @done_by, how = @how, ground = @ground, reason = @reason
WHERE id = @id AND done_at IS NULL;

-- name: FindOpenFailure :one
SELECT * FROM task WHERE message_id = @message_id AND kind = 'failed' AND done_at IS NULL;

-- name: ListOpenDoubts :many
SELECT * FROM task WHERE contact_id = @contact_id AND kind = 'doubt' AND done_at IS NULL ORDER BY opened_at, id;

-- name: ListOpenTasks :many
SELECT t.* FROM task t
WHERE t.done_at IS NULL AND t.due >= @after_due AND (t.due > @after_due OR t.id > @after_id) AND t.due <= @until
  AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = t.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = t.inbox_id))
  AND (t.agent_id IS NULL OR t.agent_id = @agent_id OR CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = t.agent_id)
  OR NOT EXISTS (SELECT 1 FROM membership v WHERE v.agent_id = t.agent_id AND v.controller_id = t.controller_id)
  AND NOT EXISTS (SELECT 1 FROM inbox_membership w WHERE w.agent_id = t.agent_id AND w.inbox_id = t.inbox_id))
ORDER BY t.due, t.id LIMIT @page;

-- name: ListDoneTasks :many
SELECT t.* FROM task t
WHERE t.done_at IS NOT NULL
  AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = t.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = t.inbox_id))
  AND (t.agent_id IS NULL OR t.agent_id = @agent_id OR CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = t.agent_id)
  OR NOT EXISTS (SELECT 1 FROM membership v WHERE v.agent_id = t.agent_id AND v.controller_id = t.controller_id)
  AND NOT EXISTS (SELECT 1 FROM inbox_membership w WHERE w.agent_id = t.agent_id AND w.inbox_id = t.inbox_id))
ORDER BY t.done_at DESC, t.id DESC LIMIT @page;

-- name: ListConversationTasks :many
SELECT t.* FROM task t
WHERE t.conversation_id = @conversation_id
  AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = t.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = t.inbox_id))
ORDER BY t.due, t.id LIMIT @page;

-- name: CountOpenTasks :one
SELECT COUNT(*) AS open, CAST(COALESCE(SUM(CASE WHEN t.due <= @now THEN 1 ELSE 0 END), 0) AS BIGINT) AS overdue,
  CAST(COALESCE(SUM(CASE WHEN t.kind = 'failed' AND t.agent_id = @agent_id THEN 1 ELSE 0 END), 0) AS BIGINT) AS failed
FROM task t
WHERE t.done_at IS NULL
  AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = t.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = t.inbox_id))
  AND (t.agent_id IS NULL OR t.agent_id = @agent_id OR CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = t.agent_id)
  OR NOT EXISTS (SELECT 1 FROM membership v WHERE v.agent_id = t.agent_id AND v.controller_id = t.controller_id)
  AND NOT EXISTS (SELECT 1 FROM inbox_membership w WHERE w.agent_id = t.agent_id AND w.inbox_id = t.inbox_id));
