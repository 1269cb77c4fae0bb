-- name: AddAgent :exec
INSERT INTO agent (id, role, email_digest, profile, password, created_at)
VALUES (@id, @role, @email_digest, @profile, @password, @created_at);

-- name: GetAgent :one
SELECT * FROM agent WHERE id = @id;

-- name: GetAgentByEmail :one
SELECT * FROM agent WHERE email_digest = @email_digest;

-- name: ListAgents :many
SELECT * FROM agent;

-- name: ListColleagues :many
SELECT a.id FROM agent a
WHERE a.role = 'admin' OR a.id = @agent_id
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = a.id
    AND (EXISTS (SELECT 1 FROM membership o WHERE o.agent_id = @agent_id AND o.controller_id = m.controller_id)
    OR EXISTS (SELECT 1 FROM inbox_membership o JOIN inbox i ON i.id = o.inbox_id WHERE o.agent_id = @agent_id AND i.controller_id = m.controller_id)))
  OR EXISTS (SELECT 1 FROM inbox_membership n JOIN inbox i ON i.id = n.inbox_id WHERE n.agent_id = a.id
    AND (EXISTS (SELECT 1 FROM membership o WHERE o.agent_id = @agent_id AND o.controller_id = i.controller_id)
    OR EXISTS (SELECT 1 FROM inbox_membership o WHERE o.agent_id = @agent_id AND o.inbox_id = n.inbox_id)));

-- name: CountActiveAdmins :one
SELECT COUNT(*) FROM agent a WHERE a.role = 'admin' AND a.password IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = a.id);

-- name: SetPassword :exec
UPDATE agent SET password = @password WHERE id = @id;

-- name: SetAgent :exec
UPDATE agent SET role = @role, profile = @profile WHERE id = @id;

-- name: DropPassword :exec
UPDATE agent SET password = NULL WHERE id = @id;

-- name: DisableAgent :exec
INSERT INTO agent_disabling (agent_id, at, reason, actor) VALUES (@agent_id, @at, @reason, @actor)
ON CONFLICT (agent_id) DO NOTHING;

-- name: EnableAgent :execrows
DELETE FROM agent_disabling WHERE agent_id = @agent_id;

-- name: GetDisabling :one
SELECT * FROM agent_disabling WHERE agent_id = @agent_id;

-- name: ListDisablings :many
SELECT * FROM agent_disabling;

-- name: SetPreferences :exec
INSERT INTO agent_preferences (agent_id, preferences, at) VALUES (@agent_id, @preferences, @at)
ON CONFLICT (agent_id) DO UPDATE SET preferences = excluded.preferences, at = excluded.at;

-- name: GetPreferences :one
SELECT * FROM agent_preferences WHERE agent_id = @agent_id;

-- name: SetInvitation :exec
INSERT INTO invitation (agent_id, digest, actor, created_at, expires_at)
VALUES (@agent_id, @digest, @actor, @created_at, @expires_at)
ON CONFLICT (agent_id) DO UPDATE SET digest = excluded.digest, actor = excluded.actor,
  created_at = excluded.created_at, expires_at = excluded.expires_at;

-- name: GetInvitation :one
SELECT * FROM invitation WHERE digest = @digest;

-- name: ListInvitations :many
SELECT * FROM invitation;

-- name: SetAdmission :exec
INSERT INTO admission (agent_id, actor, at) VALUES (@agent_id, @actor, @at)
ON CONFLICT (agent_id) DO UPDATE SET actor = excluded.actor, at = excluded.at;

-- name: DropInvitation :execrows
DELETE FROM invitation WHERE agent_id = @agent_id;

-- name: ListAssignable :many
SELECT a.id FROM agent a
WHERE a.role <> 'dpo' AND a.password IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = a.id)
  AND (a.role = 'admin' OR EXISTS (SELECT 1 FROM inbox i JOIN membership m ON m.controller_id = i.controller_id
    WHERE i.id = @inbox_id AND m.agent_id = a.id)
    OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = a.id AND n.inbox_id = @inbox_id));
