package outbound_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

func TestComposeOncePerClientID(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna, carl := w.wrote(t, "+491700000001", time.Hour), w.wrote(t, "+491700000002", time.Hour)
		first, err := w.compose(t, anna, "one", "hello")
		must(t, err)
		if first.Status != desk.StatusQueued || first.Position != 1 || first.Permit.Policy == "" || len(first.Permit.NotAssessed) == 0 {
			t.Errorf("composed %+v", first)
		}
		again, err := w.compose(t, anna, "one", "hello")
		if err != nil || again.ID != first.ID || again.Position != first.Position {
			t.Errorf("asked again: %v, %v", again.ID, err)
		}
		if _, err := w.compose(t, anna, "one", "goodbye"); desk.CodeOf(err) != desk.CodeConflict {
			t.Errorf("the same client_id with other words: %v", err)
		}
		for name, other := range map[string]func() (desk.Message, error){
			"another client_id":    func() (desk.Message, error) { return w.compose(t, anna, "two", "hello") },
			"another conversation": func() (desk.Message, error) { return w.compose(t, carl, "one", "hello") },
			"another agent": func() (desk.Message, error) {
				actor := desk.Actor{Kind: desk.ActorAgent, Agent: desk.NewID[desk.Agent]()}
				return w.gate.Compose(t.Context(), actor, desk.Scope{All: true},
					outbound.Submission{Conversation: anna.ID, ClientID: "one", Kind: desk.KindText, Text: text("hello")})
			},
		} {
			if m, err := other(); err != nil || m.ID == first.ID {
				t.Errorf("%s: %v, %v", name, m.ID, err)
			}
		}
		if n := len(w.audited(t, desk.ActMessagePermitted)); n != 4 {
			t.Errorf("%d permits were audited", n)
		}
		w.deliver(t, "one")
		await(t, "all sends", func() bool { return w.provider.count() >= 4 })
		w.idle(t)
		if n := w.provider.count(); n != 4 {
			t.Errorf("%d messages were sent", n)
		}
		// The first answer stands, whatever the gate would say now.
		w.clock.Add(48 * time.Hour)
		if m, err := w.compose(t, anna, "one", "hello"); err != nil || m.ID != first.ID || m.Status != desk.StatusSent {
			t.Errorf("asked two days later: %s, %v", m.Status, err)
		}
	})
}

func TestComposeAtTheSameTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		var asking sync.WaitGroup
		var mu sync.Mutex
		made := map[desk.MessageID]bool{}
		for range 16 {
			asking.Go(func() {
				m, err := w.compose(t, anna, "one", "hello")
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				made[m.ID] = true
			})
		}
		asking.Wait()
		if len(made) != 1 {
			t.Errorf("%d messages", len(made))
		}
		w.deliver(t, "one")
		await(t, "the send", func() bool { return w.provider.count() > 0 })
		w.idle(t)
		if n := w.provider.count(); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
}

func TestInvalidSubmissions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		good := outbound.Submission{Conversation: anna.ID, ClientID: "one", Kind: desk.KindText, Text: text(strings.Repeat("ä", outbound.MaxText))}
		for field, spoil := range map[string]func(*outbound.Submission){
			"client_id":  func(s *outbound.Submission) { s.ClientID = "" },
			"client_id ": func(s *outbound.Submission) { s.ClientID = strings.Repeat("x", 129) },
			"kind":       func(s *outbound.Submission) { s.Kind, s.Text = desk.KindImage, private.Text{} },
			"text":       func(s *outbound.Submission) { s.Text = text(" \n\t") },
			"text ":      func(s *outbound.Submission) { s.Text = text(good.Text.Reveal() + "!") },
		} {
			s := good
			spoil(&s)
			_, err := w.gate.Compose(t.Context(), ben, allScope, s)
			var invalid *desk.Error
			if !errors.As(err, &invalid) || invalid.Code != desk.CodeInvalid || invalid.Field != strings.TrimSpace(field) {
				t.Errorf("%s: got %v", field, err)
			}
		}
		if _, err := w.gate.Compose(t.Context(), ben, desk.Scope{Agent: ben.Agent}, good); desk.CodeOf(err) != desk.CodeNotFound {
			t.Errorf("out of scope: %v", err)
		}
		if _, err := w.gate.Compose(t.Context(), ben, allScope, good); err != nil {
			t.Errorf("the longest text: %v", err)
		}
	})
}

func TestGateRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		open, shut, never := w.wrote(t, "+491700000001", time.Hour), w.wrote(t, "+491700000002", 24*time.Hour), w.wrote(t, "+491700000003", time.Hour)
		never.WindowOpened = time.Time{}
		must(t, w.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.SaveConversations(t.Context(), []desk.Conversation{never}); err != nil {
				return err
			}
			return tx.RestrictContact(t.Context(), rows.RestrictContactParams{Contact: never.Contact, At: tx.Stamp(), Reason: "request"})
		}))
		check := func(name string, c desk.Conversation, want ...policy.Code) {
			t.Helper()
			before := len(w.audited(t, desk.ActMessageRefused))
			m, err := w.compose(t, c, "client", "hello")
			var refused *outbound.Refused
			if !errors.As(err, &refused) || desk.CodeOf(err) != desk.CodeRefused {
				t.Fatalf("%s: got %v, %v", name, m.Status, err)
			}
			var got []policy.Code
			for _, r := range refused.Reasons() {
				got = append(got, r.Code)
				if r.Sentence("de") == "" || r.Helps("en") == "" {
					t.Errorf("%s: %s has no words", name, r.Code)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: reasons are %v", name, got)
			}
			if n := len(w.audited(t, desk.ActMessageRefused)); n != before+1 {
				t.Errorf("%s: the refusal was audited %d times", name, n-before)
			}
		}
		check("a window that closed", shut, policy.CodeWindowClosed)
		check("nobody wrote, and restricted", never, policy.CodeContactRestricted, policy.CodeWindowClosed)
		w.pause(t)
		check("a paused inbox", open, policy.CodeInboxPaused)
		if p, err := w.gate.Preview(t.Context(), open, "", ""); err != nil || p.Outcome != string(policy.OutcomeRefusal) || len(p.Reasons) != 1 {
			t.Errorf("the preview says %+v, %v", p, err)
		}
		w.resume(t)
		if p, err := w.gate.Preview(t.Context(), open, "", ""); err != nil || p.Outcome != string(policy.OutcomePermit) {
			t.Errorf("the preview says %+v, %v", p, err)
		}
		// What was refused was not made: the same client_id may ask again.
		if _, err := w.compose(t, open, "client", "other words"); err != nil {
			t.Errorf("after the pause: %v", err)
		}
	})
}

// The Provider tells whole seconds of what comes in. A reply takes its second too, so
// that what a person answers within it stands below, by position.
func TestAReplyStandsInItsSecond(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.clock.Add(348 * time.Millisecond)
		if m := w.says(t, anna, "hello"); !m.ThreadAt.Equal(noon) || !m.ExternalAt.Equal(noon) || !m.At.Equal(noon.Add(348*time.Millisecond)) {
			t.Errorf("written at %v, it stands at %v as of %v", m.At, m.ThreadAt, m.ExternalAt)
		}
	})
}
