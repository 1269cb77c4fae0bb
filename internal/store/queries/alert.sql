-- name: InsertAlert :exec
INSERT INTO alert (id, controller_id, inbox_id, kind, code, subject, value, severity, at)
VALUES (@id, @controller_id, @inbox_id, @kind, @code, @subject, @value, @severity, @at);

-- name: LastAlert :one
SELECT * FROM alert WHERE inbox_id = @inbox_id AND kind = @kind AND subject = @subject ORDER BY at DESC, id DESC LIMIT 1;

-- name: EndAlerts :exec
UPDATE alert SET ended_at = @ended_at, ended_by = @ended_by
WHERE inbox_id = @inbox_id AND kind = @kind AND subject = @subject AND ended_at IS NULL;

-- name: GetAlert :one
SELECT * FROM alert WHERE id = @id;

-- name: EndAlert :execrows
UPDATE alert SET ended_at = @ended_at, ended_by = @ended_by WHERE id = @id AND ended_at IS NULL;

-- name: ListOpenAlerts :many
SELECT * FROM alert WHERE ended_at IS NULL ORDER BY at, id;

-- name: CountCapacityAlerts :many
SELECT inbox_id, COUNT(*) AS told FROM alert WHERE kind IN ('number', 'limit', 'account') GROUP BY inbox_id;

-- name: ListAlerts :many
SELECT * FROM alert WHERE inbox_id = @inbox_id ORDER BY at DESC, id DESC LIMIT @page;
