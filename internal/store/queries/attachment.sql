-- name: GetAttachment :one
SELECT * FROM attachment WHERE message_id = @message_id;

-- name: SetAttachment :execrows
UPDATE attachment SET state = @state, at = @at, why = @why, tries = @tries, size = @size, type = @type, duration = @duration,
  blob_id = @blob_id, blob_key = @blob_key, digest = @digest, thumbnail_type = @thumbnail_type,
  thumbnail_width = @thumbnail_width, thumbnail_height = @thumbnail_height
WHERE message_id = @message_id AND state <> 'fetched';

-- name: HurryJobs :execrows
UPDATE job SET due_at = @due_at WHERE lane = @lane;

-- name: SweepLanes :execrows
DELETE FROM lane WHERE kind = @kind AND due_at IS NULL AND holder = '';
