package inbound_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// A Message that is being taken in while its Contact is split belongs to whoever wrote it, whatever
// else the Contact keeps, and whatever the batch has just learnt of it.
func TestSplitMeanwhile(t *testing.T) {
	const number = "+491700000001"
	each(t, func(t *testing.T, w *world) {
		in := w.inbox(t, w.controller(t), "secret")
		both := func(id string) []desk.Alias { return append(phone(number), bsuid(id)...) }
		w.deliver(t, in, says(in, both("DE.1"), "a", "the one before", 3*time.Hour))
		w.process(t, 1)
		w.close(t)
		w.deliver(t, in, says(in, both("DE.2"), "b", "somebody else", time.Hour))
		w.deliver(t, in, reacts(in, both("DE.2"), "c", "a", time.Hour))

		var once sync.Once
		done := make(chan struct{})
		w.meanwhile = func() {
			once.Do(func() {
				holding := make(chan struct{})
				go func() {
					defer close(done)
					w.split(t, in.Inbox.Controller, 2*time.Hour, func() {
						close(holding)
						time.Sleep(300 * time.Millisecond) // the batch is decided and waits
					})
				}()
				<-holding
			})
		}
		w.process(t, 200)
		<-done
		if got := w.people(t, in); !slices.Equal(got, []string{"+491700000001 DE.2: 2"}) {
			t.Errorf("people are %q", got)
		}
	})
}

// close ends all Conversations.
func (w *world) close(t failing) {
	t.Helper()
	ctx := context.Background()
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		open, err := tx.ListOpenOf(ctx, w.only(t).Contact)
		for _, r := range open {
			c := store.ConversationOf(r)
			c.Closed, c.Receiving = &desk.Closure{At: tx.Now()}, false
			before := c.Tally()
			before.State = desk.TallyOpen
			tx.Count(before, c.Tally())
			if err := tx.SaveConversations(ctx, []desk.Conversation{c}); err != nil {
				return err
			}
		}
		return err
	}))
}

// reacts is a reaction to a Message.
func reacts(to *directory.Entry, from []desk.Alias, wamid, about string, ago time.Duration) desk.Arrival {
	a := says(to, from, wamid, "👍", ago)
	a.Message.Kind, a.Message.About = desk.KindReaction, text(about)
	return a
}

// only gives the only number there is.
func (w *world) only(t failing) desk.Identity {
	t.Helper()
	var found []desk.Identity
	must(t, w.Contacts(context.Background(), func(ids []desk.ContactID) error {
		more, err := w.FindIdentitiesOf(context.Background(), ids)
		found = append(found, slices.DeleteFunc(more, func(id desk.Identity) bool { return id.Kind != desk.IdentityPhone })...)
		return err
	}))
	if len(found) != 1 {
		t.Fatal("there are several")
	}
	return found[0]
}

// split gives what the only Contact is reached by to another since some time ago, and holds the
// records while meanwhile runs.
func (w *world) split(t failing, c desk.ControllerID, ago time.Duration, meanwhile func()) {
	ctx, since, was := context.Background(), noon.Add(-ago), w.only(t)
	to := desk.Contact{ID: desk.NewID[desk.Contact](), Controller: c, CreatedAt: since}
	must(t, w.vault.AddContacts(ctx, []vault.NewContact{{Controller: c, Contact: to.ID}}))
	now := was
	now.ID, now.Contact, now.ValidFrom = desk.NewID[desk.Identity](), to.ID, since
	var err error
	now.Value, err = vault.Seal(ctx, w.vault, vault.ContactOwner(to.ID), vault.IdentityPlace(now.ID), text("+491700000001"))
	must(t, err)
	to.Profile, err = vault.Seal(ctx, w.vault, vault.ContactOwner(to.ID), vault.ProfilePlace(to.ID), desk.Profile{})
	must(t, err)
	was.ValidUntil = &since
	must(t, w.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockContact(ctx, was.Contact); err != nil {
			return err
		}
		meanwhile()
		if err := tx.EndIdentities(ctx, []desk.Identity{was}); err != nil {
			return err
		}
		if err := tx.AddContacts(ctx, []desk.Contact{to}); err != nil {
			return err
		}
		return tx.AddIdentities(ctx, []desk.Identity{now})
	}))
}
