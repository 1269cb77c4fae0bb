package desktest

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// notes collects what is written to it by anybody at any time.
type notes struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps b.
func (n *notes) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(b)
}

func (n *notes) bytes() []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return bytes.Clone(n.text.Bytes())
}

// logbook is everything the product logs, in both formats it can log in and down to
// the least severe line.
type logbook struct {
	notes
	faults atomic.Int64 // lines that say that something is wrong
}

// text gives what people want to read of it: one format, without the requests.
func (l *logbook) text() string {
	var text strings.Builder
	for line := range strings.Lines(string(l.bytes())) {
		if strings.HasPrefix(line, "time=") && !strings.Contains(line, "msg=request") {
			text.WriteString(line)
		}
	}
	return text.String()
}

func (l *logbook) logger() *slog.Logger {
	return slog.New(&bothFormats{l, slog.NewTextHandler(l, nil), slog.NewJSONHandler(l, nil)})
}

// bothFormats logs each line twice.
type bothFormats struct {
	book       *logbook
	text, json slog.Handler
}

// Enabled lets every line pass.
func (b *bothFormats) Enabled(context.Context, slog.Level) bool { return true }

// Handle writes the line in both formats.
func (b *bothFormats) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		b.book.faults.Add(1)
	}
	if err := b.text.Handle(ctx, r.Clone()); err != nil {
		return err
	}
	return b.json.Handle(ctx, r)
}

// WithAttrs gives both formats the attributes.
func (b *bothFormats) WithAttrs(as []slog.Attr) slog.Handler {
	return &bothFormats{b.book, b.text.WithAttrs(as), b.json.WithAttrs(as)}
}

// WithGroup gives both formats the group.
func (b *bothFormats) WithGroup(name string) slog.Handler {
	return &bothFormats{b.book, b.text.WithGroup(name), b.json.WithGroup(name)}
}

// places gives everything the product wrote anywhere, but for what it told those who
// may read it.
func (w *world) places(ctx context.Context) ([]place, error) {
	metrics, err := w.metrics()
	if err != nil {
		return nil, err
	}
	all := []place{{"the log", w.log.bytes()}, {"the process's own log", w.std.bytes()}, {"the metrics", metrics}, {"an answer to a failed request", w.answers.bytes()}}
	files, err := filePlaces(w.at.Dir)
	if err != nil {
		return nil, err
	}
	all = append(all, files...)
	for _, db := range []*database{w.data, w.keys} {
		columns, err := db.columns(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, columns...)
	}
	return all, nil
}

// metrics reads the metrics' own address, as a monitoring system does.
func (w *world) metrics() ([]byte, error) {
	if w.house == nil {
		return nil, nil
	}
	resp, err := http.Get("http://" + w.gauge.Addr().String() + "/metrics")
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && !bytes.Contains(text, []byte("botschaft_")) {
		err = fmt.Errorf("the metrics show nothing of ours: %d %s", resp.StatusCode, text)
	}
	return text, err
}

// filePlaces reads every file of a house: databases, what SQLite keeps beside them,
// keys.
func filePlaces(dir string) ([]place, error) {
	var all []place
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(name)
		all = append(all, place{"file " + filepath.Base(name), content})
		return err
	})
	return all, err
}

// database is a store of the house seen from beside it, with a connection of its own.
type database struct {
	*sql.DB
	name   string // "data" or "keys"
	sqlite bool
}

// columns gives every column of every table with what all its rows hold.
func (d *database) columns(ctx context.Context) ([]place, error) {
	tables, err := d.tables(ctx)
	if err != nil {
		return nil, err
	}
	var all []place
	for _, table := range tables {
		found, err := d.table(ctx, table)
		if err != nil {
			return nil, fmt.Errorf("read table %s: %w", table, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

func (d *database) tables(ctx context.Context) ([]string, error) {
	list := `SELECT table_schema || '.' || table_name FROM information_schema.tables
		WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`
	if d.sqlite {
		list = `SELECT 'main.' || name FROM sqlite_master WHERE type = 'table'`
	}
	rows, err := d.QueryContext(ctx, list)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, rows.Err()
}

func (d *database) table(ctx context.Context, table string) ([]place, error) {
	rows, err := d.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	found, values, into := make([]place, len(names)), make([]any, len(names)), make([]any, len(names))
	for i, name := range names {
		_, bare, _ := bytes.Cut([]byte(table), []byte("."))
		found[i].name, into[i] = fmt.Sprintf("column %s.%s of the %s", bare, name, d.name), &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range values {
			found[i].content = append(appendValue(found[i].content, v), '\n')
		}
	}
	return found, rows.Err()
}

func appendValue(to []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return to
	case []byte:
		return append(to, v...)
	case string:
		return append(to, v...)
	default:
		return fmt.Append(to, v)
	}
}
