-- name: NumberEvents :execrows
UPDATE event SET n = s.rank + CAST(@base AS BIGINT)
FROM (SELECT f.id, ROW_NUMBER() OVER (ORDER BY f.at, f.id) AS rank
      FROM event f WHERE f.n IS NULL ORDER BY f.at, f.id LIMIT @page) AS s
WHERE event.id = s.id;

-- name: ListEvents :many
SELECT * FROM event WHERE n > CAST(@after_n AS BIGINT) ORDER BY n LIMIT @page;

-- name: SweepEvents :execrows
DELETE FROM event WHERE n IS NOT NULL AND at < @before;

-- name: OldestEvent :one
SELECT CAST(COALESCE(MIN(n), 0) AS BIGINT) AS n FROM event WHERE n IS NOT NULL;

-- name: CountFreshEvents :one
SELECT COUNT(*) FROM (SELECT 1 FROM event WHERE n IS NULL LIMIT 1) AS fresh;
