-- name: GetInstallation :one
SELECT * FROM installation LIMIT 1;

-- name: AddInstallation :exec
INSERT INTO installation (id, feed, created_at) VALUES (@id, @feed, @created_at);

-- name: GetCounter :one
SELECT n FROM counter WHERE name = @name;

-- name: SetCounter :exec
UPDATE counter SET n = @n WHERE name = @name;
