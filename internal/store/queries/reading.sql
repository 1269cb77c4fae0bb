-- name: SetReading :exec
INSERT INTO reading (agent_id, conversation_id, position, at) VALUES (@agent_id, @conversation_id, @position, @at)
ON CONFLICT (agent_id, conversation_id) DO UPDATE SET position = excluded.position, at = excluded.at;

-- name: GetReading :one
SELECT position FROM reading WHERE agent_id = @agent_id AND conversation_id = @conversation_id;
