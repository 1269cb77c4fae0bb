package store

import (
	"context"
	"database/sql"
	"sync"
)

// kept holds prepared statements by their text, which SQLite would compile anew for each
// question. There are few texts: a list of values counts a power of two. On PostgreSQL there
// is none of it: its lines keep what they prepared themselves.
type kept struct {
	db     *sql.DB
	mu     sync.Mutex
	by     map[string]*sql.Stmt
	wanted []string // asked for by a transaction, which had the one line that could prepare it
}

func newKept(db *sql.DB) *kept { return &kept{db: db, by: map[string]*sql.Stmt{}} }

// QueryContext asks outside a transaction.
func (k *kept) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	stmt := k.find(text)
	if stmt == nil {
		var err error
		if stmt, err = k.prepare(ctx, text); err != nil {
			return nil, err
		}
	}
	return stmt.QueryContext(ctx, args...)
}

func (k *kept) find(text string) *sql.Stmt {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.by[text]
}

// prepare keeps the statement; of two who do so at once the first one's stays.
func (k *kept) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	stmt, err := k.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if first := k.by[text]; first != nil {
		return first, stmt.Close()
	}
	k.by[text] = stmt
	return stmt, nil
}

// within gives the statement to a transaction, or prepares it for this one alone and
// notes that it is wanted.
func (k *kept) within(ctx context.Context, tx *sql.Tx, text string) (*sql.Stmt, error) {
	if stmt := k.find(text); stmt != nil {
		return tx.StmtContext(ctx, stmt), nil
	}
	k.mu.Lock()
	k.wanted = append(k.wanted, text)
	k.mu.Unlock()
	return tx.PrepareContext(ctx, text)
}

// prepareWanted prepares what transactions asked for. The caller holds no line. What cannot
// be prepared now is asked for again.
func (k *kept) prepareWanted(ctx context.Context) {
	k.mu.Lock()
	wanted := k.wanted
	k.wanted = nil
	k.mu.Unlock()
	for _, text := range wanted {
		if k.find(text) == nil {
			_, _ = k.prepare(ctx, text)
		}
	}
}

// QueryContext asks within the transaction.
func (tx *Tx) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if tx.store.engine == postgres {
		return tx.sql.QueryContext(ctx, text, args...)
	}
	stmt, err := tx.store.writes.within(ctx, tx.sql, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// exec runs a statement within the transaction.
func (tx *Tx) exec(ctx context.Context, text string, args ...any) error {
	if tx.store.engine == postgres {
		_, err := tx.sql.ExecContext(ctx, text, args...)
		return err
	}
	stmt, err := tx.store.writes.within(ctx, tx.sql, text)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx, args...)
	return err
}
