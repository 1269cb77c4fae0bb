package inbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/store"
	"botschaft/internal/storetest"
)

// changed notes that the Contact of c may be somebody else since now.
func (w *world) changed(t *testing.T, c desk.Conversation) {
	t.Helper()
	must(t, w.Update(context.Background(), func(tx *store.Tx) error {
		return tx.AddIdentityChanges(context.Background(), []desk.IdentityChange{{
			ID: desk.NewID[desk.IdentityChange](), Controller: c.Controller, Contact: c.Contact, Mark: []byte(tx.Now().String()),
			News: desk.SystemNewNumber, Heard: desk.HeardNotice, ChangedAt: tx.Now(), At: tx.Now(),
		}})
	}))
}

// legible gives what an Agent can read of a thread.
func (w *world) legible(t *testing.T, c desk.Conversation) string {
	t.Helper()
	page, err := w.Thread(t.Context(), w.north.viewer, c.ID, 0, "")
	must(t, err)
	var lines []string
	for _, e := range page.Items {
		if m := e.Message; m != nil {
			lines = append(lines, fmt.Sprint(m.Text.Reveal(), m.Hidden))
		} else {
			lines = append(lines, fmt.Sprint(e.Turn.Text.Reveal(), e.Turn.Hidden))
		}
	}
	slices.Reverse(lines)
	return strings.Join(lines, " ")
}

// What was said before a number changed is hidden from the thread, from lists and from news
// until somebody says how they know that it is the same person.
func TestHistoryIsHiddenUntilVouched(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		c := w.wrote(t, w.north, w.north.inboxes[0], "health")
		_, err := w.Note(ctx, v, c.ID, inbox.NewNote{ClientID: "n-1", Text: text("about health")})
		must(t, err)
		if _, err := w.Vouch(ctx, v, c.ID, desk.VouchCallback); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("nothing to vouch for: %v", err)
		}
		w.clock.Add(time.Minute)
		w.changed(t, c)
		if got := w.legible(t, c); got != "true true" {
			t.Errorf("after the change one reads %q", got)
		}
		got, err := w.Open(ctx, v, c.ID)
		must(t, err)
		if len(got.Assurance.Changes) != 1 || !got.Assurance.Hides() || got.Last == nil || !got.Last.Text.IsEmpty() {
			t.Errorf("the list shows %+v", got)
		}
		w.hears(t, c, "new words", 0)
		if got := w.legible(t, c); got != "true true new wordsfalse" {
			t.Errorf("then one reads %q", got)
		}
		for _, means := range []desk.VouchMeans{"", "guess"} {
			if _, err := w.Vouch(ctx, v, c.ID, means); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("by %q: %v", means, err)
			}
		}
		if _, err := w.Vouch(ctx, w.south.viewer, c.ID, desk.VouchCallback); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("a stranger vouches: %v", err)
		}
		got, err = w.Vouch(ctx, v, c.ID, desk.VouchCallback)
		must(t, err)
		if len(got.Assurance.Changes) != 0 || w.legible(t, c) != "healthfalse about healthfalse new wordsfalse" {
			t.Errorf("vouched for, and one reads %q, %+v", w.legible(t, c), got.Assurance)
		}
		entries := w.audited(t, desk.ActContactVouched)
		if len(entries) != 1 || entries[0].Detail["means"] != "callback" || entries[0].Subject != "contact:"+c.Contact.String() {
			t.Errorf("audited %+v", entries)
		}
		listed, err := w.Changes(ctx, v, c.ID)
		must(t, err)
		if len(listed) != 1 || listed[0].Vouched == nil || listed[0].Vouched.By != v.Actor.Agent || listed[0].Vouched.Means != desk.VouchCallback {
			t.Errorf("kept %+v", listed)
		}
	})
}

func TestHistoryIsShownWherePolicySaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "health")
		p := desk.DefaultPolicies()
		p.ChangedIdentity = desk.ShowHistory
		storetest.Enter(t, w.Store, desk.RegisterEntry{
			Controller: c.Controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(c.Controller), At: w.Now(), Active: true,
		}, p)
		w.clock.Add(time.Minute)
		w.changed(t, c)
		got, err := w.Open(t.Context(), w.north.viewer, c.ID)
		must(t, err)
		if w.legible(t, c) != "healthfalse" || len(got.Assurance.Changes) != 1 || got.Assurance.Hides() {
			t.Errorf("one reads %q, %+v", w.legible(t, c), got.Assurance)
		}
	})
}

// tables are those a merge might touch.
var tables = []string{
	"contact", "contact_restriction", "identity", "identity_change", "identity_key", "contact_merge", "conversation", "message", "turn", "ledger", "objection",
	"showing", "draft", "reading", "task", "tally", "dispatch",
}

