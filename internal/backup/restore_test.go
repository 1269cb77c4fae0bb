package backup_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/archive"
	"botschaft/internal/audit"
	"botschaft/internal/backup"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

// A backup of every table comes back on either engine as it was, whichever it is from;
// what is left out stays away, and the feed is new.
func TestEveryTableComesBack(t *testing.T) {
	t.Parallel()
	for _, from := range engines {
		t.Run("from "+from, func(t *testing.T) {
			t.Parallel()
			h, r := newPlace(t, from, rootKey('r')).open(t), newReader(t)
			h.fill(t)
			want := h.contents(t)
			made := h.backup(t, r)
			for _, to := range engines {
				t.Run("to "+to, func(t *testing.T) {
					there := newPlace(t, to, rootKey('r'))
					_, err := backup.Restore(t.Context(), there.plan(made, r))
					must(t, err)
					if to == "postgres" {
						wantStatistics(t, there.data, "message")
						wantStatistics(t, there.keys, "vault_key")
					}
					n := there.open(t)
					compare(t, want, n.contents(t))
					if from == to && !slices.Equal(h.indexes(t, to), n.indexes(t, to)) {
						t.Errorf("indexes came back as %v", n.indexes(t, to))
					}
					if n.feed == h.feed {
						t.Error("the feed is the old one")
					}
					db := storetest.Beside(t, there.data)
					for _, table := range store.Tables {
						if got := count(t, db, table.Name); table.LeftOut != "" && table.Name != "goose_db_version" && got > 0 {
							t.Errorf("%s came back: %d rows", table.Name, got)
						}
					}
				})
			}
		})
	}
}

// wantStatistics holds that PostgreSQL knows what is in a table that was filled at once.
// It gathers nothing by itself of tables as small as these.
func wantStatistics(t *testing.T, url, table string) {
	t.Helper()
	var columns int
	must(t, storetest.Beside(t, url).QueryRow("SELECT COUNT(*) FROM pg_stats WHERE tablename = $1", table).Scan(&columns))
	if columns == 0 {
		t.Errorf("there are no statistics of %s", table)
	}
}

// settled are the tables in which a restore tells that time has passed.
var settled = []string{"installation", "lane", "counter", "audit_entry", "delivery", "job", "set_aside"}

func compare(t *testing.T, want, got map[string][]string) {
	t.Helper()
	for name, rows := range want {
		if slices.Contains(settled, name) {
			continue
		}
		if len(rows) == 0 || !slices.Equal(rows, got[name]) {
			t.Errorf("table %s came back as\n%s\nand was\n%s", name, strings.Join(got[name], "\n"), strings.Join(rows, "\n"))
		}
	}
}

