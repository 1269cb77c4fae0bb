package audit_test

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/merkle"
	"botschaft/internal/store/rows"
)

// The log of the tampering tests: ten entries under checkpoints over four and eight,
// and two behind them.
const (
	firstMark  = 4
	secondMark = 8
	tail       = 10
)

func (w *world) tamperable(t *testing.T) {
	t.Helper()
	w.sign(t, firstMark)
	w.sign(t, secondMark-firstMark)
	w.write(t, tail-secondMark)
	w.number(t)
}

// kept are the tables that are put back after each tampering.
var kept = []string{"audit_entry", "checkpoint", "counter"}

func TestUntouchedLog(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		well(t, w.verify(t), 0, 0)
		must(t, w.log.Checkpoint(t.Context())) // of nothing
		well(t, w.verify(t), 0, 0)
		w.tamperable(t)
		r := w.verify(t)
		well(t, r, tail, secondMark)
		if r.Checkpoints != 2 || r.Waiting != 0 || !r.CheckpointAt.Equal(noon.Add(secondMark*1e6)) || r.Last == nil || r.Last.Size != secondMark {
			t.Errorf("the report is %+v", r)
		}
		w.write(t, 3)
		if r := w.verify(t); r.Waiting != 3 || r.Entries != tail {
			t.Errorf("%d entries wait", r.Waiting)
		}
		must(t, w.log.Checkpoint(t.Context()))
		well(t, w.verify(t), tail+3, tail+3)
	})
}

// forge writes the entry's own hash anew, as somebody would who has read this
// program, and after that the log's numbers and hashes fit each other.
func forge(x tamperer, n int64) {
	x.t.Helper()
	var e rows.AuditEntry
	row := x.db.QueryRowContext(context.Background(),
		"SELECT id, at, actor_kind, actor_id, via, act, subject, controller_id, inbox_id, detail FROM audit_entry WHERE n = $1", n)
	must(x.t, row.Scan(&e.ID, &e.At, &e.ActorKind, &e.ActorID, &e.Via, &e.Act, &e.Subject, &e.Controller, &e.Inbox, &e.Detail))
	b := append([]byte{1}, e.ID[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMilli()))
	for _, f := range []string{
		string(e.ActorKind), string(e.ActorID[:]), e.Via, string(e.Act), e.Subject, string(e.Controller[:]), string(e.Inbox[:]), e.Detail,
	} {
		b = append(binary.AppendUvarint(b, uint64(len(f))), f...)
	}
	leaf := merkle.LeafHash(b)
	x.do("UPDATE audit_entry SET leaf = $1 WHERE n = $2", leaf[:], n)
}

// insert adds an entry that nobody's act caused.
func insert(x tamperer, n int64) {
	id := desk.NewID[desk.AuditEntry]()
	x.do("INSERT INTO audit_entry (id, n, at, actor_kind, via, act, subject, detail, leaf) VALUES ($1, $2, 1, 'agent', '', 'x', 'x', 'null', $3)", id[:], n, []byte{1})
}

// shift moves the entries from first to last by one, from the end so that no number
// is ever twice.
func shift(x tamperer, first, last int64) {
	for n := last; n >= first; n-- {
		x.do("UPDATE audit_entry SET n = $1 WHERE n = $2", n+1, n)
	}
}

func swap(x tamperer, a, b int64) {
	for _, step := range [][2]int64{{a, -1}, {b, a}, {-1, b}} {
		x.do("UPDATE audit_entry SET n = $1 WHERE n = $2", step[1], step[0])
	}
}

// tampering is one way to falsify the log, and what must be found.
type tampering struct {
	name      string
	do        func(x tamperer)
	kind      string
	entry     int64
	protected int64
}

func statement(s string, args ...any) func(tamperer) { return func(x tamperer) { x.do(s, args...) } }

