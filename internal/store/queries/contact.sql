-- name: GetContact :one
SELECT * FROM contact WHERE id = @id;

-- name: SetContactProfile :exec
UPDATE contact SET profile = @profile WHERE id = @id;

-- name: ListIdentities :many
SELECT * FROM identity WHERE contact_id = @contact_id AND valid_until IS NULL ORDER BY kind, valid_from;

-- name: ListKinIdentities :many
SELECT i.* FROM identity i
WHERE i.valid_until IS NULL AND i.contact_id <> @contact_id AND i.contact_id IN (
  SELECT m.contact_id FROM contact_merge m WHERE m.into_id = COALESCE((SELECT s.into_id FROM contact_merge s WHERE s.contact_id = @contact_id), @contact_id)
  UNION SELECT t.into_id FROM contact_merge t WHERE t.contact_id = @contact_id)
ORDER BY i.kind, i.valid_from;

-- name: RestrictContact :exec
INSERT INTO contact_restriction (contact_id, at, reason) VALUES (@contact_id, @at, @reason)
ON CONFLICT (contact_id) DO NOTHING;

-- name: UnrestrictContact :execrows
DELETE FROM contact_restriction WHERE contact_id = @contact_id;

-- name: GetRestriction :one
SELECT * FROM contact_restriction WHERE contact_id = @contact_id;

-- name: LoadFacts :one
SELECT
  CAST(COALESCE((SELECT MAX(c.window_opened) FROM conversation c WHERE c.contact_id = @contact_id AND c.inbox_id = @inbox_id), 0) AS BIGINT) AS window_opened,
  CAST(COALESCE((SELECT o.opened_at FROM conversation o WHERE o.id = @conversation_id), 0) AS BIGINT) AS opened_at,
  CAST(EXISTS (SELECT 1 FROM contact_restriction r WHERE r.contact_id = @contact_id)
    OR EXISTS (SELECT 1 FROM contact_merge m JOIN contact_restriction q ON q.contact_id = m.contact_id OR q.contact_id = m.into_id
      WHERE m.into_id = COALESCE((SELECT s.into_id FROM contact_merge s WHERE s.contact_id = @contact_id), @contact_id)) AS BOOLEAN) AS restricted,
  CAST(EXISTS (SELECT 1 FROM contact_block b WHERE b.contact_id = @contact_id AND b.inbox_id = @inbox_id AND b.lifted_at IS NULL) AS BOOLEAN) AS blocked,
  CAST(EXISTS (SELECT 1 FROM identity_change d WHERE d.contact_id = @contact_id AND d.vouched_at IS NULL AND d.heard = 'refusal') AS BOOLEAN) AS doubted,
  CAST(COALESCE((SELECT p.reason FROM inbox_pause p WHERE p.inbox_id = @inbox_id), '') AS TEXT) AS pause_reason,
  CAST(EXISTS (SELECT 1 FROM inbox_pause p WHERE p.inbox_id = @inbox_id) AS BOOLEAN) AS paused,
  CAST(COALESCE((SELECT k.register FROM controller k WHERE k.id = @controller_id), 0) AS BIGINT) AS register,
  CAST(EXISTS (SELECT 1 FROM ledger l WHERE l.contact_id = @contact_id) AS BOOLEAN) AS in_ledger,
  CAST(COALESCE((SELECT MAX(COALESCE((SELECT MAX(h.at) FROM identity_change h WHERE h.contact_id = i.contact_id AND h.changed_at = i.valid_until), i.valid_until))
    FROM ledger g JOIN identity i ON i.id = g.identity_id WHERE g.contact_id = @contact_id AND g.step = 'granted'), 0) AS BIGINT) AS agreed_until;

-- name: ListShownAndObjected :many
SELECT 'showing' AS what, '' AS purpose, s.occasion, s.version, s.at, CAST(s.accepted_at IS NOT NULL AS BOOLEAN) AS accepted, CAST(COALESCE(m.status, '') AS TEXT) AS status
FROM showing s LEFT JOIN message m ON m.id = s.message_id
WHERE s.contact_id = @contact_id AND s.inbox_id = @inbox_id
UNION ALL
SELECT 'objection', o.purpose, '', 0, o.at, FALSE, '' FROM objection o WHERE o.contact_id = @contact_id
UNION ALL
SELECT 'objection', o.purpose, '', 0, o.at, FALSE, '' FROM contact_merge g JOIN objection o ON o.contact_id = g.contact_id OR o.contact_id = g.into_id
WHERE o.contact_id <> @contact_id AND g.into_id = COALESCE((SELECT f.into_id FROM contact_merge f WHERE f.contact_id = @contact_id), @contact_id);
