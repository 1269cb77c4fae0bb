-- name: AddMembership :exec
INSERT INTO membership (agent_id, controller_id, at) VALUES (@agent_id, @controller_id, @at)
ON CONFLICT (agent_id, controller_id) DO NOTHING;

-- name: DropMembership :exec
DELETE FROM membership WHERE agent_id = @agent_id AND controller_id = @controller_id;

-- name: ListMemberships :many
SELECT controller_id FROM membership WHERE agent_id = @agent_id;

-- name: ListAllMemberships :many
SELECT * FROM membership;

-- name: AddInboxMembership :exec
INSERT INTO inbox_membership (agent_id, inbox_id, at) VALUES (@agent_id, @inbox_id, @at)
ON CONFLICT (agent_id, inbox_id) DO NOTHING;

-- name: DropInboxMembership :exec
DELETE FROM inbox_membership WHERE agent_id = @agent_id AND inbox_id = @inbox_id;

-- name: ListInboxMemberships :many
SELECT inbox_id FROM inbox_membership WHERE agent_id = @agent_id;

-- name: ListAllInboxMemberships :many
SELECT * FROM inbox_membership;
