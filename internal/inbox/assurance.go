package inbox

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Assurance says why a Contact may be somebody else than before: what changed that nobody has
// vouched for, the oldest first.
type Assurance struct {
	Changes []desk.IdentityChange
	Before  time.Time // what was said before is not shown; zero: everything is
}

// Hides tells whether anything is not shown.
func (a Assurance) Hides() bool { return !a.Before.IsZero() }

// assure tells of which Contacts it is not sure who they are. All are of one house, and few
// have changed, so that the choice of their Controllers is read for these alone.
func (b *Inbox) assure(ctx context.Context, controllers map[desk.ContactID]desk.ControllerID) (map[desk.ContactID]Assurance, error) {
	ids := make([]desk.ContactID, 0, len(controllers))
	for id := range controllers {
		ids = append(ids, id)
	}
	open, err := b.store.FindOpenChanges(ctx, ids)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	chosen, out := map[desk.ControllerID]desk.Policies{}, make(map[desk.ContactID]Assurance, len(open))
	for id, changes := range open {
		c := controllers[id]
		if _, read := chosen[c]; !read {
			r, err := store.RegisterNow(ctx, b.store.Read(), c, b.store.Now())
			if err != nil {
				return nil, err
			}
			chosen[c] = r.Policies
		}
		out[id] = Assurance{changes, chosen[c].HiddenBefore(changes)}
	}
	return out, nil
}

// conceal leaves out of Messages what was said before the Contact may have become somebody
// else: an Agent must not tell it to whoever has the number now (GDPR Art. 5(1)(f), 32).
func (b *Inbox) conceal(ctx context.Context, views []*Message) error {
	people := map[desk.ContactID]desk.ControllerID{}
	for _, v := range views {
		people[v.Contact] = v.Controller
	}
	doubted, err := b.assure(ctx, people)
	if err != nil {
		return err
	}
	for _, v := range views {
		a := doubted[v.Contact]
		if a.Hides() {
			v.About = nil // it may quote what is not shown
		}
		if v.ThreadAt.Before(a.Before) {
			v.empty()
			v.Reactions, v.Hidden = nil, true
		}
	}
	return nil
}

// concealTurns does the same to Turns: Notes tell of what was said.
func (b *Inbox) concealTurns(ctx context.Context, views []Turn) error {
	people := map[desk.ContactID]desk.ControllerID{}
	for i := range views {
		people[views[i].Contact] = views[i].Controller
	}
	doubted, err := b.assure(ctx, people)
	if err != nil {
		return err
	}
	for i := range views {
		if v := &views[i]; v.ThreadAt.Before(doubted[v.Contact].Before) && !v.Text.IsEmpty() {
			v.Text, v.Hidden = private.Text{}, true
		}
	}
	return nil
}

var errSure = desk.Conflict("nothing about the contact waits to be vouched for")

// Vouch records an Agent's word that the Contact is the same person as before, and how they
// made sure. What was hidden is shown again.
func (b *Inbox) Vouch(ctx context.Context, v Viewer, id desk.ConversationID, means desk.VouchMeans) (Conversation, error) {
	switch means {
	case desk.VouchCallback, desk.VouchPortal, desk.VouchDetails, desk.VouchInPerson:
	default:
		return Conversation{}, desk.Invalid("means", "is not a way to make sure who somebody is")
	}
	if err := b.upon(ctx, v, id, func(tx *store.Tx, c *desk.Conversation) error {
		n, err := vouch(ctx, tx, v.Actor.Agent, c.Contact, means)
		if err != nil {
			return err
		}
		if n == 0 {
			return errSure
		}
		tx.Audit(desk.AuditEntry{
			Actor: v.Actor, Act: desk.ActContactVouched, Subject: "contact:" + c.Contact.String(), Controller: c.Controller, Inbox: c.Inbox,
			Detail: map[string]string{"means": string(means)},
		})
		return emitOpen(ctx, tx, c)
	}); err != nil {
		return Conversation{}, err
	}
	return b.Open(ctx, v, id)
}

func vouch(ctx context.Context, tx *store.Tx, by desk.AgentID, contact desk.ContactID, means desk.VouchMeans) (int64, error) {
	// The device that WhatsApp refused is the person's own: its key is learned anew.
	if err := tx.ForgetRefusedKeys(ctx, contact); err != nil {
		return 0, err
	}
	return tx.VouchForContact(ctx, rows.VouchForContactParams{Contact: contact, At: tx.Stamp(), Agent: by, Means: means})
}

// Changes gives all that changed about how the Contact is reached, with who vouched for it, and
// those by which others were told to be it.
func (b *Inbox) Changes(ctx context.Context, v Viewer, id desk.ConversationID) ([]desk.IdentityChange, error) {
	c, err := b.store.ConversationWithin(ctx, v.Scope, id)
	if err != nil {
		return nil, err
	}
	if err := b.openings.Open(ctx, opened(v.Actor, &c)); err != nil {
		return nil, err
	}
	listed, err := b.store.Read().ListIdentityChanges(ctx, c.Contact)
	out := make([]desk.IdentityChange, len(listed))
	for i, row := range listed {
		out[i] = store.IdentityChangeOf(row)
	}
	return out, err
}
