-- name: AddApproval :exec
INSERT INTO approval (id, controller_id, act, subject, facts, digest, requested_by, requested_at, reason, council, ripe_at, expires_at)
VALUES (@id, @controller_id, @act, @subject, @facts, @digest, @requested_by, @requested_at, @reason, @council, @ripe_at, @expires_at);

-- name: GetApproval :one
SELECT * FROM approval WHERE id = @id;

-- name: ListApprovals :many
SELECT * FROM approval WHERE requested_at >= @since OR (verdict = '' AND expires_at > @now)
ORDER BY requested_at DESC, id DESC LIMIT @page;

-- name: ListUndecidedAbout :many
SELECT * FROM approval WHERE subject = @subject AND act = @act AND verdict = '' AND expires_at > @now
ORDER BY requested_at DESC, id DESC;

-- name: FindGranted :one
SELECT id FROM approval WHERE subject = @subject AND act = @act AND requested_by = @requested_by AND verdict = 'granted' AND expires_at > @now
ORDER BY expires_at DESC, id LIMIT 1;

-- name: DecideApproval :execrows
UPDATE approval SET decided_at = @decided_at, decided_by = @decided_by, verdict = @verdict, decided_reason = @decided_reason, expires_at = @expires_at
WHERE id = @id AND verdict = '';

-- name: ListDeciders :many
SELECT a.id, a.role,
  CAST(COALESCE((SELECT i.actor FROM admission i WHERE i.agent_id = a.id), '') AS TEXT) AS admitted_by,
  CAST(COALESCE((SELECT i.at FROM admission i WHERE i.agent_id = a.id), 0) AS BIGINT) AS admitted_at
FROM agent a
WHERE a.role IN ('admin', 'dpo') AND a.password IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agent_disabling d WHERE d.agent_id = a.id);
