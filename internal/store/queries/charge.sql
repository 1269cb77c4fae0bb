-- name: AddCharge :exec
INSERT INTO charge (inbox_id, month, category, kind, count) VALUES (@inbox_id, @month, @category, @kind, @count)
ON CONFLICT (inbox_id, month, category, kind) DO UPDATE SET count = charge.count + excluded.count;

-- name: ListCharges :many
SELECT * FROM charge WHERE inbox_id = @inbox_id AND month >= @since ORDER BY month DESC, category, kind;
