-- name: NewestConversation :one
SELECT id FROM conversation WHERE inbox_id = @inbox_id AND contact_id = @contact_id ORDER BY last_at DESC, id DESC LIMIT 1;

-- name: GetConversation :one
SELECT c.* FROM conversation c
WHERE c.id = @id AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = c.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = c.inbox_id));

-- name: ListOpenConversations :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND closed_at IS NULL
  AND last_at <= @before_at AND (last_at < @before_at OR id < @before_id)
ORDER BY last_at DESC, id DESC LIMIT @page;

-- name: ListOwnedConversations :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND assignee_id = @assignee_id AND closed_at IS NULL AND snoozed_at IS NULL
  AND last_at <= @before_at AND (last_at < @before_at OR id < @before_id)
ORDER BY last_at DESC, id DESC LIMIT @page;

-- name: ListUnownedConversations :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND assignee_id IS NULL AND closed_at IS NULL AND snoozed_at IS NULL
  AND last_at <= @before_at AND (last_at < @before_at OR id < @before_id)
ORDER BY last_at DESC, id DESC LIMIT @page;

-- name: ListClosedConversations :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND closed_at IS NOT NULL
  AND last_at <= @before_at AND (last_at < @before_at OR id < @before_id)
ORDER BY last_at DESC, id DESC LIMIT @page;

-- name: ListOpenConversationsDue :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND closed_at IS NULL
  AND due >= @after_due AND (due > @after_due OR id > @after_id)
ORDER BY due, id LIMIT @page;

-- name: ListOwnedConversationsDue :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND assignee_id = @assignee_id AND closed_at IS NULL AND snoozed_at IS NULL
  AND due >= @after_due AND (due > @after_due OR id > @after_id)
ORDER BY due, id LIMIT @page;

-- name: ListUnownedConversationsDue :many
SELECT * FROM conversation
WHERE inbox_id = @inbox_id AND assignee_id IS NULL AND closed_at IS NULL AND snoozed_at IS NULL
  AND due >= @after_due AND (due > @after_due OR id > @after_id)
ORDER BY due, id LIMIT @page;

-- name: ListMatters :many
SELECT c.* FROM conversation c
WHERE c.id <> @id AND c.contact_id IN (SELECT m.contact_id FROM contact_merge m WHERE m.into_id = COALESCE((SELECT s.into_id FROM contact_merge s WHERE s.contact_id = @contact_id), @contact_id)
  UNION SELECT t.into_id FROM contact_merge t WHERE t.contact_id = @contact_id
  UNION SELECT a.id FROM contact a WHERE a.id = @contact_id) AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = c.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = c.inbox_id))
ORDER BY c.last_at DESC, c.id DESC LIMIT @page;

-- name: ListOpenOf :many
SELECT * FROM conversation WHERE contact_id = @contact_id AND closed_at IS NULL ORDER BY id;

-- name: ListSnoozeEnded :many
SELECT id FROM conversation WHERE snoozed_until IS NOT NULL AND snoozed_until <= CAST(@now AS BIGINT) ORDER BY snoozed_until LIMIT @page;

-- name: ListTallies :many
SELECT * FROM tally WHERE n <> 0;

-- name: CountUnread :one
SELECT COUNT(*) FROM conversation c LEFT JOIN reading r ON r.agent_id = @agent_id AND r.conversation_id = c.id
WHERE c.assignee_id = @assignee_id AND c.closed_at IS NULL AND c.snoozed_at IS NULL AND c.received > COALESCE(r.position, 0)
  AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @assignee_id AND m.controller_id = c.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @assignee_id AND n.inbox_id = c.inbox_id));

-- name: CountTallies :many
SELECT c.inbox_id, c.assignee_id AS owner_id, '' AS owner,
    CASE WHEN c.closed_at IS NOT NULL THEN 'closed' WHEN c.snoozed_at IS NOT NULL THEN 'snoozed' ELSE 'open' END AS state,
    COUNT(*) AS n
FROM conversation c GROUP BY 1, 2, 3, 4
UNION ALL
SELECT t.inbox_id, NULL, t.owner, t.state, -t.n FROM tally t;
