package inbox_test

import (
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/storetest"
)

// about makes a Message of a kind about the one with a wamid.
func about(kind desk.Kind, d desk.Direction, wamid, original string) desk.Message {
	m := desk.Message{Direction: d, Kind: kind, Status: desk.StatusReceived, Origin: desk.OriginContact, AboutDigest: []byte(original)}
	if wamid != "" {
		m.WamidDigest = []byte(wamid)
	}
	return m
}

// shown gives the thread's Messages by their place in it, the lowest first.
func (w *world) shown(t *testing.T, c desk.Conversation) []inbox.Message {
	t.Helper()
	page, err := w.Messages(t.Context(), w.north.viewer, c.ID, 50, "")
	must(t, err)
	slices.Reverse(page.Items)
	return page.Items
}

// Who answers quotes; who reacts is seen at the Message, the newest of each side alone; who
// changes a Message or takes it back does that to the one, in whatever order both come, and
// nobody does it to what somebody else wrote.
func TestMessagesAboutMessages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "Hallo")
		said := func(wamid, words string) {
			w.message(t, c, desk.Message{Direction: desk.In, Kind: desk.KindText, Status: desk.StatusReceived, Origin: desk.OriginContact, WamidDigest: []byte(wamid)}, words, 0)
			w.clock.Add(time.Second)
		}
		change := func(m desk.Message, words string) {
			w.message(t, c, m, words, 0)
			w.clock.Add(time.Second)
		}
		said("one", "Ich wollte 100 melden")
		w.message(t, c, desk.Message{Direction: desk.Out, Kind: desk.KindText, Status: desk.StatusSent, Origin: desk.OriginAgent, WamidDigest: []byte("ours")}, "Gern", 0)
		w.clock.Add(time.Second)
		change(about(desk.KindText, desk.In, "answer", "ours"), "Danke")
		change(about(desk.KindReaction, desk.In, "r1", "ours"), "👍")
		change(about(desk.KindReaction, desk.In, "r2", "ours"), "❤️")
		change(about(desk.KindReaction, desk.In, "r3", "one"), "👍")
		change(about(desk.KindReaction, desk.In, "r4", "one"), "")
		lost := about(desk.KindReaction, desk.Out, "r5", "one") // of ours, and it never arrived
		lost.Status, lost.Origin = desk.StatusFailed, desk.OriginAgent
		change(lost, "🙏")
		change(about(desk.KindEdit, desk.In, "e1", "one"), "Ich wollte 1.000 melden")
		change(about(desk.KindEdit, desk.In, "e2", "one"), "Ich wollte 1.001 melden")
		change(about(desk.KindEdit, desk.In, "e3", "ours"), "Wir zahlen alles")
		change(about(desk.KindRevoke, desk.In, "v1", "ours"), "")
		change(about(desk.KindRevoke, desk.In, "v2", "later"), "")
		change(about(desk.KindEdit, desk.In, "e4", "later"), "Meine andere IBAN lautet")
		said("later", "Meine IBAN lautet")
		change(about(desk.KindText, desk.In, "", "later"), "Das war nichts")
		change(about(desk.KindText, desk.In, "", "never"), "Zu etwas, das nie kam")

		by := map[string]inbox.Message{}
		for _, m := range w.shown(t, c) {
			if m.WamidDigest != nil {
				by[string(m.WamidDigest)] = m
			} else {
				by[m.Text.Reveal()] = m
			}
		}
		if m := by["ours"]; m.Text.Reveal() != "Gern" || !m.EditedAt.IsZero() || !m.RevokedAt.IsZero() {
			t.Errorf("the contact changed what we wrote: %+v", m)
		}
		if r := by["ours"].Reactions; len(r) != 1 || r[0].Emoji.Reveal() != "❤️" || r[0].By != desk.In {
			t.Errorf("the reactions are %+v", r)
		}
		if q := by["answer"].About; q == nil || q.ID != by["ours"].ID || q.Text.Reveal() != "Gern" || q.Direction != desk.Out {
			t.Errorf("the answer quotes %+v", q)
		}
		one := by["one"]
		if one.Text.Reveal() != "Ich wollte 1.001 melden" || one.EditedAt.IsZero() || len(one.Reactions) != 0 {
			t.Errorf("what was changed twice: %+v", one)
		}
		if len(one.Earlier) != 2 || one.Earlier[0].Text.Reveal() != "Ich wollte 100 melden" || one.Earlier[1].Text.Reveal() != "Ich wollte 1.000 melden" ||
			!one.Earlier[1].At.After(one.Earlier[0].At) {
			t.Errorf("what it said before: %+v", one.Earlier)
		}
		if m := by["later"]; !m.Text.IsEmpty() || m.RevokedAt.IsZero() {
			t.Errorf("what was taken back before it came: %+v", m)
		}
		if m := by["e4"]; !m.Text.IsEmpty() {
			t.Errorf("what it was to be changed to: %+v", m)
		}
		if q := by["Das war nichts"].About; q == nil || !q.Text.IsEmpty() {
			t.Errorf("a quotation of what was taken back: %+v", q)
		}
		if q := by["Zu etwas, das nie kam"].About; q != nil {
			t.Errorf("a quotation of nothing: %+v", q)
		}
	})
}

// What was taken back is read in no list either.
func TestListsShowNothingTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "Hallo")
		w.message(t, c, about(desk.KindRevoke, desk.In, "v", "x"), "", 0)
		w.clock.Add(time.Second)
		w.message(t, c, desk.Message{Direction: desk.In, Kind: desk.KindText, Status: desk.StatusReceived, Origin: desk.OriginContact, WamidDigest: []byte("x")}, "Geheim", 0)
		page, err := w.List(t.Context(), w.north.viewer, inbox.Query{View: "all", Limit: 10})
		must(t, err)
		if len(page.Items) != 1 || page.Items[0].Last == nil || !page.Items[0].Last.Text.IsEmpty() {
			t.Errorf("the list shows %+v", page.Items[0].Last)
		}
	})
}

// Where the Controller chose so, only the last words of a changed Message are shown (GDPR Art.
// 5(1)(c), (d)).
func TestEarlierWordsAreShownWherePolicySaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.wrote(t, w.north, w.north.inboxes[0], "Hallo")
		w.message(t, c, desk.Message{Direction: desk.In, Kind: desk.KindText, Status: desk.StatusReceived, Origin: desk.OriginContact, WamidDigest: []byte("one")}, "hundert", 0)
		w.clock.Add(time.Second)
		w.message(t, c, about(desk.KindEdit, desk.In, "e1", "one"), "tausend", 0)
		earlier := func() (words int) {
			for _, m := range w.shown(t, c) {
				if string(m.WamidDigest) == "one" && m.Text.Reveal() == "tausend" && !m.EditedAt.IsZero() {
					return len(m.Earlier)
				}
			}
			t.Fatal("the message does not say its last words")
			return 0
		}
		if n := earlier(); n != 1 {
			t.Errorf("%d earlier versions are shown", n)
		}
		p := desk.DefaultPolicies()
		p.EarlierWords = desk.HideEarlierWords
		storetest.Enter(t, w.Store, desk.RegisterEntry{
			Controller: c.Controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(c.Controller), At: w.Now(), Active: true,
		}, p)
		w.clock.Add(time.Minute)
		if n := earlier(); n != 0 {
			t.Errorf("%d earlier versions are shown all the same", n)
		}
	})
}
