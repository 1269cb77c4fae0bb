// Package store keeps the house's data on SQLite or PostgreSQL, behind one set of
// SQL statements (queries/*.sql, compiled by sqlc into package rows).
//
// It promises that a write is one transaction which carries its audit entries,
// jobs and events with it, that the world is woken after commit and never before,
// and that on SQLite concurrent writes share one fsync. It refuses a schema newer
// than it knows, and it sees personal content only sealed.
package store
