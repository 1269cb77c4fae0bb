-- name: GetMessage :one
SELECT * FROM message WHERE id = @id;

-- name: GetMessageScoped :one
SELECT e.* FROM message e
WHERE e.id = @id AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = e.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = e.inbox_id));

-- name: ListMessages :many
SELECT * FROM message
WHERE conversation_id = @conversation_id
  AND thread_at <= @before_at AND (thread_at < @before_at OR position < @before_position)
ORDER BY thread_at DESC, position DESC LIMIT @page;

-- name: SetMessageStatus :execrows
UPDATE message SET status = @status, status_at = @status_at, failure = @failure
WHERE id = @id AND status = @was;

-- name: SealWamid :exec
UPDATE message SET wamid = @wamid WHERE id = @id AND contact_id = @contact_id;

-- name: GetDispatch :one
SELECT * FROM dispatch WHERE message_id = @message_id;

-- name: GetDispatchByClient :one
SELECT * FROM dispatch WHERE conversation_id = @conversation_id AND client_digest = @client_digest;

-- name: StartDispatch :exec
UPDATE dispatch SET permit = @permit, attempt = @attempt, node = @node, sending_at = @sending_at WHERE message_id = @message_id;

-- name: OldestDoubt :one
SELECT CAST(COALESCE(MIN(status_at), 0) AS BIGINT) AS at FROM message WHERE status = 'in_doubt';

-- name: OldestDoubtWithin :one
SELECT CAST(COALESCE(MIN(d.status_at), 0) AS BIGINT) AS at FROM message d
WHERE d.status = 'in_doubt' AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = d.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = d.inbox_id));

-- name: SweepParkedStatuses :execrows
DELETE FROM parked_status WHERE parked_at < @before;

-- name: IsOvertaken :one
SELECT CAST(EXISTS (SELECT 1 FROM message
  WHERE conversation_id = @conversation_id AND direction = 'out' AND position > CAST(@after AS BIGINT) AND author_id <> @author_id) AS BOOLEAN) AS overtaken;
