package settings_test

import (
	"context"
	"strings"
	"testing"
	"time"
)

// race runs fn n times at the same moment. On PostgreSQL nobody can write the tables
// until everybody has read and waits, so that what they read is what all have in
// common; SQLite has one writer.
func (w *world) race(t *testing.T, tables string, n int, fn func(i int) error) []error {
	t.Helper()
	ended := make(chan error, n)
	start := func() {
		for i := range n {
			go func() { ended <- fn(i) }()
		}
	}
	if strings.HasPrefix(w.url, "sqlite:") {
		start()
	} else {
		w.hold(t, tables, n, start)
	}
	errs := make([]error, n)
	for i := range errs {
		errs[i] = <-ended
	}
	return errs
}

func (w *world) hold(t *testing.T, tables string, n int, start func()) {
	t.Helper()
	ctx := context.Background()
	db := w.database(t)
	tx, err := db.BeginTx(ctx, nil)
	must(t, err)
	_, err = tx.ExecContext(ctx, "LOCK TABLE "+tables+" IN EXCLUSIVE MODE")
	must(t, err)
	start()
	const waiting = "SELECT COUNT(DISTINCT pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT granted AND datname = current_database()"
	for deadline, blocked := time.Now().Add(10*time.Second), 0; blocked < n; time.Sleep(time.Millisecond) {
		must(t, db.QueryRowContext(ctx, waiting).Scan(&blocked))
		if time.Now().After(deadline) {
			t.Errorf("%d of %d came to wait", blocked, n)
			break
		}
	}
	must(t, tx.Commit())
}

// winners counts those that succeeded and gives the other errors.
func winners(errs []error) (won int, lost []error) {
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			lost = append(lost, err)
		}
	}
	return won, lost
}
