package outbound_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
)

// german and english are the Notice as a phone gets it.
func (w *world) german() string  { return "Hinweis: " + w.page() + "/de" }
func (w *world) english() string { return "Notice: " + w.page() + "/en" }

func (w *world) page() string {
	return "https://desk.example/n/" + base64.RawURLEncoding.EncodeToString(w.inbox[:])
}

// left gives the texts that the Provider saw since the last look.
func (w *world) left(t *testing.T) []string {
	t.Helper()
	w.provider.mu.Lock()
	defer w.provider.mu.Unlock()
	var all []string
	for _, s := range w.provider.sent[w.seen:] {
		all = append(all, s.text)
	}
	w.seen = len(w.provider.sent)
	return all
}

// sees checks which texts left since the last look, in their order.
func (w *world) sees(t *testing.T, what string, want ...string) {
	t.Helper()
	if got := w.left(t); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("%s: %q left, want %q", what, got, want)
	}
}

// showings reads the evidence of what a Contact was shown, the newest first.
func (w *world) showings(t *testing.T, c desk.Conversation) []rows.ListShowingsRow {
	t.Helper()
	listed, err := w.Read().ListShowings(t.Context(), c.Contact)
	must(t, err)
	return listed
}

// writesAgain opens the Window anew.
func (w *world) writesAgain(t *testing.T, c desk.Conversation) {
	t.Helper()
	row, err := w.Read().GetConversation(t.Context(), rows.GetConversationParams{ID: c.ID, Everything: true})
	must(t, err)
	now := store.ConversationOf(row)
	now.WindowOpened = w.Now()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveConversations(t.Context(), []desk.Conversation{now}) }))
}

// refusedFor checks for which reasons a Submission is refused.
func (w *world) refusedFor(t *testing.T, what string, s outbound.Submission, want ...policy.Code) {
	t.Helper()
	w.asked++
	if s.ClientID = fmt.Sprintf("client-%d", w.asked); s.Kind == "" {
		s.Kind, s.Text = desk.KindText, text("hello")
	}
	_, err := w.gate.Compose(t.Context(), ben, allScope, s)
	var refused *outbound.Refused
	if len(want) == 0 {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	var got []policy.Code
	if errors.As(err, &refused) {
		for _, r := range refused.Reasons() {
			got = append(got, r.Code)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: refused for %v (%v), want %v", what, got, err, want)
	}
}

// A first reply carries the Notice ahead of it, and the Provider's word is the evidence that
// it was shown; what follows carries none (GDPR Art. 13, 5(2)).
func TestTheNoticeGoesAhead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.came(t, "+491700000001", time.Hour)
		if p, err := w.gate.Preview(t.Context(), anna, "", ""); err != nil || p.Outcome != string(policy.OutcomeNoticeFirst) || p.Permit.Basis == "" {
			t.Errorf("the preview says %+v, %v", p, err)
		}
		m := w.says(t, anna, "hello")
		second := w.says(t, anna, "in the same lane") // the Notice stands ahead of it already
		if m.Position != 2 || second.Position != 3 {
			t.Errorf("the replies have the places %d and %d", m.Position, second.Position)
		}
		shown := w.showings(t, anna)
		if len(shown) != 1 || shown[0].Language != "de" || shown[0].Version != 1 || !shown[0].AcceptedAt.IsZero() {
			t.Fatalf("before the send it was shown %+v", shown)
		}
		w.deliver(t, "one")
		w.stands(t, second, desk.StatusSent)
		w.idle(t)
		w.sees(t, "the first reply", w.german(), "hello", "in the same lane")
		notice := w.message(t, shown[0].Message)
		if notice.Origin != desk.OriginNotice || notice.Position != 1 || notice.Status != desk.StatusSent || notice.Conversation != anna.ID {
			t.Errorf("the notice is %+v", notice)
		}
		accepted := w.Now()
		w.clock.Add(time.Minute)
		w.status(t, notice, "wamid.0", desk.StatusDelivered, "")
		w.clock.Add(time.Minute)
		w.status(t, notice, "wamid.0", desk.StatusRead, "")
		s := w.showings(t, anna)[0]
		if !s.AcceptedAt.Time.Equal(accepted) || !s.DeliveredAt.Time.Equal(accepted.Add(time.Minute)) || !s.ReadAt.Time.Equal(accepted.Add(2*time.Minute)) {
			t.Errorf("the evidence is %+v", s)
		}
		w.stands(t, w.says(t, anna, "again"), desk.StatusSent)
		w.sees(t, "another reply", "again")
		if n := len(w.showings(t, anna)); n != 1 {
			t.Errorf("it was shown %d times", n)
		}
	})
}

