-- name: RaiseLane :exec
INSERT INTO lane (name, kind, due_at, holder, token, until) VALUES (@name, @kind, @due_at, '', 0, 0)
ON CONFLICT (name) DO UPDATE SET due_at =
  CASE WHEN lane.due_at IS NULL OR lane.due_at > excluded.due_at THEN excluded.due_at ELSE lane.due_at END;

-- name: ListDueLanes :many
SELECT name, due_at FROM lane
WHERE kind = @kind AND due_at IS NOT NULL AND due_at <= @soon AND (until <= @now OR holder = @holder)
ORDER BY due_at LIMIT @page;

-- name: TakeLane :one
UPDATE lane SET holder = @holder, token = token + 1, until = @until
WHERE name = @name AND (until <= @now OR holder = @holder)
RETURNING token;

-- name: RenewLane :execrows
UPDATE lane SET until = @until WHERE name = @name AND token = @token AND holder = @holder;

-- name: FenceLane :execrows
UPDATE lane SET token = token WHERE name = @name AND token = @token AND holder = @holder;

-- name: ReleaseLane :execrows
UPDATE lane SET holder = '', until = 0, due_at = @due_at WHERE name = @name AND token = @token AND holder = @holder;

-- name: NextDue :one
SELECT due_at FROM job WHERE lane = @lane ORDER BY ordinal, id LIMIT 1;

-- name: ListJobs :many
SELECT * FROM job WHERE lane = @lane ORDER BY ordinal, id LIMIT @page;

-- name: DelayJob :exec
UPDATE job SET due_at = @due_at, attempts = attempts + 1 WHERE id = @id;

-- name: LaneDepths :many
SELECT l.kind, COUNT(j.id) AS depth FROM lane l JOIN job j ON j.lane = l.name GROUP BY l.kind;

-- name: CountJobsWithin :one
SELECT COUNT(*) FROM job j
WHERE CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM message o WHERE o.id = j.ref
    AND (EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = o.controller_id)
    OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = o.inbox_id)))
  OR EXISTS (SELECT 1 FROM delivery d JOIN inbox i ON i.id = d.inbox_id WHERE d.id = j.ref
    AND (EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = i.controller_id)
    OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = i.id)));

-- name: OldestJob :one
SELECT CAST(COALESCE(MIN(j.ordinal), 0) AS BIGINT) AS ordinal FROM job j JOIN lane l ON l.name = j.lane WHERE l.kind = @kind;

-- name: FreeLanes :exec
UPDATE lane SET holder = '', until = 0 WHERE holder <> '';
