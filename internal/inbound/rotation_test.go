package inbound_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// rotates is a system message: who wrote by before goes by after now.
func rotates(to *directory.Entry, news desk.SystemNews, before, after []desk.Alias, wamid string, ago time.Duration) desk.Arrival {
	a := says(to, before, wamid, "changed", ago)
	a.Message.Kind = desk.KindSystem
	a.Message.Rotation = &desk.ArrivedRotation{News: news, Before: before, After: after, At: noon.Add(-ago)}
	return a
}

// updates is the same as it comes by the field user_id_update.
func updates(to *directory.Entry, before, after []desk.Alias, ago time.Duration) desk.Arrival {
	return desk.Arrival{PhoneNumberID: to.PhoneNumberID, Rotation: &desk.ArrivedRotation{
		News: desk.SystemNewUserID, Before: before, After: after, At: noon.Add(-ago),
	}}
}

// told are the changes of all Contacts: the news, and how many Contacts they are about.
func (w *world) told(t failing, at *directory.Entry) []string {
	t.Helper()
	var out []string
	for id := range w.contacts(t, at) {
		listed, err := w.Read().ListIdentityChanges(context.Background(), id)
		must(t, err)
		for _, c := range listed {
			if c.Contact != id {
				continue
			}
			line := string(c.News) + " " + string(c.Heard)
			if !c.OtherID.IsZero() {
				line += " other"
			}
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}

func TestRotation(t *testing.T) {
	const one, two = "+491700000001", "+491700000002"
	both := func(number, id string) []desk.Alias { return append(phone(number), bsuid(id)...) }
	hour := func(h int) time.Duration { return time.Duration(10-h) * time.Hour }
	each(t, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			come func(to *directory.Entry) []desk.Arrival
			want []string // the people, by what they are reached by now, with how many Messages
			told []string
		}{
			"a number changes": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{
					says(to, both(one, "DE.1"), "a", "before", hour(1)), rotates(to, desk.SystemNewNumber, both(one, "DE.1"), both(two, "DE.2"), "b", hour(2)),
					says(to, both(two, "DE.2"), "c", "after", hour(3)),
				}
			}, []string{two + " DE.2: 3"}, []string{"new_number notice"}},
			"a number changes, told by the number alone": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{
					says(to, both(one, "DE.1"), "a", "before", hour(1)), rotates(to, desk.SystemNewNumber, phone(one), phone(two), "b", hour(2)),
					says(to, both(two, "DE.2"), "c", "after", hour(3)),
				}
			}, []string{two + " DE.2: 3"}, []string{"new_number notice"}},
			"an id changes and the number stays hidden": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{
					says(to, bsuid("DE.1"), "a", "before", hour(1)), rotates(to, desk.SystemNewUserID, bsuid("DE.1"), bsuid("DE.2"), "b", hour(2)),
					says(to, bsuid("DE.2"), "c", "after", hour(3)),
				}
			}, []string{"DE.2: 3"}, []string{"new_user_id notice"}},
			"an id changes and the number stays": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{
					says(to, both(one, "DE.1"), "a", "before", hour(1)), updates(to, bsuid("DE.1"), both(one, "DE.2"), hour(2)),
					says(to, both(one, "DE.2"), "c", "after", hour(3)),
				}
			}, []string{one + " DE.2: 2"}, []string{"new_user_id notice"}},
			"both ways of telling it": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{
					says(to, both(one, "DE.1"), "a", "before", hour(1)), rotates(to, desk.SystemNewNumber, both(one, "DE.1"), both(two, "DE.2"), "b", hour(2)),
					updates(to, bsuid("DE.1"), both(two, "DE.2"), hour(2)), updates(to, bsuid("DE.1"), both(two, "DE.2"), hour(2)),
				}
			}, []string{two + " DE.2: 2"}, []string{"new_number notice"}},
			"twice in a row": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{
					says(to, bsuid("DE.1"), "a", "before", hour(1)), updates(to, bsuid("DE.1"), bsuid("DE.2"), hour(2)),
					says(to, bsuid("DE.2"), "b", "between", hour(3)), updates(to, bsuid("DE.2"), bsuid("DE.3"), hour(4)),
					says(to, bsuid("DE.3"), "c", "after", hour(5)),
				}
			}, []string{"DE.3: 3"}, []string{"new_user_id notice", "new_user_id notice"}},
			"the number goes to somebody else": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{
					says(to, phone(one), "a", "anna", hour(1)), rotates(to, desk.SystemNewNumber, phone(one), phone(two), "b", hour(2)),
					says(to, phone(one), "c", "somebody", hour(5)),
				}
			}, []string{one + ": 1", two + ": 2"}, []string{"new_number notice"}},
			"a line in another spelling": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{says(to, phone("+551187654321"), "a", "oi", hour(1)), says(to, phone("+5511987654321"), "b", "oi", hour(2))}
			}, []string{"+551187654321 +5511987654321: 2"}, nil},
		} {
			orders := [][]int{{0, 1, 2, 3, 4}}
			if name != "a line in another spelling" {
				orders = append(orders, []int{1, 0, 2, 3, 4})
			}
			for _, order := range orders {
				for _, batch := range []int{1, 200} {
					in := w.inbox(t, w.controller(t), "secret")
					come := c.come(in)
					for again := range 2 { // everything is delivered once more
						for _, i := range order {
							if i < len(come) {
								w.deliver(t, in, come[i])
							}
						}
						w.process(t, batch)
						if got, want := w.people(t, in), c.want; !slices.Equal(got, want) {
							t.Errorf("%s, in the order %v, in batches of %d, time %d: people are %q, want %q", name, order, batch, again+1, got, want)
						}
						if got := w.told(t, in); !slices.Equal(got, c.told) && order[0] == 0 {
							t.Errorf("%s, in the order %v, in batches of %d, time %d: told %q, want %q", name, order, batch, again+1, got, c.told)
						}
					}
				}
			}
		}
	})
}

