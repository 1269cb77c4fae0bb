-- name: ListIdentityChanges :many
SELECT * FROM identity_change WHERE contact_id = @contact_id OR other_id = @contact_id ORDER BY changed_at, id;

-- name: VouchForContact :execrows
UPDATE identity_change SET vouched_at = @at, vouched_by = @agent_id, means = @means WHERE contact_id = @contact_id AND vouched_at IS NULL;

-- name: AddMerge :exec
INSERT INTO contact_merge (id, controller_id, contact_id, into_id, at, agent_id) VALUES (@id, @controller_id, @contact_id, @into_id, @at, @agent_id);

-- name: DropMerge :execrows
DELETE FROM contact_merge WHERE contact_id = @contact_id AND into_id = @into_id;

-- name: ListMergesOf :many
SELECT m.* FROM contact_merge m
WHERE m.into_id = COALESCE((SELECT s.into_id FROM contact_merge s WHERE s.contact_id = @contact_id), @contact_id)
ORDER BY m.at, m.id;

-- name: GetIdentityKey :one
SELECT value FROM identity_key WHERE contact_id = @contact_id AND inbox_id = @inbox_id AND value IS NOT NULL;

-- name: ForgetRefusedKeys :exec
DELETE FROM identity_key WHERE identity_key.contact_id = @contact_id
  AND identity_key.at <= (SELECT MAX(c.changed_at) FROM identity_change c WHERE c.contact_id = @contact_id AND c.heard = 'refusal' AND c.vouched_at IS NULL);