// columns are the ways to change one column of one entry. An id is changed to another
// and to none; what no reader understands is a change as well.
func columns() []tampering {
	other := desk.NewID[desk.AuditEntry]()
	var out []tampering
	for column, value := range map[string]any{
		"id": other[:], "at": int64(1), "actor_kind": "system", "actor_id": other[:], "via": "token", "act": "list.opened",
		"subject": "conversation:0", "controller_id": other[:], "inbox_id": other[:], "detail": `{"n":"0"}`, "leaf": other[:],
	} {
		out = append(out, tampering{column, statement("UPDATE audit_entry SET "+column+" = $1 WHERE n = 6", value), "altered", 6, firstMark})
	}
	for _, column := range []string{"actor_id", "controller_id", "inbox_id", "leaf"} {
		out = append(out,
			tampering{column + " taken away", statement("UPDATE audit_entry SET " + column + " = NULL WHERE n = 6"), "altered", 6, firstMark},
			tampering{column + " of nonsense", statement("UPDATE audit_entry SET "+column+" = $1 WHERE n = 6", []byte{7}), "altered", 6, firstMark})
	}
	return append(out,
		tampering{"id of nonsense", statement("UPDATE audit_entry SET id = $1 WHERE n = 6", []byte{7}), "altered", 6, firstMark},
		tampering{"the very first", statement("UPDATE audit_entry SET subject = '' WHERE n = 1"), "altered", 1, 0},
		tampering{"in the tail", statement("UPDATE audit_entry SET subject = '' WHERE n = 9"), "altered", 9, secondMark},
		tampering{"one field's end in the next", statement("UPDATE audit_entry SET via = 'sessio', act = 'n' || act WHERE n = 6"), "altered", 6, firstMark},
		tampering{"several", statement("UPDATE audit_entry SET subject = '' WHERE n IN (7, 5, 9)"), "altered", 5, firstMark})
}

// places are the ways to take, add and move entries.
func places() []tampering {
	return []tampering{
		{"removed first", statement("DELETE FROM audit_entry WHERE n = 1"), "missing", 1, 0},
		{"removed", statement("DELETE FROM audit_entry WHERE n = 6"), "missing", 6, firstMark},
		{"removed at a checkpoint", statement("DELETE FROM audit_entry WHERE n = 4"), "missing", 4, 0},
		{"removed in the tail", statement("DELETE FROM audit_entry WHERE n = 9"), "missing", 9, secondMark},
		{"number taken away", statement("UPDATE audit_entry SET n = NULL WHERE n = 6"), "missing", 6, firstMark},
		{"moved to the end", statement("UPDATE audit_entry SET n = 99 WHERE n = 6"), "missing", 6, firstMark},
		{"removed and closed up", func(x tamperer) {
			x.do("DELETE FROM audit_entry WHERE n = 6")
			for n := 7; n <= tail; n++ {
				x.do("UPDATE audit_entry SET n = $1 WHERE n = $2", n-1, n)
			}
		}, "altered", firstMark + 1, firstMark},
		{"inserted", func(x tamperer) { shift(x, 6, tail); insert(x, 6) }, "altered", 6, firstMark},
		{"inserted with its hash", func(x tamperer) { shift(x, 6, tail); insert(x, 6); forge(x, 6) }, "altered", firstMark + 1, firstMark},
		{"inserted before the first", func(x tamperer) { insert(x, 0); forge(x, 0) }, "inserted", 0, 0},
		{"inserted behind the last", func(x tamperer) { insert(x, tail+1); forge(x, tail+1) }, "inserted", tail + 1, secondMark},
		{"reordered", func(x tamperer) { swap(x, 6, 7) }, "altered", firstMark + 1, firstMark},
		{"reordered over a checkpoint", func(x tamperer) { swap(x, 4, 5) }, "altered", 1, 0},
		{"altered with its hash", func(x tamperer) {
			x.do("UPDATE audit_entry SET subject = '' WHERE n = 2")
			forge(x, 2)
		}, "altered", 1, 0},
		{"altered with its hash, later", func(x tamperer) {
			x.do("UPDATE audit_entry SET subject = '' WHERE n = 8")
			forge(x, 8)
		}, "altered", firstMark + 1, firstMark},
	}
}

