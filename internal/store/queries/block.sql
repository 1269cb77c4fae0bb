-- name: AddBlock :exec
INSERT INTO contact_block (id, controller_id, contact_id, inbox_id, reason, at, agent_id, failure)
VALUES (@id, @controller_id, @contact_id, @inbox_id, @reason, @at, @agent_id, '');

-- name: GetBlock :one
SELECT * FROM contact_block WHERE id = @id;

-- name: GetHoldingBlock :one
SELECT * FROM contact_block WHERE contact_id = @contact_id AND inbox_id = @inbox_id AND lifted_at IS NULL;

-- name: LiftBlock :exec
UPDATE contact_block SET lifted_at = @lifted_at, lifted_by = @lifted_by WHERE id = @id AND lifted_at IS NULL;

-- name: SettleBlock :exec
UPDATE contact_block SET told_at = @told_at, failure = @failure WHERE id = @id;
