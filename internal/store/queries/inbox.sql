-- name: AddInbox :exec
INSERT INTO inbox (id, controller_id, channel, name, phone_number_id, waba_id, graph_url, graph_version, auth, secrets, created_at)
VALUES (@id, @controller_id, @channel, @name, @phone_number_id, @waba_id, @graph_url, @graph_version, @auth, @secrets, @created_at);

-- name: ListInboxes :many
SELECT * FROM inbox ORDER BY name, id;

-- name: ListInboxPauses :many
SELECT * FROM inbox_pause;

-- name: AddInboxPause :exec
INSERT INTO inbox_pause (inbox_id, at, actor, reason) VALUES (@inbox_id, @at, @actor, @reason)
ON CONFLICT (inbox_id) DO NOTHING;

-- name: DropInboxPause :execrows
DELETE FROM inbox_pause WHERE inbox_id = @inbox_id;

-- name: CountInboxPauses :one
SELECT COUNT(*) FROM inbox_pause;

-- name: SetInboxSecrets :exec
UPDATE inbox SET secrets = @secrets WHERE id = @id;

-- name: SetInboxName :exec
UPDATE inbox SET name = @name WHERE id = @id;
