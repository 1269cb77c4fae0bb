package store

import (
	"context"
	"encoding/json"
	"fmt"

	"botschaft/internal/desk"
	"botschaft/internal/store/rows"
)

type auditRow struct {
	desk.AuditEntry
	detail string
}

var auditRows = newInsert("audit_entry", "",
	column[auditRow]{"id", "bytea", func(e *auditRow) any { return e.ID }},
	column[auditRow]{"at", "bigint", func(e *auditRow) any { return desk.AsMillis(e.At) }},
	column[auditRow]{"actor_kind", "text", func(e *auditRow) any { return string(e.Actor.Kind) }},
	column[auditRow]{"actor_id", "bytea", func(e *auditRow) any { return e.Actor.Agent }},
	column[auditRow]{"via", "text", func(e *auditRow) any { return e.Actor.Via }},
	column[auditRow]{"act", "text", func(e *auditRow) any { return string(e.Act) }},
	column[auditRow]{"subject", "text", func(e *auditRow) any { return e.Subject }},
	column[auditRow]{"controller_id", "bytea", func(e *auditRow) any { return e.Controller }},
	column[auditRow]{"inbox_id", "bytea", func(e *auditRow) any { return e.Inbox }},
	column[auditRow]{"detail", "text", func(e *auditRow) any { return e.detail }},
)

func (tx *Tx) insertAudit(ctx context.Context) error {
	written := make([]auditRow, len(tx.audit))
	for i, e := range tx.audit {
		e.ID, e.At = desk.NewID[desk.AuditEntry](), tx.now
		detail, err := json.Marshal(e.Detail)
		if err != nil {
			return fmt.Errorf("audit detail: %w", err)
		}
		written[i] = auditRow{e, string(detail)}
	}
	return auditRows.write(ctx, tx, written)
}

// Numbered is the place of an entry in the log and the hash of its leaf.
type Numbered struct {
	ID   desk.AuditID
	N    int64
	Leaf []byte
}

var numberedRows = newUpdate("audit_entry",
	column[Numbered]{"id", "bytea", func(n *Numbered) any { return n.ID }},
	column[Numbered]{"n", "bigint", func(n *Numbered) any { return n.N }},
	column[Numbered]{"leaf", "bytea", func(n *Numbered) any { return n.Leaf }},
)

// NumberEntries gives entries their places; the caller holds LockAudit.
func (tx *Tx) NumberEntries(ctx context.Context, ns []Numbered) error {
	return numberedRows.write(ctx, tx, ns)
}

// LockAudit makes this transaction the only one that numbers audit entries.
func (tx *Tx) LockAudit(ctx context.Context) error { return tx.lock(ctx, lockAudit) }

// AuditEntryOf reads a row.
func AuditEntryOf(r rows.AuditEntry) (desk.AuditEntry, error) {
	e := desk.AuditEntry{
		ID: r.ID, N: r.N.Int64, At: r.At.Time, Act: r.Act, Subject: r.Subject, Controller: r.Controller, Inbox: r.Inbox,
		Actor: desk.Actor{Kind: r.ActorKind, Agent: r.ActorID, Via: r.Via},
	}
	err := json.Unmarshal([]byte(r.Detail), &e.Detail)
	return e, err
}
