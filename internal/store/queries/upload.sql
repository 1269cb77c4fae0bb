-- name: AddUpload :exec
INSERT INTO upload (id, conversation_id, contact_id, agent_id, at, kind, size, type, duration, blob_id, blob_key, digest,
  thumbnail_type, thumbnail_width, thumbnail_height)
VALUES (@id, @conversation_id, @contact_id, @agent_id, @at, @kind, @size, @type, @duration, @blob_id, @blob_key, @digest,
  @thumbnail_type, @thumbnail_width, @thumbnail_height);

-- name: GetUpload :one
SELECT * FROM upload WHERE id = @id AND conversation_id = @conversation_id AND agent_id = @agent_id;

-- name: DropUpload :execrows
DELETE FROM upload WHERE id = @id;

-- name: ListUploadsBefore :many
SELECT * FROM upload WHERE at < @at ORDER BY at LIMIT @page;

-- name: SetMedia :exec
UPDATE dispatch SET media = @media, media_until = @media_until WHERE message_id = @message_id;

-- name: CountAttempt :exec
UPDATE dispatch SET attempt = attempt + 1 WHERE message_id = @message_id;