// What was under way is settled: nothing is sent again, what came in is still taken in,
// nobody holds a lane, nobody is logged in, and the audit log says so and verifies.
func TestWhatWasUnderWayIsSettled(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			h, r := newPlace(t, engine, rootKey('r')).open(t), newReader(t)
			log := audit.New(h.store, h.vault, desk.InstallationID(h.vault.Installation()), slog.New(slog.DiscardHandler))
			today := h.vault.Day(time.Now())
			must(t, h.vault.EnsureDay(t.Context(), today))
			h.fill(t)
			for _, change := range []string{
				"DELETE FROM audit_entry", "DELETE FROM checkpoint", "DELETE FROM dispatch", "DELETE FROM attachment", "DELETE FROM message", "DELETE FROM lane", "DELETE FROM job",
				"UPDATE counter SET n = 0", "DELETE FROM set_aside_decision", "DELETE FROM set_aside", "DELETE FROM delivery",
			} {
				storetest.Execute(t, h.data, change)
			}
			for _, m := range []struct{ direction, status string }{{"out", "queued"}, {"out", "sending"}, {"out", "sent"}, {"out", "in_doubt"}, {"in", "received"}} {
				id := desk.NewID[desk.Message]()
				storetest.Execute(t, h.data, `INSERT INTO message (id, controller_id, inbox_id, contact_id, conversation_id, direction, kind, position, at, external_at,
					thread_at, late, content, status, status_at, failure, origin) VALUES ($1, $1, $1, $1, $1, $2, 'text', 1, 1, 1, 1, false, $1, $3, 7, '', 'agent')`, id[:], m.direction, m.status)
			}
			yesterday := today - 1
			for _, d := range []int64{today, yesterday} {
				id := desk.NewID[desk.Delivery]()
				storetest.Execute(t, h.data, `INSERT INTO delivery (id, inbox_id, received_at, day, body) VALUES ($1, $1, 1, $2, $1)`, id[:], d)
				storetest.Execute(t, h.data, `INSERT INTO job (id, lane, ordinal, ref, due_at, attempts) VALUES ($1, 'in', 1, $1, 1, 0)`, id[:])
				storetest.Execute(t, h.data, `INSERT INTO set_aside (id, delivery_id, inbox_id, path, reason, at, received_at, day) VALUES ($1, $1, $1, '', 'item', 1, 1, $2)`, id[:], d)
			}
			for _, lane := range []string{"out", "answer"} {
				job := desk.NewID[desk.Job]()
				storetest.Execute(t, h.data, `INSERT INTO job (id, lane, ordinal, ref, due_at, attempts) VALUES ($1, $2, 1, $1, 1, 0)`, job[:], lane)
			}
			for name, kind := range map[string]string{"in": "inbound", "out": "outbound", "answer": "answers"} {
				storetest.Execute(t, h.data, `INSERT INTO lane (name, kind, due_at, holder, token, until) VALUES ($1, $2, 1, 'somebody', 5, 9000000000000)`, name, kind)
			}
			must(t, h.store.Update(t.Context(), func(tx *store.Tx) error {
				tx.Audit(desk.AuditEntry{Actor: shell, Act: desk.ActInboxPaused, Subject: "inbox:x"})
				return nil
			}))
			must(t, log.Checkpoint(t.Context()))
			made := h.backup(t, r)

			there := newPlace(t, engine, rootKey('r'))
			done, err := backup.Restore(t.Context(), there.plan(made, r))
			must(t, err)
			if done.InDoubt != 2 || done.DeliveriesLost != 1 || done.Numbered != 1 {
				t.Errorf("settled: %+v", done.Settled)
			}
			n := there.open(t)
			for q, want := range map[string]int{
				"SELECT COUNT(*) FROM message WHERE status = 'in_doubt' AND status_at > 7": 2,
				"SELECT COUNT(*) FROM message WHERE status IN ('queued', 'sending')":       0,
				"SELECT COUNT(*) FROM message WHERE status IN ('sent', 'received')":        2,
				"SELECT COUNT(*) FROM job":       1,
				"SELECT COUNT(*) FROM delivery":  1,
				"SELECT COUNT(*) FROM set_aside": 1,
				"SELECT COUNT(*) FROM lane WHERE kind = 'inbound' AND holder = '' AND until = 0": 1,
				"SELECT COUNT(*) FROM lane":                                      1,
				"SELECT COUNT(*) FROM session":                                   0,
				"SELECT COUNT(*) FROM audit_entry WHERE act = 'backup.restored'": 1,
			} {
				var got int
				must(t, storetest.Beside(t, there.data).QueryRow(q).Scan(&got))
				if got != want {
					t.Errorf("%s: %d, want %d", q, got, want)
				}
			}
			if n, err := n.store.LastEvent(t.Context()); err != nil || n != 0 {
				t.Errorf("the new feed begins at %d (%v)", n, err)
			}
		})
	}
}

