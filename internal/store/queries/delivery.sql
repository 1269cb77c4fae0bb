-- name: ListSetAside :many
SELECT s.* FROM set_aside s
WHERE NOT EXISTS (SELECT 1 FROM set_aside_decision d WHERE d.set_aside_id = s.id)
ORDER BY s.at, s.id;

-- name: GetSetAside :one
SELECT s.* FROM set_aside s
WHERE s.id = @id AND NOT EXISTS (SELECT 1 FROM set_aside_decision d WHERE d.set_aside_id = s.id);

-- name: CountSetAside :one
SELECT COUNT(*) FROM set_aside s
WHERE NOT EXISTS (SELECT 1 FROM set_aside_decision d WHERE d.set_aside_id = s.id);

-- name: CountSetAsideWithin :one
SELECT COUNT(*) FROM set_aside s JOIN inbox i ON i.id = s.inbox_id
WHERE NOT EXISTS (SELECT 1 FROM set_aside_decision d WHERE d.set_aside_id = s.id)
  AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = i.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = i.id));

-- name: AddSetAside :exec
INSERT INTO set_aside (id, delivery_id, inbox_id, path, reason, at, received_at, day)
VALUES (@id, @delivery_id, @inbox_id, @path, @reason, @at, @received_at, @day)
ON CONFLICT (delivery_id, path) DO NOTHING;

-- name: DecideSetAside :exec
INSERT INTO set_aside_decision (set_aside_id, at, actor, decision, reason)
VALUES (@set_aside_id, @at, @actor, @decision, @reason);

-- name: DropSetAside :exec
DELETE FROM set_aside WHERE id = @id;

-- name: ReopenDelivery :execrows
UPDATE delivery SET processed_at = NULL WHERE id = @id;

-- name: ListFinishedDays :many
SELECT DISTINCT d.day FROM delivery d
WHERE d.day < @today
  AND NOT EXISTS (SELECT 1 FROM delivery w WHERE w.day = d.day AND w.processed_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.day = d.day
    AND NOT EXISTS (SELECT 1 FROM set_aside_decision e WHERE e.set_aside_id = s.id));

-- name: DropDeliveries :execrows
DELETE FROM delivery WHERE day = @day AND processed_at IS NOT NULL;

-- name: ListOverdueDays :many
SELECT d.day, COUNT(*) AS deliveries FROM delivery d
WHERE d.day < @today AND (d.processed_at IS NULL OR EXISTS (SELECT 1 FROM set_aside s WHERE s.delivery_id = d.id
  AND NOT EXISTS (SELECT 1 FROM set_aside_decision e WHERE e.set_aside_id = s.id)))
GROUP BY d.day ORDER BY d.day;

-- name: DropOverdueDeliveries :execrows
DELETE FROM delivery WHERE day = @day;

-- name: DropOverdueSetAside :execrows
DELETE FROM set_aside WHERE day = @day
AND NOT EXISTS (SELECT 1 FROM set_aside_decision d WHERE d.set_aside_id = set_aside.id);
