package storetest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A cluster keeps what it committed, however it ends, and so does its replica.
func TestCluster(t *testing.T) {
	t.Parallel()
	c := NewCluster(t)
	database := c.Database("kept")
	write := func(url, statement string) {
		t.Helper()
		if err := execute(context.Background(), url, statement); err != nil {
			t.Fatal(err)
		}
	}
	write(database, "CREATE TABLE t (n INT)")
	r := c.Replica()
	write(database, "INSERT INTO t VALUES (1)")
	c.Kill()
	c.Start()
	write(database, "INSERT INTO t VALUES (2)")
	c.Restart()
	write(database, "INSERT INTO t VALUES (3)")
	if err := execute(context.Background(), r.URL("kept"), "INSERT INTO t VALUES (9)"); err == nil {
		t.Error("the replica took a write")
	}
	c.Kill()
	r.Promote()
	write(r.URL("kept"), "INSERT INTO t VALUES (4)")
	conn, err := pgx.Connect(context.Background(), r.URL("kept"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var n int
	if err := conn.QueryRow(context.Background(), "SELECT sum(n) FROM t").Scan(&n); err != nil || n != 10 {
		t.Errorf("got %d, %v", n, err)
	}
}
