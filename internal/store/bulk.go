package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
)

// column says how one column of a T is stored.
type column[T any] struct {
	name string
	typ  string // bytea, bigint, text, boolean
	of   func(*T) any
}

// bulk writes many Ts at once: arrays on PostgreSQL, rows on SQLite. It is the one
// exception to "one SQL for two engines": a statement per row tops out near 1,200
// messages/s on PostgreSQL.
type bulk[T any] struct {
	insert  string // the array form of the statement, for PostgreSQL
	row     string // the row form, for SQLite
	columns []column[T]
}

func newInsert[T any](table, conflict string, columns ...column[T]) *bulk[T] {
	names, marks, arrays := make([]string, len(columns)), make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
		marks[i] = fmt.Sprintf("$%d", i+1)
		arrays[i] = fmt.Sprintf("$%d::%s[]", i+1, c.typ)
	}
	head := fmt.Sprintf("INSERT INTO %s (%s) ", table, strings.Join(names, ", "))
	return &bulk[T]{
		insert:  head + "SELECT * FROM unnest(" + strings.Join(arrays, ", ") + ") " + conflict,
		row:     head + "VALUES (" + strings.Join(marks, ", ") + ") " + conflict,
		columns: columns,
	}
}

// newUpdate sets columns of the row named by key.
func newUpdate[T any](table string, key column[T], columns ...column[T]) *bulk[T] {
	all := append([]column[T]{key}, columns...)
	names, arrays := make([]string, len(all)), make([]string, len(all))
	var byArray, byRow []string
	for i, c := range all {
		names[i] = c.name
		arrays[i] = fmt.Sprintf("$%d::%s[]", i+1, c.typ)
		if i > 0 {
			byArray = append(byArray, c.name+" = v."+c.name)
			byRow = append(byRow, fmt.Sprintf("%s = $%d", c.name, i+1))
		}
	}
	return &bulk[T]{
		insert: fmt.Sprintf("UPDATE %s SET %s FROM unnest(%s) AS v (%s) WHERE %s.%s = v.%s",
			table, strings.Join(byArray, ", "), strings.Join(arrays, ", "), strings.Join(names, ", "), table, key.name, key.name),
		row:     fmt.Sprintf("UPDATE %s SET %s WHERE %s = $1", table, strings.Join(byRow, ", "), key.name),
		columns: all,
	}
}

// write applies the statement to every item.
func (b *bulk[T]) write(ctx context.Context, tx *Tx, items []T) error {
	if len(items) == 0 {
		return nil
	}
	if tx.store.engine == postgres {
		return b.writeArrays(ctx, tx, items)
	}
	stmt, err := tx.store.writes.within(ctx, tx.sql, b.row)
	if err != nil {
		return err
	}
	args := make([]any, len(b.columns))
	for i := range items {
		for j, c := range b.columns {
			args[j] = c.of(&items[i])
		}
		if _, err := stmt.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

func (b *bulk[T]) writeArrays(ctx context.Context, tx *Tx, items []T) error {
	args := make([]any, len(b.columns))
	for j, c := range b.columns {
		array, err := arrayOf(c, items)
		if err != nil {
			return err
		}
		args[j] = array
	}
	_, err := tx.sql.ExecContext(ctx, b.insert, args...)
	return err
}

func arrayOf[T any](c column[T], items []T) (any, error) {
	switch c.typ {
	case "bytea":
		return collect[T, []byte](c, items)
	case "bigint":
		return collect[T, *int64](c, items)
	case "text":
		return collect[T, *string](c, items)
	default:
		return collect[T, *bool](c, items)
	}
}

// collect turns one column of all items into an array; V is the element's type.
func collect[T, V any](c column[T], items []T) ([]V, error) {
	out := make([]V, len(items))
	for i := range items {
		value := c.of(&items[i])
		if v, ok := value.(driver.Valuer); ok {
			var err error
			if value, err = v.Value(); err != nil {
				return nil, err
			}
		}
		switch dst := any(&out[i]).(type) {
		case *[]byte:
			*dst, _ = value.([]byte)
		case **int64:
			if n, ok := value.(int64); ok {
				*dst = &n
			}
		case **string:
			if s, ok := value.(string); ok {
				*dst = &s
			}
		case **bool:
			if t, ok := value.(bool); ok {
				*dst = &t
			}
		}
	}
	return out, nil
}