// Whom the vault erased after the data's backup stays erased, and of keys that are
// missing without that it is told.
func TestErasedStaysErased(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			h, r := newPlace(t, engine, rootKey('r')).open(t), newReader(t)
			controller, ids := desk.NewID[desk.Controller](), make([]desk.ContactID, 5)
			must(t, h.vault.AddController(t.Context(), controller))
			var batch []vault.NewContact
			for i := range ids {
				ids[i] = desk.NewID[desk.Contact]()
				storetest.Execute(t, h.data, "INSERT INTO contact (id, controller_id, created_at) VALUES ($1, $2, 1)", ids[i][:], controller[:])
				if i < 4 {
					batch = append(batch, vault.NewContact{Controller: controller, Contact: ids[i]})
				}
			}
			must(t, h.vault.AddContacts(t.Context(), batch))
			sealed, err := vault.Seal(t.Context(), h.vault, vault.ContactOwner(ids[0]), vault.ProfilePlace(ids[0]), private.NewText("Anna"))
			must(t, err)
			older := h.backup(t, r)
			must(t, h.vault.Destroy(t.Context(), ids[0], "agent:x"))
			newer := h.backup(t, r)

			there := newPlace(t, engine, rootKey('r'))
			plan := there.plan(older, r)
			plan.Vault = newer.Vault.Name
			done, err := backup.Restore(t.Context(), plan)
			must(t, err)
			if done.Alive != 3 || done.Erased != 1 || done.Missing != 1 {
				t.Errorf("the census: %+v", done.Census)
			}
			n := there.open(t)
			if _, err := vault.OpenOne(t.Context(), n.vault, vault.ReasonView, vault.ContactOwner(ids[0]), vault.ProfilePlace(ids[0]), sealed); !errors.Is(err, vault.ErrKeyGone) {
				t.Errorf("what was sealed for an erased contact: %v", err)
			}
			again := newPlace(t, engine, rootKey('r'))
			plan = again.plan(newer, r)
			plan.Vault = older.Vault.Name
			if _, err := backup.Restore(t.Context(), plan); !errors.Is(err, backup.ErrOlder) {
				t.Fatalf("keys older than the data: %v", err)
			}
			plan.OlderVault = true
			_, err = backup.Restore(t.Context(), plan)
			must(t, err)
		})
	}
}

// A vault that survived is used as it is; one that is there and another is left alone;
// a restore that ended between keys and data goes on from there.
func TestVaultInPlace(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			h, r := newPlace(t, engine, rootKey('r')).open(t), newReader(t)
			made := h.backup(t, r)

			survived := newPlace(t, engine, rootKey('r'))
			survived.keys = h.keys
			plan := survived.plan(made, r)
			plan.Vault = ""
			_, err := backup.Restore(t.Context(), plan)
			must(t, err)
			survived.open(t)

			half := newPlace(t, engine, rootKey('r'))
			half.keys = h.keys // as if a restore had ended after the keys
			done, err := backup.Restore(t.Context(), half.plan(made, r))
			must(t, err)
			if !done.Kept {
				t.Error("the vault in place was not recognised")
			}
			half.open(t)

			must(t, h.vault.EnsureDay(t.Context(), 1))
			other := newPlace(t, engine, rootKey('r'))
			other.keys = h.keys
			if _, err := backup.Restore(t.Context(), other.plan(made, r)); !errors.Is(err, backup.ErrVaultThere) {
				t.Errorf("a vault in place that went on: %v", err)
			}
			plan = h.plan(made, r)
			if _, err := backup.Restore(t.Context(), plan); !errors.Is(err, backup.ErrDataThere) {
				t.Errorf("a house in place: %v", err)
			}
			nowhere := newPlace(t, engine, rootKey('r'))
			plan = nowhere.plan(made, r)
			plan.Vault = ""
			if _, err := backup.Restore(t.Context(), plan); !errors.Is(err, backup.ErrNoVault) {
				t.Errorf("data without keys: %v", err)
			}

			lost := newPlace(t, engine, rootKey('r'))
			lost.data = h.data
			plan = lost.plan(made, r)
			plan.Data = ""
			if _, err := backup.Restore(t.Context(), plan); !errors.Is(err, backup.ErrOlder) {
				t.Errorf("keys alone, without saying so: %v", err)
			}
			plan.OlderVault = true
			_, err = backup.Restore(t.Context(), plan)
			must(t, err)
			lost.open(t)
		})
	}
}

