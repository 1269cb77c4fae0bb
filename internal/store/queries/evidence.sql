-- name: GetContactWithin :one
SELECT c.* FROM contact c
WHERE c.id = @id AND (CAST(@everything AS BOOLEAN)
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = c.controller_id));