// rows writes every row of these tables as it stands in the database, byte by byte.
func (w *world) rows(t *testing.T) string {
	t.Helper()
	db := storetest.Beside(t, w.url)
	var all []string
	for _, table := range tables {
		found, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
		must(t, err)
		columns, err := found.Columns()
		must(t, err)
		for found.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			must(t, found.Scan(into...))
			all = append(all, fmt.Sprintf("%s %x", table, fmt.Sprint(values...)))
		}
		must(t, found.Err())
		must(t, found.Close())
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// Two Contacts that are one person show each other's matters and Identities, and after the
// undoing every record is what it was.
func TestMergeAndUndo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, v := t.Context(), w.north.viewer
		a := w.wrote(t, w.north, w.north.inboxes[0], "by the old number")
		b := w.wrote(t, w.north, w.north.inboxes[1], "by the new number")
		third := w.wrote(t, w.north, w.north.inboxes[0], "somebody")
		far := w.wrote(t, w.south, w.south.inboxes[0], "of another controller")
		_, err := w.Note(ctx, v, a.ID, inbox.NewNote{ClientID: "n-1", Text: text("sealed for the first")})
		must(t, err)
		must(t, w.Object(ctx, v, b.ID, offers))
		must(t, w.Restrict(ctx, v, b.ID, "asked for"))
		w.changed(t, a)
		before := w.rows(t)

		for other, want := range map[desk.ContactID]desk.Code{
			a.Contact: desk.CodeInvalid, far.Contact: desk.CodeNotFound, desk.NewID[desk.Contact](): desk.CodeNotFound,
		} {
			if _, err := w.Merge(ctx, v, a.ID, other); desk.CodeOf(err) != want {
				t.Errorf("merging with %s: %v, want %s", other, err, want)
			}
		}
		_, err = w.Merge(ctx, v, a.ID, b.Contact)
		must(t, err)
		if w.rows(t) == before {
			t.Error("a merge leaves no record")
		}
		for _, c := range []desk.Conversation{a, b} {
			matters, err := w.Matters(ctx, v, c.ID)
			must(t, err)
			identities, err := w.Identities(ctx, v, c.ID)
			must(t, err)
			kin, err := w.Kin(ctx, v, c.ID)
			must(t, err)
			if len(matters) != 1 || len(identities) != 4 || len(kin) != 1 {
				t.Errorf("one person has %d other matters, %d identities, %d kin", len(matters), len(identities), len(kin))
			}
			if p, err := w.Preview(ctx, v, c.ID, "", ""); err != nil || p.Outcome != "refusal" || p.Reasons[0].Code != "contact_restricted" {
				t.Errorf("what forbids sending to one does not forbid it to both: %+v, %v", p, err)
			}
		}
		// A third one joins, and two groups do not.
		_, err = w.Merge(ctx, v, third.ID, a.Contact)
		must(t, err)
		if matters, err := w.Matters(ctx, v, third.ID); err != nil || len(matters) != 2 {
			t.Errorf("three are one person: %d, %v", len(matters), err)
		}
		if _, err := w.Merge(ctx, v, third.ID, b.Contact); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("merged twice: %v", err)
		}
		_, err = w.Unmerge(ctx, v, b.ID, third.Contact)
		must(t, err)

		_, err = w.Unmerge(ctx, v, b.ID, a.Contact)
		must(t, err)
		if after := w.rows(t); after != before {
			t.Errorf("the records are not what they were")
		}
		if _, err := w.Unmerge(ctx, v, b.ID, a.Contact); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("undone twice: %v", err)
		}
		if matters, err := w.Matters(ctx, v, a.ID); err != nil || len(matters) != 0 {
			t.Errorf("two again, and %d matters, %v", len(matters), err)
		}
		if len(w.audited(t, desk.ActContactMerged)) != 2 || len(w.audited(t, desk.ActMergeUndone)) != 2 {
			t.Error("not audited")
		}
	})
}

// A Contact is found by its number in every spelling, and by nothing that is no number.
func TestSeek(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "hello")
		digest, err := w.vault.Digest(t.Context(), c.Controller, "identity", []byte(desk.IdentityPhone), []byte("+491701234567"))
		must(t, err)
		w.exec(t, "UPDATE identity SET digest = $1 WHERE kind = 'phone' AND contact_id = $2", digest, c.Contact[:])
		for _, typed := range []string{"0170 1234567", "0049 170 1234567", "+49 (0)170 1234567", "491701234567"} {
			found, err := w.Seek(t.Context(), w.north.viewer, typed)
			if err != nil || len(found) != 1 || found[0].ID != c.ID {
				t.Errorf("%q finds %d, %v", typed, len(found), err)
			}
			if found, err := w.Seek(t.Context(), w.south.viewer, typed); err != nil || len(found) != 0 {
				t.Errorf("a stranger finds %d, %v", len(found), err)
			}
		}
		if found, err := w.Seek(t.Context(), w.north.viewer, "0170 7654321"); err != nil || len(found) != 0 {
			t.Errorf("another number finds %d, %v", len(found), err)
		}
		if _, err := w.Seek(t.Context(), w.north.viewer, "Erika"); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("a name: %v", err)
		}
	})
}