// ends are the ways to cut the log, and to falsify what guards it.
func ends() []tampering {
	return []tampering{
		{"cut tail", statement("DELETE FROM audit_entry WHERE n > 9"), "truncated", 10, secondMark},
		{"cut tail, behind a checkpoint", statement("DELETE FROM audit_entry WHERE n > 8"), "truncated", 9, secondMark},
		{"cut tail, before a checkpoint", statement("DELETE FROM audit_entry WHERE n > 7"), "truncated", 8, firstMark},
		{"cut tail and counter, before a checkpoint", func(x tamperer) {
			x.do("DELETE FROM audit_entry WHERE n > 7")
			x.do("UPDATE counter SET n = 7 WHERE name = 'audit'")
		}, "truncated", 8, firstMark},
		{"all of it", statement("DELETE FROM audit_entry"), "truncated", 1, 0},
		{"raised counter", statement("UPDATE counter SET n = 11 WHERE name = 'audit'"), "truncated", 11, secondMark},
		{"lowered counter", statement("UPDATE counter SET n = 9 WHERE name = 'audit'"), "inserted", 10, secondMark},
		{"checkpoint with a wrong signature", statement("UPDATE checkpoint SET signature = $1 WHERE size = 8", make([]byte, 64)), "checkpoint", 8, firstMark},
		{"checkpoint without a signature", statement("UPDATE checkpoint SET signature = $1 WHERE size = 4", []byte{}), "checkpoint", 4, 0},
		{"checkpoint of another time", statement("UPDATE checkpoint SET at = at + 1 WHERE size = 8"), "checkpoint", 8, firstMark},
		{"checkpoint over another root", statement("UPDATE checkpoint SET root = $1 WHERE size = 8", make([]byte, 32)), "checkpoint", 8, firstMark},
		{"checkpoint over no root", statement("UPDATE checkpoint SET root = $1 WHERE size = 8", []byte{1}), "checkpoint", 8, firstMark},
		{"checkpoint over another size", statement("UPDATE checkpoint SET size = 7 WHERE size = 8"), "checkpoint", 7, firstMark},
		{"checkpoint of nothing", statement("UPDATE checkpoint SET size = 0 WHERE size = 8"), "checkpoint", 0, 0},
		{"checkpoint beyond the end", statement("UPDATE checkpoint SET size = 20 WHERE size = 8"), "checkpoint", 20, firstMark},
		{"checkpoint of an entry less", func(x tamperer) {
			x.do("UPDATE checkpoint SET root = (SELECT root FROM checkpoint WHERE size = 4), signature = (SELECT signature FROM checkpoint WHERE size = 4) WHERE size = 8")
		}, "checkpoint", 8, firstMark},
	}
}

// Whatever is done to the database, the first entry concerned is named, or the range
// between two checkpoints if whoever did it has made the hashes anew.
func TestTampering(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.tamperable(t)
		x := tamperer{t, w.database(t)}
		x.db.SetMaxOpenConns(1)
		for _, table := range kept {
			_, err := x.db.ExecContext(t.Context(), "CREATE TABLE kept_"+table+" AS SELECT * FROM "+table)
			must(t, err)
		}
		w.everyColumn(t, x)
		for _, c := range slices.Concat(columns(), places(), ends()) {
			t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
				x := tamperer{t, x.db}
				defer func() {
					for _, table := range kept {
						_, err := x.db.ExecContext(context.Background(), "DELETE FROM "+table)
						must(t, err)
						x.do("INSERT INTO " + table + " SELECT * FROM kept_" + table)
					}
				}()
				c.do(x)
				blames(t, w.verify(t), c.kind, c.entry, c.protected)
			})
		}
		well(t, w.verify(t), tail, secondMark)
	})
}

// everyColumn checks that there is a tampering for each column of an entry.
func (w *world) everyColumn(t *testing.T, x tamperer) {
	t.Helper()
	none, err := x.db.QueryContext(t.Context(), "SELECT * FROM audit_entry WHERE 1 = 0")
	must(t, err)
	defer func() { must(t, none.Close()) }()
	names, err := none.Columns()
	must(t, err)
	for _, name := range names {
		if name != "n" && !slices.ContainsFunc(columns(), func(c tampering) bool { return c.name == name }) {
			t.Errorf("nobody has tried to change %s", name)
		}
	}
}
