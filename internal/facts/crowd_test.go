package facts_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// crowd makes Contacts about whom something is known, of each something else: windows,
// notices, objections, restrictions, consents and what became of them.
func (w *world) crowd(t testing.TB, n int) []desk.ContactID {
	t.Helper()
	ctx, dice := context.Background(), rand.New(rand.NewPCG(7, 7))
	notices, err := w.Read().ListNotices(ctx, w.inbox)
	must(t, err)
	var ids []desk.ContactID
	for len(ids) < n {
		part := make([]desk.Contact, min(1000, n-len(ids)))
		for i := range part {
			part[i] = desk.Contact{ID: desk.NewID[desk.Contact](), Controller: w.controller, CreatedAt: noon, Profile: private.SealedBytes[desk.Profile]([]byte("sealed"))}
			ids = append(ids, part[i].ID)
		}
		must(t, w.Update(ctx, func(tx *store.Tx) error {
			if err := tx.AddContacts(ctx, part); err != nil {
				return err
			}
			for _, c := range part {
				if err := w.befalls(ctx, tx, c.ID, notices[0], dice); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	return ids
}

// befalls lets things happen to a Contact.
func (w *world) befalls(ctx context.Context, tx *store.Tx, id desk.ContactID, notice rows.Notice, dice *rand.Rand) error {
	if dice.IntN(4) > 0 {
		if err := tx.AddConversations(ctx, []desk.Conversation{{
			ID: desk.NewID[desk.Conversation](), Controller: w.controller, Inbox: w.inbox, Contact: id, OpenedAt: noon, LastAt: noon,
			WindowOpened: noon.Add(-time.Duration(dice.IntN(48)) * time.Hour),
		}}); err != nil {
			return err
		}
	}
	if dice.IntN(4) > 0 {
		m := desk.NewID[desk.Message]()
		at := desk.AsMillis(noon.Add(-time.Duration(dice.IntN(500)) * 24 * time.Hour))
		if err := tx.AddShowing(ctx, rows.AddShowingParams{Message: m, NoticeID: notice.ID, Contact: id, Inbox: w.inbox, Version: notice.Version, At: at}); err != nil {
			return err
		}
		if err := tx.NoteShowing(ctx, rows.NoteShowingParams{Message: m, At: at, Status: string(desk.StatusSent)}); err != nil {
			return err
		}
	}
	if dice.IntN(10) == 0 {
		if err := tx.AddObjection(ctx, rows.AddObjectionParams{Contact: id, Purpose: offers, At: tx.Stamp(), Actor: "test"}); err != nil {
			return err
		}
	}
	if dice.IntN(10) == 0 {
		if err := tx.RestrictContact(ctx, rows.RestrictContactParams{Contact: id, At: tx.Stamp(), Reason: "test"}); err != nil {
			return err
		}
	}
	for _, step := range []desk.ConsentStep{desk.ConsentGranted, desk.ConsentWithdrawn, desk.ConsentGranted}[:dice.IntN(4)] {
		if err := w.enters(ctx, tx, id, step); err != nil {
			return err
		}
	}
	return nil
}

// enters writes into a Contact's Ledger.
func (w *world) enters(ctx context.Context, tx *store.Tx, id desk.ContactID, step desk.ConsentStep) error {
	e := desk.ConsentEntry{Controller: w.controller, Contact: id, Step: step, Means: desk.MeansWord, Actor: desk.Actor{Kind: desk.ActorSystem, Via: "test"}}
	if step == desk.ConsentGranted {
		e.Ground, e.Purpose, e.Means, e.Paper, e.Identity = desk.GroundConsent, offers, desk.MeansPaper, "cd", w.identity
		e.Wording = desk.Wording{Digest: "ab", Version: "1", Language: "de"}
		e.Asked, e.Answer = desk.NewID[desk.Message](), desk.NewID[desk.Message]()
	}
	_, err := tx.AddConsent(ctx, e)
	return err
}

// Whoever looks at many Contacts at once learns of each what is known of it alone.
func TestAskAllKnowsWhatAskKnows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ids := append(w.crowd(t, 300), w.contact, desk.NewID[desk.Contact]())
		for _, unasked := range []bool{true, false} {
			r, ask := facts.NewRegisters(), w.question()
			ask.Unasked, ask.Conversation = unasked, desk.ConversationID{}
			var seen []desk.ContactID
			may := 0
			must(t, r.AskAll(t.Context(), w.Store, ask, ids, func(id desk.ContactID, k facts.Known) error {
				seen, ask.Contact = append(seen, id), id
				alone, err := r.Ask(t.Context(), w.Read(), ask)
				if !reflect.DeepEqual(alone, k) {
					t.Errorf("together %+v\nalone %+v", k, alone)
				}
				if k.Consent.Allows() && !k.Objected && !k.Restricted && k.Shown {
					may++
				}
				return err
			}))
			if !slices.Equal(seen, ids) {
				t.Errorf("%d of %d, or in another order", len(seen), len(ids))
			}
			if unasked && (may == 0 || may == len(ids)) {
				t.Errorf("%d of %d: the crowd is all alike and says little", may, len(ids))
			}
		}
	})
}
