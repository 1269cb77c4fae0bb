-- name: SetCapacity :exec
INSERT INTO capacity (inbox_id, per_second, people, at) VALUES (@inbox_id, @per_second, @people, @at)
ON CONFLICT (inbox_id) DO UPDATE SET per_second = @per_second, people = @people, at = @at;

-- name: GetCapacity :one
SELECT * FROM capacity WHERE inbox_id = @inbox_id;

-- name: NoteReach :exec
INSERT INTO reach (inbox_id, contact_id, at) VALUES (@inbox_id, @contact_id, @at)
ON CONFLICT (inbox_id, contact_id) DO UPDATE SET at = @at;

-- name: CountReach :one
SELECT COUNT(DISTINCT r.contact_id) FROM reach r JOIN inbox i ON i.id = r.inbox_id
WHERE i.waba_id = (SELECT o.waba_id FROM inbox o WHERE o.id = @inbox_id) AND r.at > @since AND r.contact_id <> @but;

-- name: SweepReach :execrows
DELETE FROM reach WHERE at <= @before;
