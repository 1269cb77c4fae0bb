-- name: IsUnderway :one
SELECT CAST(EXISTS (SELECT 1 FROM message m JOIN conversation c ON c.id = m.conversation_id
  WHERE c.contact_id = @contact_id AND m.direction = 'out' AND m.status IN ('queued', 'sending', 'in_doubt')) AS BOOLEAN) AS underway;

-- name: ListTraces :many
SELECT id, direction, kind, origin, position, at, external_at, thread_at FROM message
WHERE conversation_id = @conversation_id ORDER BY position;

-- name: ListDeviceKeys :many
SELECT * FROM identity_key WHERE contact_id = @contact_id AND at >= @since;

-- name: DropDeviceKeys :exec
DELETE FROM identity_key WHERE contact_id = @contact_id AND at >= @since;

-- name: EndWindows :exec
UPDATE conversation SET window_opened = NULL WHERE contact_id = @contact_id AND closed_at IS NOT NULL;

-- name: ListReadings :many
SELECT * FROM reading WHERE conversation_id = @conversation_id;

-- name: GiveBlocks :exec
UPDATE contact_block SET contact_id = @to_id WHERE contact_id = @contact_id AND (at >= @since OR lifted_at IS NULL);

-- name: GiveObjections :exec
UPDATE objection SET contact_id = @to_id WHERE contact_id = @contact_id AND at >= @since;

-- name: HasWritten :one
SELECT CAST(EXISTS (SELECT 1 FROM message m JOIN conversation c ON c.id = m.conversation_id
  WHERE c.contact_id = @contact_id AND m.direction = 'in' AND m.external_at >= @since AND m.kind <> 'system') AS BOOLEAN) AS written;

-- name: GiveRestriction :exec
UPDATE contact_restriction SET contact_id = @to_id WHERE contact_id = @contact_id AND at >= @since;

-- name: SettleChanges :exec
UPDATE identity_change SET vouched_at = @at, vouched_by = @agent_id, means = 'split', other_id = COALESCE(other_id, @other_id)
WHERE contact_id = @contact_id AND vouched_at IS NULL;

-- name: ListIdentitiesEver :many
SELECT * FROM identity WHERE contact_id = @contact_id ORDER BY valid_from, id;