// people gives the people of an Inbox, by what reaches them, with how much they wrote.
func (w *world) people(t failing, at *directory.Entry) []string {
	t.Helper()
	var out []string
	for id, th := range w.threads(t, at) {
		out = append(out, fmt.Sprintf("%s: %d", id, len(th.Lines)))
	}
	slices.Sort(out)
	return out
}

// Who wrote by the new number already is another Contact: nobody merges them silently, and
// nothing goes to the old number any more.
func TestRotationToSomebodyKnown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		w.deliver(t, in, says(in, phone("+491700000001"), "a", "by the old number", 3*time.Hour))
		w.deliver(t, in, says(in, phone("+491700000002"), "b", "by the new number", time.Hour))
		w.deliver(t, in, rotates(in, desk.SystemNewNumber, phone("+491700000001"), phone("+491700000002"), "c", 2*time.Hour))
		w.process(t, 1)
		if got := w.people(t, in); !slices.Equal(got, []string{"+491700000002: 1", ": 2"}) && !slices.Equal(got, []string{": 2", "+491700000002: 1"}) {
			t.Errorf("people are %q", got)
		}
		if got := w.told(t, in); !slices.Equal(got, []string{"new_number notice other"}) {
			t.Errorf("told %q", got)
		}
	})
}

func TestIdentityKeys(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		with := func(a desk.Arrival, key string) desk.Arrival {
			a.Message.Key = text(key)
			return a
		}
		device := func(a desk.Arrival, key string) desk.Arrival {
			a.Message.Kind = desk.KindSystem
			a.Message.Rotation = &desk.ArrivedRotation{News: desk.SystemNewIdentity, At: a.Message.At}
			return with(a, key)
		}
		anna := phone("+491700000001")
		for name, c := range map[string]struct {
			come func(to *directory.Entry) []desk.Arrival
			want string
		}{
			"the same": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{with(says(to, anna, "a", "x", 3*time.Hour), "k1"), with(says(to, anna, "b", "x", 2*time.Hour), "k1"), says(to, anna, "c", "x", time.Hour)}
			}, ""},
			"another": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{with(says(to, anna, "a", "x", 3*time.Hour), "k1"), with(says(to, anna, "b", "x", 2*time.Hour), "k2"), with(says(to, anna, "c", "x", time.Hour), "k2")}
			}, "new_identity message"},
			"another, and an older one comes late": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{with(says(to, anna, "a", "x", 3*time.Hour), "k1"), with(says(to, anna, "b", "x", time.Hour), "k2"), with(says(to, anna, "c", "x", 2*time.Hour), "k1")}
			}, "new_identity message"},
			"told, and seen": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{says(to, anna, "a", "x", 3*time.Hour), device(says(to, anna, "b", "x", 2*time.Hour), "k2"), with(says(to, anna, "c", "x", time.Hour), "k2")}
			}, "new_identity notice"},
			"seen, and told late": {func(to *directory.Entry) []desk.Arrival {
				return []desk.Arrival{with(says(to, anna, "a", "x", 3*time.Hour), "k1"), with(says(to, anna, "c", "x", time.Hour), "k2"), device(says(to, anna, "b", "x", 2*time.Hour), "k2")}
			}, "new_identity message"},
		} {
			in := w.inbox(t, w.controller(t), "secret")
			for _, a := range c.come(in) {
				w.deliver(t, in, a)
				w.process(t, 1)
			}
			if got := strings.Join(w.told(t, in), ", "); got != c.want {
				t.Errorf("%s: told %q, want %q", name, got, c.want)
			}
		}
	})
}

