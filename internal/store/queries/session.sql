-- name: AddSession :exec
INSERT INTO session (id, agent_id, digest, created_at, seen_at, client)
VALUES (@id, @agent_id, @digest, @created_at, @seen_at, @client);

-- name: GetSession :one
SELECT * FROM session WHERE digest = @digest;

-- name: FindSession :one
SELECT * FROM session WHERE id = @id;

-- name: ListSessionsOf :many
SELECT * FROM session WHERE agent_id = @agent_id ORDER BY created_at DESC, id DESC;

-- name: TouchSession :exec
UPDATE session SET seen_at = @seen_at WHERE id = @id;

-- name: DropSession :execrows
DELETE FROM session WHERE id = @id AND agent_id = @agent_id;

-- name: DropSessionsOf :execrows
DELETE FROM session WHERE agent_id = @agent_id;

-- name: DropOtherSessions :execrows
DELETE FROM session WHERE agent_id = @agent_id AND id <> @kept;

-- name: SweepSessions :execrows
DELETE FROM session WHERE seen_at < @idle OR created_at < @oldest;
