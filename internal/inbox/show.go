package inbox

import (
	"context"
	"maps"
	"slices"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Conversation is a Conversation as lists show it.
type Conversation struct {
	desk.Conversation
	In         *directory.Entry  // its Inbox
	Profile    desk.Profile      // of the Contact
	Restricted *desk.Restriction // of the Contact; nil if there is none
	Blocked    *desk.Block       // of the Contact in this Inbox; nil if there is none
	Assurance  Assurance         // of the Contact; without Changes nothing is wrong with it
	Last       *Message          // its newest Message; nil if there is none
	Reason     private.Text      // of its Closure
	ReadTo     int64             // how far the viewer has read
}

// Message is a Message as threads show it.
type Message struct {
	desk.Message
	Text    private.Text  // the text or the caption
	Buttons []desk.Button // that it offers
	Details desk.Details
	File    *desk.Attachment // nil: it has none

	About     *Quoted    // that it answers or changes; nil: nothing, or nothing that is here
	Reactions []Reaction // one of each side at most
	Earlier   []Wording  // what it said before, the oldest first
	EditedAt  time.Time  // zero: it was not changed
	RevokedAt time.Time  // when it was taken back; then it says nothing any more
	Hidden    bool       // it is not shown until somebody vouches for the Contact
}

// Turn is a Turn as threads show it.
type Turn struct {
	desk.Turn
	Text   private.Text // a Note, or the words of a Transfer or a Closure
	Hidden bool         // as with Messages
}

// showTo is show with how far the viewer has read.
func (b *Inbox) showTo(ctx context.Context, v Viewer, cs []desk.Conversation) ([]Conversation, error) {
	views, err := b.show(ctx, cs)
	if err != nil {
		return nil, err
	}
	ids := make([]desk.ConversationID, len(cs))
	for i := range cs {
		ids[i] = cs[i].ID
	}
	read, err := b.store.FindOwnReadings(ctx, v.Actor.Agent, ids)
	for i := range views {
		views[i].ReadTo = read[views[i].ID]
	}
	return views, err
}

// show opens what lists show of Conversations, with one key query.
func (b *Inbox) show(ctx context.Context, cs []desk.Conversation) ([]Conversation, error) {
	contactIDs, messageIDs := make([]desk.ContactID, len(cs)), make([]desk.MessageID, 0, len(cs))
	for i, c := range cs {
		contactIDs[i] = c.Contact
		if !c.LastMessage.IsZero() {
			messageIDs = append(messageIDs, c.LastMessage)
		}
	}
	contacts, err := b.store.FindContacts(ctx, contactIDs)
	if err != nil {
		return nil, err
	}
	messages, err := b.store.FindMessages(ctx, messageIDs)
	if err != nil {
		return nil, err
	}
	blocks, err := b.store.FindBlocks(ctx, contactIDs)
	if err != nil {
		return nil, err
	}
	views, contents := make([]Conversation, len(cs)), make([]desk.Content, len(cs))
	opening := b.vault.Opening(vault.ReasonView)
	for i, c := range cs {
		views[i].Conversation = c
		if views[i].In, err = b.inboxes.Inbox(ctx, c.Inbox); err != nil {
			return nil, err
		}
		owner, contact := vault.ContactOwner(c.Contact), contacts[c.Contact]
		views[i].Restricted = contact.Restricted
		if block, ok := blocks[store.BlockKey{Contact: c.Contact, Inbox: c.Inbox}]; ok {
			views[i].Blocked = &block
		}
		if !contact.Profile.IsEmpty() {
			vault.Add(opening, owner, vault.ProfilePlace(c.Contact), contact.Profile, &views[i].Profile)
		}
		if c.Closed != nil && !c.Closed.Reason.IsEmpty() {
			vault.Add(opening, owner, vault.ClosurePlace(c.ID), c.Closed.Reason, &views[i].Reason)
		}
		if m, ok := messages[c.LastMessage]; ok {
			views[i].Last = &Message{Message: m}
			vault.Add(opening, owner, vault.ContentPlace(m.ID), m.Content, &contents[i])
		}
	}
	if err := b.readable(opening.Run(ctx)); err != nil {
		return nil, err
	}
	var last []*Message
	for i := range views {
		if v := views[i].Last; v != nil {
			v.Text = contents[i].Text
			last = append(last, v)
		}
	}
	if err := b.revise(ctx, last); err != nil {
		return nil, err
	}
	return views, b.doubt(ctx, views)
}

// doubt tells of whom it is not sure who they are, and hides what they said before.
func (b *Inbox) doubt(ctx context.Context, views []Conversation) error {
	people := map[desk.ContactID]desk.ControllerID{}
	for i := range views {
		people[views[i].Contact] = views[i].Controller
	}
	doubted, err := b.assure(ctx, people)
	if err != nil {
		return err
	}
	for i := range views {
		v := &views[i]
		v.Assurance = doubted[v.Contact]
		before := v.Assurance.Before
		if v.Last != nil && v.Last.ThreadAt.Before(before) {
			v.Last.empty()
		}
		if v.Closed != nil && v.Closed.At.Before(before) {
			v.Reason = private.Text{}
		}
	}
	return nil
}

// showMessages opens Messages.
func (b *Inbox) showMessages(ctx context.Context, ms []desk.Message) ([]Message, error) {
	contents, err := b.contents(ctx, ms)
	if err != nil {
		return nil, err
	}
	views := make([]Message, len(ms))
	for i, m := range ms {
		views[i] = Message{Message: m, Text: contents[i].Text, Buttons: contents[i].Buttons, Details: b.read(contents[i])}
	}
	if err := b.attach(ctx, views); err != nil {
		return nil, err
	}
	if err := b.relate(ctx, views); err != nil {
		return nil, err
	}
	all := make([]*Message, len(views))
	for i := range views {
		all[i] = &views[i]
	}
	return views, b.conceal(ctx, all)
}

// attach adds to Messages how far their files came.
func (b *Inbox) attach(ctx context.Context, views []Message) error {
	var ids []desk.MessageID
	for i := range views {
		if views[i].Details.File != nil {
			ids = append(ids, views[i].ID)
		}
	}
	found, err := b.store.FindAttachments(ctx, ids)
	for i := range views {
		if a, ok := found[views[i].ID]; ok {
			views[i].File = &a
		}
	}
	return err
}

// showTurns opens Turns.
func (b *Inbox) showTurns(ctx context.Context, ts []desk.Turn) ([]Turn, error) {
	views, opening := make([]Turn, len(ts)), b.vault.Opening(vault.ReasonView)
	for i, t := range ts {
		views[i].Turn = t
		if !t.Content.IsEmpty() {
			vault.Add(opening, vault.ContactOwner(t.Contact), vault.TurnPlace(t.ID), t.Content, &views[i].Text)
		}
	}
	if err := b.readable(opening.Run(ctx)); err != nil {
		return nil, err
	}
	return views, b.concealTurns(ctx, views)
}

func (b *Inbox) findConversations(ctx context.Context, ids []desk.ConversationID) (map[desk.ConversationID]*Conversation, error) {
	found, err := b.store.FindConversations(ctx, ids)
	if err != nil {
		return nil, err
	}
	views, err := b.show(ctx, slices.Collect(maps.Values(found)))
	into := make(map[desk.ConversationID]*Conversation, len(views))
	for i := range views {
		into[views[i].ID] = &views[i]
	}
	return into, err
}

func (b *Inbox) findMessages(ctx context.Context, ids []desk.MessageID) (map[desk.MessageID]*Message, error) {
	found, err := b.store.FindMessages(ctx, ids)
	if err != nil {
		return nil, err
	}
	views, err := b.showMessages(ctx, slices.Collect(maps.Values(found)))
	into := make(map[desk.MessageID]*Message, len(views))
	for i := range views {
		into[views[i].ID] = &views[i]
	}
	return into, err
}

func (b *Inbox) findTurns(ctx context.Context, ids []desk.TurnID) (map[desk.TurnID]*Turn, error) {
	found, err := b.store.FindTurns(ctx, ids)
	if err != nil {
		return nil, err
	}
	views, err := b.showTurns(ctx, slices.Collect(maps.Values(found)))
	into := make(map[desk.TurnID]*Turn, len(views))
	for i := range views {
		into[views[i].ID] = &views[i]
	}
	return into, err
}
