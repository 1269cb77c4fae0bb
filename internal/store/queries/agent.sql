-- name: AddAgent :exec
INSERT INTO agent (id, role, email_digest, profile, password, created_at)
VALUES (@id, @role, @email_digest, @profile, @password, @created_at);

-- name: GetAgent :one
SELECT * FROM agent WHERE id = @id;

-- name: GetAgentByEmail :one
SELECT * FROM agent WHERE email_digest = @email_digest;

-- name: ListAgents :many
SELECT * FROM agent;

-- name: CountAdmins :one
SELECT COUNT(*) FROM agent a WHERE a.role = 'admin'
AND NOT EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = a.id);

-- name: SetPassword :exec
UPDATE agent SET password = @password WHERE id = @id;

-- name: DisableAgent :exec
INSERT INTO agent_disabling (agent_id, at, reason) VALUES (@agent_id, @at, @reason)
ON CONFLICT (agent_id) DO NOTHING;

-- name: GetDisabling :one
SELECT * FROM agent_disabling WHERE agent_id = @agent_id;

-- name: AddMembership :exec
INSERT INTO membership (agent_id, controller_id, at) VALUES (@agent_id, @controller_id, @at)
ON CONFLICT (agent_id, controller_id) DO NOTHING;

-- name: ListMemberships :many
SELECT controller_id FROM membership WHERE agent_id = @agent_id;

-- name: AddSession :exec
INSERT INTO session (id, agent_id, digest, created_at, seen_at) VALUES (@id, @agent_id, @digest, @created_at, @seen_at);

-- name: GetSession :one
SELECT * FROM session WHERE digest = @digest;

-- name: TouchSession :exec
UPDATE session SET seen_at = @seen_at WHERE id = @id;

-- name: DropSession :exec
DELETE FROM session WHERE id = @id;

-- name: DropSessionsOf :exec
DELETE FROM session WHERE agent_id = @agent_id;

-- name: AddToken :exec
INSERT INTO token (id, agent_id, digest, created_at, expires_at) VALUES (@id, @agent_id, @digest, @created_at, @expires_at);

-- name: GetToken :one
SELECT * FROM token WHERE digest = @digest;

-- name: RevokeToken :execrows
UPDATE token SET revoked_at = @revoked_at WHERE id = @id AND revoked_at IS NULL;

-- name: RevokeTokensOf :exec
UPDATE token SET revoked_at = @revoked_at WHERE agent_id = @agent_id AND revoked_at IS NULL;

-- name: SweepSessions :execrows
DELETE FROM session WHERE seen_at < @idle OR created_at < @oldest;

-- name: ListAssignable :many
SELECT a.id FROM agent a
WHERE a.role <> 'dpo' AND NOT EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = a.id)
  AND (a.role = 'admin' OR EXISTS (SELECT 1 FROM inbox i JOIN membership m ON m.controller_id = i.controller_id
    WHERE i.id = @inbox_id AND m.agent_id = a.id));
