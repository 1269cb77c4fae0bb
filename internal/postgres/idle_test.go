package postgres_test

import (
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// Nobody waits for long for a transaction whose node has stopped in the middle of it.
func TestRestingTransactionsEnd(t *testing.T) {
	db := parse(t, storetest.PostgresURL(t)).Open(2)
	defer func() { _ = db.Close() }()
	stopped, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stopped.Rollback() }()
	if _, err := stopped.Exec("SELECT pg_advisory_xact_lock(1)"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := db.Exec("SELECT pg_advisory_xact_lock(1)"); err != nil {
		t.Errorf("another one: %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("another one waited %s", took)
	}
}
