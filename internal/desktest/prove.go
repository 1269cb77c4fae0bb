package desktest

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Prove shows on each engine that the search for canaries finds what is planted in any
// place in any writing, that it reads every declared column, and that it finds nothing
// where nothing is.
func Prove(t *testing.T, build Build) {
	t.Helper()
	std := overhear(t)
	onEachEngine(t, func(t *testing.T, at Place) {
		w := newWorld(t, build, &script{}, at)
		w.std = std
		ctx := t.Context()
		if err := errors.Join(customerSays(ctx, w, args{"CUSTOMER": {"anna"}, "TEXT": {"Hallo"}}), w.rest(ctx), noCanary(ctx, w, nil)); err != nil {
			t.Fatal(err)
		}
		w.proveColumns(t)
		for _, p := range w.plantings() {
			w.provePlace(t, p)
		}
	})
}

// writings are the ways in which a text may be written somewhere.
func writings() map[string]func(string) string {
	all := map[string]func(string) string{
		"plain":     func(s string) string { return "{" + s + "}" },
		"hex":       func(s string) string { return hex.EncodeToString([]byte("a" + s + "b")) },
		"upper hex": func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
	}
	for before := range 4 {
		all[fmt.Sprintf("base64 %d", before)] = func(s string) string {
			return base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + s + "yz"))
		}
		all[fmt.Sprintf("base64url %d", before)] = func(s string) string {
			return base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("?", before) + s))
		}
	}
	return all
}

// planting is a place, and how something gets there.
type planting struct {
	place string
	plant func(ctx context.Context, text string) error
}

// provePlace plants a canary of its own per writing and looks for each.
func (w *world) provePlace(t *testing.T, p planting) {
	t.Helper()
	var planted []canary
	var text strings.Builder
	for name, write := range writings() {
		c := canary{"planted " + name, "kanarie" + random(12)}
		planted = append(planted, c)
		text.WriteString(write(c.value) + "\n")
	}
	if err := p.plant(t.Context(), text.String()); err != nil {
		t.Fatalf("plant in %s: %v", p.place, err)
	}
	places, err := w.places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found, err := search(places, planted)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(found, "\n")
	for _, c := range planted {
		if !strings.Contains(all, fmt.Sprintf("%s holds %s (%s)", p.place, c.what, c.value)) {
			t.Errorf("what was %s in %s is not found", c.what, p.place)
		}
	}
}

// proveColumns checks that each column the product declares is read.
func (w *world) proveColumns(t *testing.T) {
	t.Helper()
	places, err := w.places(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]bool{}
	for _, p := range places {
		read[p.name] = true
	}
	for name := range store.Columns {
		if !read["column "+name+" of the data"] {
			t.Errorf("column %s is not searched", name)
		}
	}
	for name := range vault.Columns {
		if !read["column "+name+" of the keys"] {
			t.Errorf("column %s of the vault is not searched", name)
		}
	}
}

// plantings are the places that can be reached from here.
func (w *world) plantings() []planting {
	all := []planting{
		{"the log", func(_ context.Context, text string) error { w.at.Log.Debug("planted", "text", text); return nil }},
		{"the process's own log", func(_ context.Context, text string) error { log.Print(text); return nil }},
		{"the metrics", w.plantMetric},
		{"an answer to a failed request", w.plantAnswer},
		{"file media", func(_ context.Context, text string) error {
			return os.WriteFile(filepath.Join(w.at.Dir, "media"), []byte(text), 0o600)
		}},
		{"column event.kind of the data", w.data.planter(`UPDATE event SET kind = $1`, false)},
		{"column audit_entry.detail of the data", w.data.planter(`UPDATE audit_entry SET detail = $1`, false)},
		{"column message.content of the data", w.data.planter(`UPDATE message SET content = $1`, true)},
		{"column lane.name of the data", w.data.planter(`UPDATE lane SET name = $1 WHERE name = (SELECT MIN(name) FROM lane)`, false)},
		{"column vault_key.wrapped of the keys", w.keys.planter(`UPDATE vault_key SET wrapped = $1`, true)},
	}
	for _, db := range []*database{w.data, w.keys} {
		all = append(all, planting{"column unknown.words of the " + db.name, func(ctx context.Context, text string) error {
			insert := db.planter(`INSERT INTO unknown VALUES ($1)`, false)
			_, err := db.ExecContext(ctx, `CREATE TABLE unknown (words TEXT)`)
			return errors.Join(err, insert(ctx, "nothing"), insert(ctx, text))
		}})
	}
	if w.data.sqlite {
		all = append(all, w.data.plantings("botschaft.db")...)
		all = append(all, w.keys.plantings("vault.db")...)
	}
	return all
}

// planter gives what writes a text, or the bytes of it, with a statement.
func (d *database) planter(statement string, bytes bool) func(context.Context, string) error {
	return func(ctx context.Context, text string) error {
		var value any = text
		if bytes {
			value = []byte(text)
		}
		_, err := d.ExecContext(ctx, statement, value)
		return err
	}
}

// plantings are SQLite's files: what was deleted at once stands in the log of writes, and
// in the file itself what that log was brought into.
func (d *database) plantings(file string) []planting {
	insert := d.planter(`INSERT INTO unknown VALUES ($1)`, false)
	then := func(statement string) func(context.Context, string) error {
		return func(ctx context.Context, text string) error {
			if err := insert(ctx, text); err != nil {
				return err
			}
			_, err := d.ExecContext(ctx, statement)
			return err
		}
	}
	return []planting{
		{"file " + file + "-wal", then(`DELETE FROM unknown`)},
		{"file " + file, then(`PRAGMA wal_checkpoint(TRUNCATE)`)},
	}
}

func (w *world) plantMetric(_ context.Context, text string) error {
	for line := range strings.Lines(text) {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: "planted", ConstLabels: prometheus.Labels{"text": line}})
		if err := w.house.Metrics.Register(g); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) plantAnswer(ctx context.Context, text string) error {
	careless := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		http.Error(rw, text, http.StatusBadRequest)
	}))
	defer careless.Close()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, careless.URL, http.NoBody)
	if err != nil {
		return err
	}
	_, _, err = w.do(r)
	return err
}
