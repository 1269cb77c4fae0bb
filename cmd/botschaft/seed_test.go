package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"botschaft/bench/seed"
)

// seen is a Conversation as lists show it.
type seen struct {
	ID       string
	Contact  struct{ Name, Identity string }
	Last     *struct{ Text, Status string }
	LastAt   time.Time `json:"last_at"`
	Window   struct{ Open bool }
	Waiting  *time.Time `json:"waiting_since"`
	Assignee *struct{ ID string }
	Closed   *time.Time `json:"closed_at"`
	Snooze   *struct{ At time.Time }
	Position int64
}

// number gives which Contact it is.
func (s seen) number(t testing.TB) (n int) {
	t.Helper()
	_, err := fmt.Sscanf(s.Contact.Name, "Sender %d", &n)
	must(t, err)
	return n
}

// A house that was seeded is one that has run: nobody can tell by its doors.
func TestSeededHouse(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		wire := newProvider(t)
		inbox, webhook := h.inbox(phoneNumberID, wire.url)
		plan := seed.Plan{Conversations: 300, Messages: 2400, Seed: 7, At: time.Now().Add(-time.Minute)}
		made := h.seed(inbox, plan)
		if made.Conversations != 300 || made.Messages != 2400 || made.Sent < 500 {
			t.Fatalf("made %+v", made)
		}
		h.start()
		all := h.seeded("/conversations?view=all&sort=newest", func(a, b seen) bool { return !a.LastAt.Before(b.LastAt) })
		due := h.seeded("/conversations?view=all&sort=due", func(a, b seen) bool { return a.Waiting != nil || b.Waiting == nil })
		closed := h.seeded("/conversations?view=closed", func(_, b seen) bool { return b.Closed != nil })
		if len(all)+len(closed) != 300 || len(due) != len(all) {
			t.Errorf("%d open, %d of them in the order of work, %d closed", len(all), len(due), len(closed))
		}
		h.countsAre(all, closed)
		h.threadsOf(all[:20])
		h.receivesFrom(webhook, all)
		h.repliesTo(wire, all)
		h.settles(webhook, plan, all)
		h.serving.end(t, syscall.SIGTERM)
		h.facts("checkpoint checkpoint_at checkpoints entries ledger protected waiting", "verify", "audit")
	})
}

// seed fills the house, which is not served now.
func (h *house) seed(inbox string, plan seed.Plan) seed.Made {
	h.t.Helper()
	at := seed.Place{
		Database: "sqlite:" + h.dir + "/data/botschaft.db", Vault: "sqlite:" + h.dir + "/data/vault.db", RootKeyFile: h.rootKey(),
	}
	for i, flag := range h.place {
		switch flag {
		case "--database-url":
			at.Database = h.place[i+1]
		case "--vault-url":
			at.Vault = h.place[i+1]
		}
	}
	var said bytes.Buffer
	made, err := seed.Fill(h.t.Context(), at, inbox, plan, &said)
	must(h.t, err)
	if want := fmt.Sprintf("of %d messages", plan.Messages); !strings.Contains(said.String(), want) {
		h.t.Errorf("it said %q, not %q", said.String(), want)
	}
	return made
}

// seeded reads a list whole, which must be in order.
func (h *house) seeded(path string, ordered func(a, b seen) bool) []seen {
	h.t.Helper()
	all, err := everyPage[seen](h, path)
	must(h.t, err)
	for i, c := range all {
		if !ordered(all[max(0, i-1)], c) {
			h.t.Fatalf("%s: %d is %+v, before it %+v", path, i, c, all[max(0, i-1)])
		}
		if c.Last == nil || c.Last.Text == "" || !strings.HasPrefix(c.Contact.Identity, "+49 ••• ") {
			h.t.Fatalf("%s: %+v cannot be read", path, c)
		}
	}
	return all
}

// countsAre checks the Tallies against the lists.
func (h *house) countsAre(all, closed []seen) {
	h.t.Helper()
	var counts struct {
		Items []struct{ Mine, Unassigned, All, Closed int }
	}
	must(h.t, json.Unmarshal([]byte(h.call(http.MethodGet, "/counts", "").body), &counts))
	want := struct{ Mine, Unassigned, All, Closed int }{All: len(all), Closed: len(closed)}
	for _, c := range all {
		switch {
		case c.Snooze != nil:
		case c.Assignee != nil:
			want.Mine++
		default:
			want.Unassigned++
		}
	}
	if len(counts.Items) != 1 || counts.Items[0] != want || want.Mine == 0 || want.Mine+want.Unassigned == want.All {
		h.t.Errorf("the counts are %+v, the lists say %+v", counts.Items, want)
	}
}

// threadsOf opens Conversations: every Message can be read, and stands where it should.
func (h *house) threadsOf(some []seen) {
	h.t.Helper()
	for _, c := range some {
		said, err := everyPage[shown](h, "/conversations/"+c.ID+"/messages")
		must(h.t, err)
		for _, m := range said {
			if !strings.HasPrefix(m.Text, "Guten Tag") {
				h.t.Fatalf("the thread of %s shows %+v", c.Contact.Name, m)
			}
		}
		if len(said) == 0 || int64(len(said)) > c.Position || int64(len(said)) < c.Position-1 { // a Turn takes a position
			h.t.Errorf("the thread of %s has %d messages, its position is %d", c.Contact.Name, len(said), c.Position)
		}
	}
}

// receivesFrom lets a seeded Contact write: it is the same one, in the same Conversation.
func (h *house) receivesFrom(webhook string, all []seen) {
	h.t.Helper()
	c := all[len(all)/2]
	body := strings.NewReplacer("4915700000001", seed.Phone(c.number(h.t)), "Anna Muster", c.Contact.Name).Replace(said(1, "Noch etwas"))
	wantStatus(h.t, "a message", h.deliver(webhook, body), http.StatusOK)
	eventually(h.t, 15*time.Second, "the message is in its conversation", func() bool {
		var now seen
		must(h.t, json.Unmarshal([]byte(h.call(http.MethodGet, "/conversations/"+c.ID, "").body), &now))
		return now.Position == c.Position+1 && now.Last.Text == "Noch etwas" && now.Contact == c.Contact
	})
}

// repliesTo answers a seeded Contact within its Window.
func (h *house) repliesTo(wire *provider, all []seen) {
	h.t.Helper()
	for _, c := range all {
		if c.Window.Open {
			wantStatus(h.t, "a reply", h.reply(c.ID, "seeded", "Gern"), http.StatusCreated)
			eventually(h.t, 15*time.Second, "the reply goes out behind the notice", func() bool { return len(wire.sent()) == 2 })
			return
		}
	}
	h.t.Error("no window is open")
}

// settles brings statuses of Messages that were seeded as sent.
func (h *house) settles(webhook string, plan seed.Plan, all []seen) {
	h.t.Helper()
	for _, c := range all[:20] {
		n := c.number(h.t)
		for m := range plan.Size(n) {
			if !plan.IsSent(n, m) {
				continue
			}
			wantStatus(h.t, "a status", h.deliver(webhook, news(seed.Wamid(n, m), seed.Phone(n), "read")), http.StatusOK)
			eventually(h.t, 15*time.Second, "a seeded message is read", func() bool {
				thread, err := everyPage[shown](h, "/conversations/"+c.ID+"/messages")
				must(h.t, err)
				for _, s := range thread {
					if s.Status == "read" {
						return true
					}
				}
				return false
			})
			return
		}
	}
	h.t.Error("nothing was sent")
}
