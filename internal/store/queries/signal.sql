-- name: NoteRead :execrows
INSERT INTO signal (conversation_id, position, typed_at) VALUES (@conversation_id, @position, 0)
ON CONFLICT (conversation_id) DO UPDATE SET position = excluded.position WHERE signal.position < excluded.position;

-- name: NoteTyping :execrows
INSERT INTO signal (conversation_id, position, typed_at) VALUES (@conversation_id, @position, @typed_at)
ON CONFLICT (conversation_id) DO UPDATE SET typed_at = excluded.typed_at, position = CASE WHEN signal.position < excluded.position THEN excluded.position ELSE signal.position END
WHERE signal.typed_at <= @before;

-- name: GetNewestReceived :one
SELECT id, position FROM message
WHERE conversation_id = @conversation_id AND direction = 'in' AND position <= @position
ORDER BY position DESC LIMIT 1;
