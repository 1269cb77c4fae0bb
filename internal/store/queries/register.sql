-- name: AddRegisterEntry :exec
INSERT INTO register (controller_id, kind, subject_id, version, at, actor, active, facts)
VALUES (@controller_id, @kind, @subject_id, @version, @at, @actor, @active, @facts);

-- name: ListRegister :many
SELECT r.* FROM register r
WHERE r.controller_id = @controller_id AND r.version = (
  SELECT MAX(v.version) FROM register v
  WHERE v.controller_id = r.controller_id AND v.kind = r.kind AND v.subject_id = r.subject_id AND v.at <= @at)
ORDER BY r.kind, r.subject_id;

-- name: ListRegisterVersions :many
SELECT * FROM register WHERE controller_id = @controller_id AND kind = @kind AND subject_id = @subject_id ORDER BY version DESC;

-- name: StampRegister :exec
UPDATE controller SET register = @register WHERE id = @id;

-- name: AddNotice :exec
INSERT INTO notice (id, controller_id, inbox_id, version, language, tone, digest, short, long, at, actor, material)
VALUES (@id, @controller_id, @inbox_id, @version, @language, @tone, @digest, @short, @long, @at, @actor, @material);

-- name: ListNotices :many
SELECT * FROM notice WHERE inbox_id = @inbox_id ORDER BY version DESC, language;

-- name: ListNoticesInUse :many
SELECT n.* FROM notice n WHERE n.controller_id = @controller_id
  AND n.version = (SELECT MAX(v.version) FROM notice v WHERE v.inbox_id = n.inbox_id)
ORDER BY n.inbox_id, n.language;

-- name: ListNoticeDigests :many
SELECT inbox_id, version, language, digest FROM notice WHERE controller_id = @controller_id AND at <= @at ORDER BY inbox_id, version;

-- name: ListMaterialVersions :many
SELECT inbox_id, CAST(MAX(version) AS BIGINT) AS version FROM notice WHERE controller_id = @controller_id AND material GROUP BY inbox_id;

-- name: AddShowing :exec
INSERT INTO showing (message_id, notice_id, contact_id, inbox_id, version, at, occasion, line)
VALUES (@message_id, @notice_id, @contact_id, @inbox_id, @version, @at, @occasion, @line);

-- name: NoteShowing :exec
UPDATE showing SET accepted_at = COALESCE(accepted_at, @at),
  delivered_at = CASE WHEN CAST(@status AS TEXT) IN ('delivered', 'read') THEN COALESCE(delivered_at, @at) ELSE delivered_at END,
  read_at = CASE WHEN CAST(@status AS TEXT) = 'read' THEN COALESCE(read_at, @at) ELSE read_at END
WHERE message_id = @message_id;

-- name: ListShowings :many
SELECT s.*, n.language, n.digest FROM showing s JOIN notice n ON n.id = s.notice_id
WHERE s.contact_id = @contact_id ORDER BY s.at DESC, s.message_id DESC;

-- name: AddObjection :exec
INSERT INTO objection (contact_id, purpose, at, actor) VALUES (@contact_id, @purpose, @at, @actor)
ON CONFLICT (contact_id, purpose) DO NOTHING;

-- name: DropObjection :execrows
DELETE FROM objection WHERE contact_id = @contact_id AND purpose = @purpose;

-- name: ListObjections :many
SELECT * FROM objection WHERE contact_id = @contact_id ORDER BY purpose;

-- name: GetControllerOfRecipient :one
SELECT controller_id FROM register WHERE kind = 'recipient' AND subject_id = @subject_id AND version = 1;

-- name: AddTermsFile :execrows
INSERT INTO terms_file (id, controller_id, digest, at, actor, type, file) VALUES (@id, @controller_id, @digest, @at, @actor, @type, @file)
ON CONFLICT (controller_id, digest) DO NOTHING;

-- name: GetTermsFile :one
SELECT * FROM terms_file WHERE controller_id = @controller_id AND digest = @digest;

-- name: ListTermsFiles :many
SELECT digest FROM terms_file WHERE controller_id = @controller_id ORDER BY digest;
