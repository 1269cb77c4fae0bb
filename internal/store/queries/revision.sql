-- name: ListRevisions :many
SELECT r.* FROM revision r
WHERE (CAST(@everything AS BOOLEAN) OR r.controller_id IS NULL
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = r.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = r.inbox_id))
  AND r.at <= @before_at AND (r.at < @before_at OR r.id < @before_id)
ORDER BY r.at DESC, r.id DESC LIMIT @page;

-- name: ListRevisionsOf :many
SELECT r.* FROM revision r
WHERE r.subject = @subject AND (CAST(@everything AS BOOLEAN) OR r.controller_id IS NULL
  OR EXISTS (SELECT 1 FROM membership m WHERE m.agent_id = @agent_id AND m.controller_id = r.controller_id)
  OR EXISTS (SELECT 1 FROM inbox_membership n WHERE n.agent_id = @agent_id AND n.inbox_id = r.inbox_id))
  AND r.at <= @before_at AND (r.at < @before_at OR r.id < @before_id)
ORDER BY r.at DESC, r.id DESC LIMIT @page;
