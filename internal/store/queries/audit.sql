-- name: ListFreshEntries :many
SELECT * FROM audit_entry WHERE n IS NULL ORDER BY at, id LIMIT @page;

-- name: CountFreshEntries :one
SELECT COUNT(*) FROM audit_entry WHERE n IS NULL;

-- name: ListLeaves :many
SELECT CAST(n AS BIGINT) AS n, leaf FROM audit_entry WHERE n > CAST(@after_n AS BIGINT) ORDER BY n LIMIT @page;

-- name: ListEntries :many
SELECT * FROM audit_entry WHERE n > CAST(@after_n AS BIGINT) ORDER BY n LIMIT @page;

-- name: ListNewestEntries :many
SELECT * FROM audit_entry WHERE n < CAST(@before_n AS BIGINT) ORDER BY n DESC LIMIT @page;

-- name: AddCheckpoint :exec
INSERT INTO checkpoint (size, root, frontier, at, signature) VALUES (@size, @root, @frontier, @at, @signature)
ON CONFLICT (size) DO NOTHING;

-- name: ListCheckpoints :many
SELECT * FROM checkpoint ORDER BY size;

-- name: LastCheckpoint :one
SELECT * FROM checkpoint ORDER BY size DESC LIMIT 1;
