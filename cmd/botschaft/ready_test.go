package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/config"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// A node whose clock differs from the database's by more than two seconds is not ready
// and says why: leases and windows would be wrong. Alone on SQLite there is one clock.
func TestWrongClockIsNotReady(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		dir := t.TempDir()
		for _, c := range []struct {
			ahead time.Duration
			wrong bool
		}{{0, false}, {time.Second, false}, {3 * time.Second, true}, {-3 * time.Second, true}, {time.Hour, true}} {
			status, says := readiness(t, dir, url, c.ahead)
			if wrong := c.wrong && !strings.HasPrefix(url, "sqlite:"); wrong {
				if status != http.StatusServiceUnavailable || says != "this machine's clock and the database's differ by more than two seconds" {
					t.Errorf("a clock %v ahead: %d, %q", c.ahead, status, says)
				}
			} else if status != http.StatusOK || says != "ok" {
				t.Errorf("a clock %v ahead: %d, %q", c.ahead, status, says)
			}
		}
	})
}

// readiness asks a house whose clock is ahead of the machine's whether it is ready.
func readiness(t *testing.T, dir, url string, ahead time.Duration) (status int, says string) {
	t.Helper()
	cfg, err := config.Load(config.Sources{Flags: map[string]string{"data-dir": dir, "listen": "127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	clock, log := func() time.Time { return time.Now().Add(ahead) }, slog.New(slog.DiscardHandler)
	key, err := rootKey(cfg, log)
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(t.Context(), vault.Config{URL: urlOf(cfg.Vault), RootKey: key, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	g := &ground{cfg: cfg, store: storetest.Open(t, url, clock), vault: v, hasher: auth.NewHasher()}
	h, err := buildHouse(t.Context(), g, log)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.routes.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	var answer struct{ Checks map[string]string }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return w.Code, answer.Checks["clock"]
}
