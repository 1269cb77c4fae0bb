package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"botschaft/internal/postgres"
	"botschaft/internal/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("database/sql.(*DB).connectionOpener"))
}

func parse(t *testing.T, url string) postgres.Address {
	t.Helper()
	a, err := postgres.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A server that is gone without a word holds up nobody, and the next question finds its
// successor.
func TestSilenceEnds(t *testing.T) {
	url := storetest.PostgresURL(t)
	proxy := storetest.NewProxy(t, storetest.HostOf(t, url))
	const silence = 300 * time.Millisecond
	db := parse(t, proxy.URL(t, url)).OpenImpatiently(1, silence)
	defer func() { _ = db.Close() }()
	ask := func() error {
		var one int
		return db.QueryRowContext(t.Context(), "SELECT 1").Scan(&one)
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	proxy.Freeze(true)
	began := time.Now()
	if err := ask(); err == nil || time.Since(began) > 20*silence {
		t.Errorf("a frozen server: %v after %s", err, time.Since(began))
	}
	proxy.Freeze(false)
	if err := ask(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if err := parse(t, url).OpenPatiently(1).QueryRowContext(t.Context(), "SELECT pg_sleep(0.4)::text").Scan(new(string)); err != nil {
		t.Errorf("slow work: %v", err)
	}
}

// A line to a server that became read-only is given up when the address wants a primary.
func TestStandbyIsLeft(t *testing.T) {
	url := storetest.PostgresURL(t)
	for _, c := range []struct {
		address string
		stays   bool
	}{{url, true}, {url + "&target_session_attrs=read-write", false}} {
		db := parse(t, c.address).Open(1)
		defer func() { _ = db.Close() }()
		pid := func() (n int, err error) {
			err = db.QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&n)
			return n, err
		}
		first, err := pid()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), "SET default_transaction_read_only = on"); err != nil {
			t.Fatal(err)
		}
		if next, err := pid(); err != nil || (next == first) != c.stays {
			t.Errorf("%t: after line %d came %d, %v", c.stays, first, next, err)
		}
	}
}

// No error repeats an address.
func TestAddressesAreNotRepeated(t *testing.T) {
	const secret = "Kanarienvogel"
	if _, err := postgres.Parse("postgres://u:" + secret + "@h:port/d"); !errors.Is(err, postgres.ErrAddress) || strings.Contains(err.Error(), secret) {
		t.Errorf("got %v", err)
	}
	_, err := parse(t, "postgres://u:p@127.0.0.1:9/"+secret).Listen(context.Background(), "c")
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("got %v", err)
	}
}
