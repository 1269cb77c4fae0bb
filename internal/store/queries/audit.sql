-- name: ListFreshEntries :many
SELECT * FROM audit_entry WHERE n IS NULL ORDER BY at, id LIMIT @page;

-- name: CountFreshEntries :one
SELECT COUNT(*) FROM audit_entry WHERE n IS NULL;

-- name: ListLeaves :many
SELECT CAST(n AS BIGINT) AS n, leaf FROM audit_entry WHERE n > CAST(@after_n AS BIGINT) ORDER BY n LIMIT @page;

-- name: ListEntries :many
SELECT * FROM audit_entry WHERE n > CAST(@after_n AS BIGINT) ORDER BY n LIMIT @page;

-- name: ReadEntries :many
SELECT e.* FROM audit_entry e
WHERE e.n > CAST(@after_n AS BIGINT) AND e.n < CAST(@before_n AS BIGINT) AND e.at >= @from_at AND e.at < @until_at
  AND (CAST(@everything AS BOOLEAN) OR (e.controller_id IS NULL AND e.inbox_id IS NULL)
    OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = e.controller_id)
    OR EXISTS (SELECT 1 FROM inbox i JOIN membership m ON m.controller_id = i.controller_id WHERE m.agent_id = @agent_id AND i.id = e.inbox_id)
    OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = e.inbox_id))
ORDER BY e.n DESC LIMIT @page;

-- name: ReadEntriesOfAct :many
SELECT e.* FROM audit_entry e
WHERE e.act = @act
  AND e.n > CAST(@after_n AS BIGINT) AND e.n < CAST(@before_n AS BIGINT) AND e.at >= @from_at AND e.at < @until_at
  AND (CAST(@everything AS BOOLEAN) OR (e.controller_id IS NULL AND e.inbox_id IS NULL)
    OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = e.controller_id)
    OR EXISTS (SELECT 1 FROM inbox i JOIN membership m ON m.controller_id = i.controller_id WHERE m.agent_id = @agent_id AND i.id = e.inbox_id)
    OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = e.inbox_id))
ORDER BY e.n DESC LIMIT @page;

-- name: ReadEntriesOfActor :many
SELECT e.* FROM audit_entry e
WHERE e.actor_id = @actor_id AND (CAST(@act AS TEXT) = '' OR e.act = @act)
  AND e.n > CAST(@after_n AS BIGINT) AND e.n < CAST(@before_n AS BIGINT) AND e.at >= @from_at AND e.at < @until_at
  AND (CAST(@everything AS BOOLEAN) OR (e.controller_id IS NULL AND e.inbox_id IS NULL)
    OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = e.controller_id)
    OR EXISTS (SELECT 1 FROM inbox i JOIN membership m ON m.controller_id = i.controller_id WHERE m.agent_id = @agent_id AND i.id = e.inbox_id)
    OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = e.inbox_id))
ORDER BY e.n DESC LIMIT @page;

-- name: ReadEntriesAbout :many
SELECT e.* FROM audit_entry e
WHERE e.subject = @subject AND (CAST(@act AS TEXT) = '' OR e.act = @act)
  AND (CAST(@any_actor AS BOOLEAN) OR e.actor_id = @actor_id)
  AND e.n > CAST(@after_n AS BIGINT) AND e.n < CAST(@before_n AS BIGINT) AND e.at >= @from_at AND e.at < @until_at
  AND (CAST(@everything AS BOOLEAN) OR (e.controller_id IS NULL AND e.inbox_id IS NULL)
    OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = e.controller_id)
    OR EXISTS (SELECT 1 FROM inbox i JOIN membership m ON m.controller_id = i.controller_id WHERE m.agent_id = @agent_id AND i.id = e.inbox_id)
    OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = e.inbox_id))
ORDER BY e.n DESC LIMIT @page;

-- name: ReadRefusals :many
SELECT e.* FROM audit_entry e
WHERE e.act = @act AND (CAST(@pattern AS TEXT) = '' OR e.detail LIKE @pattern)
  AND (CAST(@any_inbox AS BOOLEAN) OR e.inbox_id = @inbox_id)
  AND e.n > CAST(@after_n AS BIGINT) AND e.n < CAST(@before_n AS BIGINT) AND e.at >= @from_at AND e.at < @until_at
  AND (CAST(@everything AS BOOLEAN)
    OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = e.controller_id)
    OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = e.inbox_id))
ORDER BY e.n DESC LIMIT @page;

-- name: LastEntryBefore :one
SELECT CAST(n AS BIGINT) AS n FROM audit_entry WHERE n IS NOT NULL AND at < @at ORDER BY at DESC, n DESC LIMIT 1;

-- name: FirstEntrySince :one
SELECT CAST(n AS BIGINT) AS n FROM audit_entry WHERE n IS NOT NULL AND at >= @at ORDER BY at, n LIMIT 1;

-- name: AddCheckpoint :exec
INSERT INTO checkpoint (size, root, frontier, at, signature) VALUES (@size, @root, @frontier, @at, @signature)
ON CONFLICT (size) DO NOTHING;

-- name: ListCheckpoints :many
SELECT * FROM checkpoint ORDER BY size;

-- name: LastCheckpoint :one
SELECT * FROM checkpoint ORDER BY size DESC LIMIT 1;
