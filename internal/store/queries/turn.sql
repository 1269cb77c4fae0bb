-- name: ListTurns :many
SELECT * FROM turn
WHERE conversation_id = @conversation_id
  AND thread_at <= @before_at AND (thread_at < @before_at OR position < @before_position)
ORDER BY thread_at DESC, position DESC LIMIT @page;

-- name: ListNotes :many
SELECT * FROM turn WHERE conversation_id = @conversation_id AND kind = 'note'
ORDER BY thread_at DESC, position DESC LIMIT @page;

-- name: GetTurnByClient :one
SELECT * FROM turn WHERE conversation_id = @conversation_id AND client_digest = @client_digest;
