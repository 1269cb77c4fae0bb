package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// loses makes a Message of ours that was refused because it was meant for another device.
func (w *world) loses(t *testing.T, r *realm, words string) desk.MessageID {
	t.Helper()
	ctx, id := context.Background(), w.failsFor(t, r.conversation, words, "137000")
	w.clock.Add(time.Second) // WhatsApp's word comes later
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		return tx.AddIdentityChanges(ctx, []desk.IdentityChange{{
			ID: desk.NewID[desk.IdentityChange](), Controller: r.controller, Contact: r.conversation.Contact, Mark: id[:],
			News: desk.SystemNewIdentity, Heard: desk.HeardRefusal, ChangedAt: tx.Now(), At: tx.Now(),
		}})
	}))
	return id
}

// seesLost reads what the thread shows of a Message.
func (w *world) seesLost(t *testing.T, who asker, id desk.MessageID) (m lostMessage) {
	t.Helper()
	var page struct{ Items []lostMessage }
	w.ask(t, who, question{method: "GET", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/messages"}).read(t, &page)
	for _, m := range page.Items {
		if m.ID == id.String() {
			return m
		}
	}
	t.Fatalf("the thread is %+v", page)
	return m
}

type lostMessage struct {
	ID, Text string
	Hidden   bool
	Failure  *struct {
		ProviderCode int `json:"provider_code"`
		Sentence     struct{ DE, EN string }
	}
}

// doubted reads why the Contact may be somebody else; "": nobody says so.
func (w *world) doubted(t *testing.T, who asker) string {
	t.Helper()
	var c struct {
		Contact struct {
			Assurance *struct{ News string }
		}
	}
	w.ask(t, who, question{method: "GET", path: "/api/v1/conversations/" + w.north.conversation.ID.String()}).read(t, &c)
	if c.Contact.Assurance == nil {
		return ""
	}
	return c.Contact.Assurance.News
}

func (w *world) vouches(t *testing.T, who asker, means string) answer {
	t.Helper()
	return w.ask(t, who, question{
		method: "POST", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/vouchings", body: map[string]any{"means": means},
	})
}

// A Message that was refused for another device says so, and the Contact is doubted: what was said
// before is hidden until an Agent says how they made sure (GDPR Art. 32; Meta: Identity change check).
func TestAnotherDeviceHides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent, lost := w.agentOf(t, w.north), w.loses(t, w.north, "Ihr Vertrag")
		w.clock.Add(time.Minute)
		if m := w.seesLost(t, agent, lost); !m.Hidden || m.Text != "" || m.Failure == nil || m.Failure.ProviderCode != 137000 || !strings.Contains(m.Failure.Sentence.DE, "Gerät") {
			t.Errorf("the lost message is %+v", m)
		}
		if news := w.doubted(t, agent); news != "new_identity" {
			t.Errorf("the contact is doubted for %q", news)
		}
		if a := w.vouches(t, agent, "a feeling"); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest || w.doubted(t, agent) == "" {
			t.Errorf("by a feeling: %d %s", a.status, a.body)
		}
		if a := w.vouches(t, agent, "callback"); a.status != http.StatusOK || w.doubted(t, agent) != "" {
			t.Fatalf("vouching: %d %s", a.status, a.body)
		}
		if m := w.seesLost(t, agent, lost); m.Hidden || m.Text != "Ihr Vertrag" {
			t.Errorf("the lost message is %+v", m)
		}
		var changes struct {
			Items []struct {
				Heard   string
				Vouched *struct{ Means string }
			}
		}
		w.ask(t, agent, question{method: "GET", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/identity-changes"}).read(t, &changes)
		if c := changes.Items; len(c) != 1 || c[0].Heard != "refusal" || c[0].Vouched == nil || c[0].Vouched.Means != "callback" {
			t.Errorf("the changes are %+v", c)
		}
	})
}

// Until then nothing is sent, and the preview says so beforehand; afterwards everything goes, the
// lost Message too.
func TestAnotherDeviceHoldsBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent, lost := w.agentOf(t, w.north), w.loses(t, w.north, "Ihr Vertrag")
		tries := map[string]func() answer{
			"an answer": func() answer { return w.writes(t, agent, "c-1", "Noch einmal", "Accept-Language", "de") },
			"another attempt": func() answer {
				return w.ask(t, agent, question{method: "POST", path: "/api/v1/messages/" + lost.String() + "/attempts",
					body: map[string]any{"confirm_doubt": false}, header: http.Header{"Accept-Language": {"de"}}})
			},
		}
		for what, try := range tries {
			a := try()
			p := a.problem(t)
			if a.status != http.StatusUnprocessableEntity || len(p.Reasons) != 1 || p.Reasons[0].Code != "identity_changed" || !strings.Contains(p.Reasons[0].Sentence, "Gerät") {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
			w.checkPreview(t, agent, p)
		}
		if a := w.vouches(t, agent, "callback"); a.status != http.StatusOK {
			t.Fatalf("vouching: %d %s", a.status, a.body)
		}
		for what, try := range tries {
			if a := try(); a.status != http.StatusCreated {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
	})
}
