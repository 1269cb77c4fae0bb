-- name: SetPresence :exec
INSERT INTO presence (conversation_id, agent_id, state, until) VALUES (@conversation_id, @agent_id, @state, @until)
ON CONFLICT (conversation_id, agent_id) DO UPDATE SET state = excluded.state, until = excluded.until;

-- name: GetPresence :one
SELECT * FROM presence WHERE conversation_id = @conversation_id AND agent_id = @agent_id;

-- name: DropPresence :execrows
DELETE FROM presence WHERE conversation_id = @conversation_id AND agent_id = @agent_id;

-- name: SweepPresence :execrows
DELETE FROM presence WHERE until < @before;
