-- name: AddToken :exec
INSERT INTO token (id, agent_id, digest, name, created_at, expires_at)
VALUES (@id, @agent_id, @digest, @name, @created_at, @expires_at);

-- name: GetToken :one
SELECT * FROM token WHERE digest = @digest;

-- name: FindToken :one
SELECT * FROM token WHERE id = @id;

-- name: ListTokens :many
SELECT * FROM token ORDER BY created_at DESC, id DESC;

-- name: ListTokensOf :many
SELECT * FROM token WHERE agent_id = @agent_id ORDER BY created_at DESC, id DESC;

-- name: RevokeToken :execrows
UPDATE token SET revoked_at = @revoked_at WHERE id = @id AND revoked_at IS NULL;

-- name: RevokeTokensOf :exec
UPDATE token SET revoked_at = @revoked_at WHERE agent_id = @agent_id AND revoked_at IS NULL;