// A Notice that says something else in matter is shown again, as is one that is a year old
// (GDPR Art. 12(1), 13(3)).
func TestTheNoticeIsShownAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.came(t, "+491700000001", time.Hour)
		w.deliver(t, "one")
		reply := func(what string, want ...string) {
			t.Helper()
			w.stands(t, w.says(t, anna, what), desk.StatusSent)
			w.sees(t, what, append(want, what)...)
		}
		reply("first", w.german())
		storetest.Activate(t, w.Store, w.controller, w.inbox, 2, false)
		reply("behind new words of the same matter")
		storetest.Activate(t, w.Store, w.controller, w.inbox, 3, true)
		reply("behind another matter", w.german())
		reply("after that")
		w.clock.Add(364 * 24 * time.Hour)
		w.writesAgain(t, anna)
		reply("a day before the year ends")
		w.clock.Add(2 * 24 * time.Hour)
		w.writesAgain(t, anna)
		reply("after twelve months", w.german())
		reply("and once only")
		// Policy may ask for less, or for more.
		w.choose(t, func(p *desk.Policies) { p.NoticeRepeat = "change" })
		w.clock.Add(3 * 366 * 24 * time.Hour)
		w.writesAgain(t, anna)
		reply("years later, by policy")
		w.choose(t, func(p *desk.Policies) { p.NoticeRepeat = "conversation" })
		anna.OpenedAt = w.Now()
		storetest.Execute(t, w.url, "UPDATE conversation SET opened_at = $1 WHERE id = $2", w.Now().UnixMilli(), anna.ID)
		reply("in a new conversation, by policy", w.german())
		reply("and no more")
	})
}

// Without a Notice in use nothing can be told to people, so nothing is said to them (GDPR
// Art. 13).
func TestNoNoticeInUse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.came(t, "+491700000001", time.Hour)
		storetest.Execute(t, w.url, "DELETE FROM notice")
		storetest.Execute(t, w.url, "UPDATE controller SET register = register + 1")
		w.refusedFor(t, "without a notice", outbound.Submission{Conversation: anna.ID}, policy.CodeNoticeMissing)
		if n := len(w.showings(t, anna)) + len(w.audited(t, desk.ActMessagePermitted)); n != 0 {
			t.Errorf("%d traces of a message", n)
		}
	})
}

// A Notice that the Provider rejects was not shown: the reply behind it does not leave, and
// whoever repeats it sends a Notice anew (GDPR Art. 13).
func TestTheNoticeFails(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.came(t, "+491700000001", time.Hour)
		w.provider.fails(invalid, 1)
		m := w.says(t, anna, "hello")
		w.deliver(t, "one")
		now := w.stands(t, m, desk.StatusFailed)
		if now.Failure != string(policy.CodeNoticePending) || outbound.FailureOf(now.Failure).Helps.DE == "" {
			t.Errorf("failed with %s", now.Failure)
		}
		w.idle(t)
		w.sees(t, "behind a notice that failed", w.german())
		if shown := w.showings(t, anna); len(shown) != 1 || !shown[0].AcceptedAt.IsZero() {
			t.Errorf("it was shown %+v", shown)
		}
		must(t, w.gate.Repeat(t.Context(), ben, now, false))
		w.stands(t, m, desk.StatusSent)
		w.sees(t, "repeated", w.german(), "hello")
		w.stands(t, w.says(t, anna, "more"), desk.StatusSent)
		w.sees(t, "after that", "more")
	})
}

// News that a Notice failed after the Provider had taken it makes it owed again (GDPR Art. 13).
func TestTheNoticeFailsLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.came(t, "+491700000001", time.Hour)
		w.deliver(t, "one")
		w.stands(t, w.says(t, anna, "hello"), desk.StatusSent)
		w.sees(t, "the first reply", w.german(), "hello")
		notice := w.message(t, w.showings(t, anna)[0].Message)
		w.status(t, notice, "wamid.0", desk.StatusFailed, "131026")
		w.stands(t, w.says(t, anna, "more"), desk.StatusSent)
		w.sees(t, "after the news", w.german(), "more")
	})
}

// While nobody knows whether the Notice arrived, the reply behind it waits, a minute at most
// (GDPR Art. 13).
func TestTheNoticeIsInDoubt(t *testing.T) {
	for name, settled := range map[string]bool{"settled": true, "not settled": false} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				anna := w.came(t, "+491700000001", time.Hour)
				w.provider.fails(lost, 1)
				m := w.says(t, anna, "hello")
				w.deliver(t, "one")
				notice := w.stands(t, w.message(t, w.showings(t, anna)[0].Message), desk.StatusInDoubt)
				for range 20 {
					w.clock.Add(time.Second)
					time.Sleep(time.Millisecond)
				}
				w.sees(t, "in doubt", w.german())
				if settled {
					w.status(t, notice, "wamid.x", desk.StatusDelivered, "")
					w.soonest(t, "the reply", func() bool { return w.message(t, m.ID).Status == desk.StatusSent })
					w.sees(t, "settled", "hello")
					return
				}
				w.soonest(t, "the end of the reply", func() bool { return w.message(t, m.ID).Status == desk.StatusFailed })
				if now := w.message(t, m.ID); now.Failure != string(policy.CodeNoticePending) {
					t.Errorf("failed with %s", now.Failure)
				}
				w.stands(t, w.says(t, anna, "more"), desk.StatusSent)
				w.sees(t, "after the doubt", w.german(), "more")
			})
		})
	}
}

// choose changes the Controller's policies.
func (w *world) choose(t *testing.T, change func(p *desk.Policies)) {
	t.Helper()
	change(&w.policies)
	storetest.Enter(t, w.Store, desk.RegisterEntry{
		Controller: w.controller, Kind: desk.RegisterPolicies, Subject: desk.RegisterID(w.controller), Active: true,
	}, w.policies)
}

// holdFramework holds the Data Privacy Framework valid or not.
func (w *world) holdFramework(t *testing.T, valid bool) {
	t.Helper()
	storetest.Enter(t, w.Store, desk.RegisterEntry{
		Controller: w.controller, Kind: desk.RegisterFramework, Subject: desk.RegisterID(w.controller), Active: valid,
	}, desk.Framework{Reason: strings.Repeat("x", 3)})
}
