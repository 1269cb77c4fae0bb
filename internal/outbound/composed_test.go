package outbound_test

import (
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/policy"
	"botschaft/internal/private"
)

// template is a Submission of one.
func template(c desk.Conversation) outbound.Submission {
	return outbound.Submission{Conversation: c.ID, Kind: desk.KindTemplate, Holds: desk.Composition{Template: &desk.Template{Name: "termin", Language: "de"}}}
}

// An approved Template leaves outside the Window, but only to who wants to hear of its Purpose;
// that somebody once wrote is no opt-in (WhatsApp Business Messaging Policy; GDPR Art. 7(1)).
func TestATemplateOutsideTheWindow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		late, now := w.wrote(t, "+491700000001", 25*time.Hour), w.wrote(t, "+491700000002", time.Hour)
		w.refusedFor(t, "within the window", template(now))
		w.refusedFor(t, "without an opt-in", template(late), policy.CodeOptInMissing)
		w.record(t, late, desk.ConsentGranted)
		s := template(late)
		s.Purpose = offers
		w.refusedFor(t, "where policy has answers alone", s, policy.CodeOptInMissing)
		w.choose(t, func(p *desk.Policies) { p.Outbound = "service_templates" })
		w.refusedFor(t, "to its purpose", s)
		w.refusedFor(t, "to another purpose", template(late), policy.CodeOptInMissing)
		s.Kind, s.Text, s.Holds = desk.KindText, text("hello"), desk.Composition{}
		w.refusedFor(t, "free words all the same", s, policy.CodeWindowClosed)
		s = template(late)
		s.Class, s.Purpose = string(policy.ClassAdvertising), offers
		w.refusedFor(t, "advertising where policy has none", s, policy.CodeAdvertisingConsentMissing)
		w.choose(t, func(p *desk.Policies) { p.Outbound = "advertising" })
		w.refusedFor(t, "advertising to who agreed", s)
		w.record(t, late, desk.ConsentWithdrawn)
		w.refusedFor(t, "and who did not stay so", s, policy.CodeContactObjected, policy.CodeOptInMissing, policy.CodeAdvertisingConsentMissing)
	})
}

// What answers or reacts to a Message names it to the Provider; what the Provider does not know,
// or somebody else's, cannot be answered.
func TestAnsweringAMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		anna, bert := w.wrote(t, "+491700000001", time.Hour), w.wrote(t, "+491700000002", time.Hour)
		first := w.says(t, anna, "first")
		about := func(c desk.Conversation, client string, kind desk.Kind, of desk.MessageID) (desk.Message, error) {
			s := outbound.Submission{Conversation: c.ID, ClientID: client, Kind: kind, About: of, Text: text("second")}
			if kind == desk.KindReaction {
				s.Text, s.Holds.Emoji = private.Text{}, text("👍")
			}
			return w.gate.Compose(ctx, ben, allScope, s)
		}
		if _, err := about(anna, "early", desk.KindText, first.ID); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("what has not left: %v", err)
		}
		w.deliver(t, "one")
		first = w.stands(t, first, desk.StatusSent)
		for name, id := range map[string]desk.MessageID{"nobody's": desk.NewID[desk.Message](), "somebody else's": first.ID} {
			if _, err := about(bert, name, desk.KindText, id); desk.CodeOf(err) != desk.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := about(anna, "to nothing", desk.KindReaction, desk.MessageID{}); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("a reaction to nothing: %v", err)
		}
		answer, err := about(anna, "answer", desk.KindText, first.ID)
		must(t, err)
		if _, err := about(anna, "answer", desk.KindText, answer.ID); desk.CodeOf(err) == "" {
			t.Error("the same client_id for an answer to something else passed")
		}
		reaction, err := about(anna, "reaction", desk.KindReaction, first.ID)
		must(t, err)
		w.stands(t, answer, desk.StatusSent)
		w.stands(t, reaction, desk.StatusSent)
		if _, err := about(anna, "to a reaction", desk.KindReaction, reaction.ID); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("a reaction to a reaction: %v", err)
		}
		for _, s := range w.provider.sent[1:] {
			if s.about != "wamid.0" {
				t.Errorf("%q is about %q", s.text, s.about)
			}
		}
		if raw := w.provider.sent[2].raw; !strings.Contains(raw, `"emoji":"👍"`) {
			t.Errorf("the reaction went as %s", raw)
		}
	})
}
