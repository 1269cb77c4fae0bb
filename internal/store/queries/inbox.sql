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

-- name: StopInbox :execrows
INSERT INTO inbox_pause (inbox_id, at, actor, reason, code) VALUES (@inbox_id, @at, @actor, @reason, @code)
ON CONFLICT (inbox_id) DO NOTHING;

-- name: DropInboxPause :execrows
DELETE FROM inbox_pause WHERE inbox_id = @inbox_id;

-- name: SetInboxResumed :exec
UPDATE inbox SET resumed_at = @resumed_at WHERE id = @id;

-- name: GetInboxResumed :one
SELECT resumed_at FROM inbox WHERE id = @id;

-- name: CountInboxPauses :one
SELECT COUNT(*) FROM inbox_pause;

-- name: ListCoexistences :many
SELECT * FROM coexistence;

-- name: AddCoexistence :execrows
INSERT INTO coexistence (inbox_id, at, actor, reason) VALUES (@inbox_id, @at, @actor, @reason)
ON CONFLICT (inbox_id) DO NOTHING;

-- name: DropCoexistence :execrows
DELETE FROM coexistence WHERE inbox_id = @inbox_id;

-- name: SetInboxSecrets :exec
UPDATE inbox SET secrets = @secrets WHERE id = @id;

-- name: SetInboxName :exec
UPDATE inbox SET name = @name WHERE id = @id;

-- name: SetInboxSignals :exec
UPDATE inbox SET signals = @signals WHERE id = @id;
