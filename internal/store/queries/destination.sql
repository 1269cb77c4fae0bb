-- name: NoteDestination :exec
INSERT INTO destination (host, port, purpose, company, first_at, last_at) VALUES (@host, @port, @purpose, @company, @at, @at)
ON CONFLICT (host, port, purpose, company) DO UPDATE SET last_at = CASE WHEN excluded.last_at > destination.last_at THEN excluded.last_at ELSE destination.last_at END;

-- name: ListDestinations :many
SELECT * FROM destination ORDER BY host, port, purpose, company;