// The key of each device is kept sealed for the person who has it, the newest one, to be told with
// what is sent to them.
func TestIdentityKeysAreSealed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, in := t.Context(), w.inbox(t, w.controller(t), "secret")
		var come []desk.Arrival
		for i, key := range []string{"key of anna", "key of bert", "second key of bert"} {
			number := []string{"+491700000001", "+491700000002", "+491700000002"}[i]
			a := says(in, phone(number), fmt.Sprint("m", i), "x", time.Duration(3-i)*time.Hour)
			a.Message.Key = text(key)
			come = append(come, a)
		}
		w.deliver(t, in, come...) // all in one batch
		w.process(t, 1)
		want := map[string]string{"+491700000001": "key of anna", "+491700000002": "second key of bert"}
		got := map[string]string{}
		for contact := range w.contacts(t, in) {
			sealed, err := w.Read().GetIdentityKey(ctx, rows.GetIdentityKeyParams{Contact: contact, Inbox: in.ID})
			must(t, err)
			key, err := vault.OpenOne(ctx, w.vault, vault.ReasonSend, vault.ContactOwner(contact), vault.KeyPlace(in.ID), sealed)
			must(t, err)
			for _, number := range w.identities(t, contact) {
				got[number] = key.Reveal()
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
}

// A known number with another id of WhatsApp's is another account: numbers are given to new
// people.
func TestReassignedNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		w.deliver(t, in, says(in, append(phone("+491700000001"), bsuid("DE.1")...), "a", "x", 3*time.Hour))
		w.deliver(t, in, says(in, append(phone("+491700000001"), bsuid("DE.9")...), "b", "x", 2*time.Hour))
		w.deliver(t, in, says(in, append(phone("+491700000007"), bsuid("DE.9")...), "c", "x", time.Hour))
		w.process(t, 1)
		if got := w.told(t, in); !slices.Equal(got, []string{"new_number message", "new_user_id message"}) {
			t.Errorf("told %q", got)
		}
	})
}

// A Message that was not delivered because the device has another key tells that it changed.
func TestKeyMismatchLowersAssurance(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		m := w.outgoing(t, in, desk.StatusSent, "wamid.out")
		for range 2 {
			w.deliver(t, in, tells(in, "wamid.out", m.ID, desk.StatusFailed, "137000"))
			w.process(t, 1)
		}
		listed, err := w.Read().ListIdentityChanges(context.Background(), m.Contact)
		must(t, err)
		if len(listed) != 1 || listed[0].News != desk.SystemNewIdentity || listed[0].Heard != desk.HeardRefusal {
			t.Errorf("told %+v", listed)
		}
	})
}
