package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// maxSet is how many values one statement asks for; larger sets are asked in parts.
const maxSet = 256

// findSet runs "head (…) tail" for all values, in parts whose lengths are powers of
// two, so that few distinct statements exist. fixed are the arguments before the
// list; scan reads one row.
func findSet(ctx context.Context, q querier, head, tail string, fixed []any, values [][]byte, scan func(*sql.Rows) error) error {
	for len(values) > 0 {
		part := values[:min(len(values), maxSet)]
		values = values[len(part):]
		if err := findPart(ctx, q, head, tail, fixed, part, scan); err != nil {
			return err
		}
	}
	return nil
}

func findPart(ctx context.Context, q querier, head, tail string, fixed []any, part [][]byte, scan func(*sql.Rows) error) error {
	size := 1
	for size < len(part) {
		size *= 2
	}
	args := append(make([]any, 0, len(fixed)+size), fixed...)
	marks := make([]string, size)
	for i := range size {
		args = append(args, part[min(i, len(part)-1)])
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	found, err := q.QueryContext(ctx, head+" ("+strings.Join(marks, ", ")+") "+tail, args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		if err := scan(found); err != nil {
			return err
		}
	}
	return found.Err()
}

// locked appends the row lock that PostgreSQL needs; SQLite has one writer.
func (tx *Tx) locked() string {
	if tx.store.engine == postgres {
		return "FOR UPDATE"
	}
	return ""
}