// What does not fit is refused with its reason, and leaves nothing behind.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			h, r := newPlace(t, engine, rootKey('r')).open(t), newReader(t)
			h.fill(t)
			made := h.backup(t, r)
			foreign := newPlace(t, "sqlite", rootKey('f')).open(t).backup(t, r)
			for name, c := range map[string]struct {
				spoil func(t *testing.T, p *backup.Plan)
				want  error
			}{
				"a wrong identity": {func(t *testing.T, p *backup.Plan) { p.Identities = newReader(t).identities }, archive.ErrIdentity},
				"another's keys":   {func(t *testing.T, p *backup.Plan) { p.Vault = foreign.Vault.Name }, backup.ErrForeign},
				"a wrong root key": {func(t *testing.T, p *backup.Plan) { p.VaultPlace.RootKey = rootKey('x') }, vault.ErrWrongRootKey},
				"cut data": {func(t *testing.T, p *backup.Plan) {
					p.Data = spoilt(t, p.Data, func(b []byte) []byte { return b[:len(b)-9] })
				}, archive.ErrDamaged},
				"cut keys": {func(t *testing.T, p *backup.Plan) {
					p.Vault = spoilt(t, p.Vault, func(b []byte) []byte { return b[:len(b)/2] })
				}, archive.ErrDamaged},
				"nothing": {func(t *testing.T, p *backup.Plan) { p.Data = spoilt(t, p.Data, func([]byte) []byte { return nil }) }, archive.ErrDamaged},
				"more than it holds": {func(t *testing.T, p *backup.Plan) {
					p.Data = spoilt(t, p.Data, func(b []byte) []byte { return append(b, 'x') })
				}, archive.ErrDamaged},
				"a flipped bit": {func(t *testing.T, p *backup.Plan) {
					p.Data = spoilt(t, p.Data, func(b []byte) []byte { b[len(b)*2/3] ^= 4; return b })
				}, archive.ErrDamaged},
				"a forged archive": {func(t *testing.T, p *backup.Plan) { p.Data = forged(t, h, r) }, backup.ErrForged},
			} {
				if engine == "postgres" && !slices.Contains([]string{"cut data", "a forged archive"}, name) {
					continue // what is refused before a place is touched needs no second engine
				}
				t.Run(name, func(t *testing.T) {
					there := newPlace(t, engine, rootKey('r'))
					plan := there.plan(made, r)
					c.spoil(t, &plan)
					if _, err := backup.Check(t.Context(), plan); !errors.Is(err, c.want) {
						t.Errorf("check: %v", err)
					}
					if _, err := backup.Restore(t.Context(), plan); !errors.Is(err, c.want) {
						t.Errorf("restore: %v", err)
					}
					for what, is := range map[string]func() (bool, error){
						"data": func() (bool, error) { return store.IsEmpty(t.Context(), store.Config{URL: there.data}) },
						"keys": func() (bool, error) { return vault.IsEmpty(t.Context(), there.keys) },
					} {
						if empty, err := is(); err != nil || !empty {
							t.Errorf("after it the place of the %s is not empty (%v)", what, err)
						}
					}
				})
			}
			v, err := backup.Check(t.Context(), newPlace(t, engine, rootKey('r')).plan(made, r))
			if err != nil || !v.Authentic || v.Data.Manifest.Rows == 0 || v.Vault.Manifest.Rows == 0 {
				t.Errorf("what is right: %+v, %v", v, err)
			}
		})
	}
}

func spoilt(t *testing.T, name string, how func([]byte) []byte) string {
	t.Helper()
	b, err := os.ReadFile(name)
	must(t, err)
	out := filepath.Join(t.TempDir(), "spoilt")
	must(t, os.WriteFile(out, how(bytes.Clone(b)), 0o600))
	return out
}

// forged is an archive of the house that somebody made who knows the recipient and not
// the keys.
func forged(t *testing.T, h *house, r reader) string {
	t.Helper()
	stranger := newPlace(t, "sqlite", rootKey('f')).open(t)
	dir := t.TempDir()
	name := filepath.Join(dir, "forged")
	f, err := archive.Create(dir, "forged", archive.Header{Kind: archive.Data, Installation: h.vault.Installation(), Schema: 1}, r.recipients, nil)
	must(t, err)
	must(t, f.Table(archive.Table{Name: "controller", Columns: []string{"id", "name", "facts", "created_at"}}))
	must(t, f.Row([]any{one[:], "x", "{}", int64(1)}))
	_, err = f.Finish(stranger.vault.VerifyKey(), stranger.vault.Sign)
	must(t, err)
	must(t, f.Publish())
	return name
}
