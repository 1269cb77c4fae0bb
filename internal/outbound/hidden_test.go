package outbound_test

import (
	"errors"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/outbound"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// What is hidden until somebody has made sure who the Contact is can be neither quoted nor reacted
// to; what was said since can, and all of it once somebody vouched. An answer that was made
// before stays made, whoever asks again.
func TestWhatIsHiddenIsNotQuoted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		anna := w.wrote(t, "+491700000001", time.Hour)
		w.deliver(t, "one")
		before := w.stands(t, w.says(t, anna, "before"), desk.StatusSent)
		about := func(client string, kind desk.Kind, of desk.Message) error {
			s := outbound.Submission{Conversation: anna.ID, ClientID: client, Kind: kind, About: of.ID, Text: text("second")}
			if kind == desk.KindReaction {
				s.Text, s.Holds.Emoji = private.Text{}, text("👍")
			}
			_, err := w.gate.Compose(ctx, ben, allScope, s)
			return err
		}
		must(t, about("made before", desk.KindText, before))
		w.clock.Add(time.Minute)
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			return tx.AddIdentityChanges(ctx, []desk.IdentityChange{{
				ID: desk.NewID[desk.IdentityChange](), Controller: anna.Controller, Contact: anna.Contact, Mark: []byte("one"),
				News: desk.SystemNewIdentity, Heard: desk.HeardNotice, ChangedAt: tx.Now(), At: tx.Now(),
			}})
		}))
		w.clock.Add(time.Minute)
		since := w.stands(t, w.says(t, anna, "since"), desk.StatusSent)
		for client, kind := range map[string]desk.Kind{"quote": desk.KindText, "reaction": desk.KindReaction} {
			var invalid *desk.Error
			if err := about(client, kind, before); !errors.As(err, &invalid) || invalid.Code != desk.CodeInvalid || invalid.Field != "about" {
				t.Errorf("a %s of what is hidden: %v", client, err)
			}
		}
		must(t, about("made before", desk.KindText, before))
		must(t, about("of what is shown", desk.KindText, since))
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.VouchForContact(ctx, rows.VouchForContactParams{Contact: anna.Contact, At: tx.Stamp(), Agent: ben.Agent, Means: desk.VouchCallback})
			return err
		}))
		must(t, about("quote", desk.KindText, before))
	})
}
