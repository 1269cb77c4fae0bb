-- name: ListFreshEntries :many
SELECT * FROM audit_entry WHERE n IS NULL ORDER BY at, id LIMIT @page;

-- name: NumberEntry :exec
UPDATE audit_entry SET n = @n, leaf = @leaf WHERE id = @id;

-- name: ListEntries :many
SELECT * FROM audit_entry WHERE n > CAST(@after_n AS BIGINT) ORDER BY n LIMIT @page;

-- name: ListNewestEntries :many
SELECT * FROM audit_entry WHERE n < CAST(@before_n AS BIGINT) ORDER BY n DESC LIMIT @page;

-- name: AddCheckpoint :exec
INSERT INTO checkpoint (size, root, at, signature) VALUES (@size, @root, @at, @signature)
ON CONFLICT (size) DO NOTHING;

-- name: ListCheckpoints :many
SELECT * FROM checkpoint ORDER BY size;

-- name: LastCheckpoint :one
SELECT * FROM checkpoint ORDER BY size DESC LIMIT 1;
