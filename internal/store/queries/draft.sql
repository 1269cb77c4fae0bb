-- name: SetDraft :exec
INSERT INTO draft (id, agent_id, conversation_id, contact_id, at, content)
VALUES (@id, @agent_id, @conversation_id, @contact_id, @at, @content)
ON CONFLICT (agent_id, conversation_id) DO UPDATE SET id = excluded.id, at = excluded.at, content = excluded.content;

-- name: GetDraft :one
SELECT * FROM draft WHERE agent_id = @agent_id AND conversation_id = @conversation_id;

-- name: DropDraft :exec
DELETE FROM draft WHERE agent_id = @agent_id AND conversation_id = @conversation_id;
