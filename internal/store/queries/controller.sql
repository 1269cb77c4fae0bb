-- name: AddController :exec
INSERT INTO controller (id, name, facts, created_at) VALUES (@id, @name, @facts, @created_at);

-- name: ListControllers :many
SELECT * FROM controller ORDER BY name, id;

-- name: ListControllersOf :many
SELECT c.* FROM controller c
WHERE EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = c.id)
  OR EXISTS (SELECT 1 FROM inbox_membership n JOIN inbox i ON i.id = n.inbox_id
    WHERE n.agent_id = @agent_id AND i.controller_id = c.id)
ORDER BY c.name, c.id;

-- name: SetControllerFacts :execrows
UPDATE controller SET name = @name, facts = @facts WHERE id = @id;
