-- name: ListLedger :many
SELECT * FROM ledger WHERE contact_id = @contact_id ORDER BY n;

-- name: PageLedger :many
SELECT * FROM ledger
WHERE controller_id = @controller_id AND at <= @before_at AND (at < @before_at OR id < @before_id)
  AND (CAST(@step AS TEXT) = '' OR step = @step)
ORDER BY at DESC, id DESC LIMIT @page;

-- name: PageLedgerUp :many
SELECT * FROM ledger WHERE id > @after ORDER BY id LIMIT @page;

-- name: IsInLedgerUpTo :one
SELECT CAST(EXISTS (SELECT 1 FROM ledger WHERE id <= @id) AS BOOLEAN) AS below;

-- name: CountLedger :one
SELECT CAST(COALESCE(MAX(n), 0) AS BIGINT) AS n FROM ledger WHERE contact_id = @contact_id;

-- name: AddLedgerEntry :exec
INSERT INTO ledger (id, controller_id, contact_id, n, at, acted_at, step, ground, purpose, means, identity_id, wording_digest, wording_version,
  wording_language, asked_id, answer_id, paper, customer, sale, actor_kind, actor_id, via)
VALUES (@id, @controller_id, @contact_id, @n, @at, @acted_at, @step, @ground, @purpose, @means, @identity_id, @wording_digest, @wording_version,
  @wording_language, @asked_id, @answer_id, @paper, @customer, @sale, @actor_kind, @actor_id, @via);

-- name: AddPaper :exec
INSERT INTO paper (entry_id, contact_id, type, form) VALUES (@entry_id, @contact_id, @type, @form);

-- name: GetPaper :one
SELECT * FROM paper WHERE entry_id = @entry_id;

-- name: LastInbound :one
SELECT id FROM message WHERE conversation_id = @conversation_id AND direction = 'in' ORDER BY position DESC LIMIT 1;
