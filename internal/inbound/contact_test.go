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
)

// contacts gives who has an open Conversation in the Inbox.
func (w *world) contacts(t failing, at *directory.Entry) map[desk.ContactID]bool {
	t.Helper()
	listed, err := w.Read().ListOpenConversations(context.Background(), rows.ListOpenConversationsParams{
		Inbox: at.ID, BeforeAt: desk.AsMillis(noon.AddDate(1, 0, 0)), BeforeID: desk.NewID[desk.Conversation](), Page: 1000,
	})
	must(t, err)
	found := map[desk.ContactID]bool{}
	for _, c := range listed {
		found[c.Contact] = true
	}
	return found
}

func (w *world) has(t failing, at *directory.Entry, wamid string) bool {
	t.Helper()
	digest, err := w.vault.Digest(context.Background(), at.Inbox.Controller, "wamid", at.ID[:], []byte(wamid))
	must(t, err)
	found, err := w.FindWamids(context.Background(), at.ID, [][]byte{digest})
	must(t, err)
	return len(found) == 1
}

// events numbers and counts all events.
func (w *world) events(t failing) int64 {
	t.Helper()
	_, err := w.NumberEvents(context.Background())
	must(t, err)
	n, err := w.LastEvent(context.Background())
	must(t, err)
	return n
}

func TestContactsAreKnownByAnyIdentity(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const anna, annaID, annaParent = "+491700000001", "DE.1", "DE.ENT.1"
		both := append(phone(anna), bsuid(annaID)...)
		all := append(slices.Clone(both), desk.Alias{Kind: desk.IdentityParent, Value: text(annaParent)})
		for name, c := range map[string]struct {
			from [][]desk.Alias
			want []string // the people, by their identities
		}{
			"by phone, then by both, then by BSUID": {[][]desk.Alias{phone(anna), both, bsuid(annaID)}, []string{anna + " " + annaID}},
			"by BSUID, then by both, then by phone": {[][]desk.Alias{bsuid(annaID), both, phone(anna)}, []string{anna + " " + annaID}},
			"by a name of three parts":              {[][]desk.Alias{all, bsuid(annaID), phone(anna), all}, []string{anna + " " + annaID + " " + annaParent}},
			// Whoever was two people stays two: only a person may say that they are one.
			"by phone, by BSUID, then by both": {[][]desk.Alias{phone(anna), bsuid(annaID), both, phone(anna)}, []string{anna, annaID}},
			"by two phones":                    {[][]desk.Alias{phone(anna), phone("+491700000002")}, []string{anna, "+491700000002"}},
			"by a kind that differs alone":     {[][]desk.Alias{phone("DE.1"), bsuid("DE.1")}, []string{"DE.1", "DE.1"}},
		} {
			for _, batch := range []int{1, 200} {
				in := w.inbox(t, w.controller(t), "secret")
				for i, from := range c.from {
					w.deliver(t, in, says(in, from, fmt.Sprintf("wamid.%d", i), "hello", time.Minute-time.Duration(i)*time.Second))
				}
				w.process(t, batch)
				var people []string
				for id := range w.contacts(t, in) {
					people = append(people, strings.Join(w.identities(t, id), " "))
				}
				slices.Sort(people)
				want := slices.Sorted(slices.Values(c.want))
				if !slices.Equal(people, want) {
					t.Errorf("%s, in batches of %d: people are %q, want %q", name, batch, people, want)
				}
			}
		}
	})
}

// The same person writing to two Inboxes of one Controller is one Contact, to two
// Controllers two, also when both lanes are worked at the same time.
func TestOneContactPerController(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c, d := w.controller(t), w.controller(t)
		life, motor, stranger := w.inbox(t, c, "secret"), w.inbox(t, c, "secret"), w.inbox(t, d, "secret")
		const people = 20
		for i := range people {
			from := phone(fmt.Sprintf("+4917000000%02d", i))
			for _, in := range []*directory.Entry{life, motor, stranger} {
				w.deliver(t, in, says(in, from, fmt.Sprintf("wamid.%d", i), "hello", 0))
			}
		}
		w.process(t, 1)
		one, two, three := w.contacts(t, life), w.contacts(t, motor), w.contacts(t, stranger)
		if len(one) != people || !maps.Equal(one, two) {
			t.Errorf("one controller knows %d and %d people", len(one), len(two))
		}
		for id := range three {
			if one[id] {
				t.Error("two controllers share a contact")
			}
		}
		if n := len(w.setAside(t)); n > 0 {
			t.Errorf("%d items were set aside", n)
		}
	})
}

func (w *world) identities(t failing, id desk.ContactID) []string {
	t.Helper()
	return w.thread(t, desk.Conversation{Contact: id}).Identities
}
