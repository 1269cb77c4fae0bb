-- name: AddController :exec
INSERT INTO controller (id, name, facts, created_at) VALUES (@id, @name, @facts, @created_at);

-- name: ListControllers :many
SELECT * FROM controller ORDER BY name, id;

-- name: ListControllersOf :many
SELECT c.* FROM controller c JOIN membership m ON m.controller_id = c.id
WHERE m.agent_id = @agent_id ORDER BY c.name, c.id;

-- name: SetControllerFacts :execrows
UPDATE controller SET name = @name, facts = @facts WHERE id = @id;
