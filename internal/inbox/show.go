package inbox

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

// Conversation is a Conversation as lists show it.
type Conversation struct {
	desk.Conversation
	In      *directory.Entry // its Inbox
	Profile desk.Profile     // of the Contact
	Last    *Message         // its newest Message; nil if there is none
}

// Message is a Message as threads show it.
type Message struct {
	desk.Message
	Text private.Text // the text or the caption
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
	views, contents := make([]Conversation, len(cs)), make([]desk.Content, len(cs))
	opening := b.vault.Opening(vault.ReasonView)
	for i, c := range cs {
		views[i].Conversation = c
		if views[i].In, err = b.inboxes.Inbox(ctx, c.Inbox); err != nil {
			return nil, err
		}
		owner := vault.ContactOwner(c.Contact)
		if contact := contacts[c.Contact]; !contact.Profile.IsEmpty() {
			vault.Add(opening, owner, vault.ProfilePlace(c.Contact), contact.Profile, &views[i].Profile)
		}
		if m, ok := messages[c.LastMessage]; ok {
			views[i].Last = &Message{Message: m}
			vault.Add(opening, owner, vault.ContentPlace(m.ID), m.Content, &contents[i])
		}
	}
	if err := b.readable(opening.Run(ctx)); err != nil {
		return nil, err
	}
	for i := range views {
		if views[i].Last != nil {
			views[i].Last.Text = contents[i].Text
		}
	}
	return views, nil
}

// showMessages opens Messages.
func (b *Inbox) showMessages(ctx context.Context, ms []desk.Message) ([]Message, error) {
	views, contents := make([]Message, len(ms)), make([]desk.Content, len(ms))
	opening := b.vault.Opening(vault.ReasonView)
	for i, m := range ms {
		views[i].Message = m
		vault.Add(opening, vault.ContactOwner(m.Contact), vault.ContentPlace(m.ID), m.Content, &contents[i])
	}
	if err := b.readable(opening.Run(ctx)); err != nil {
		return nil, err
	}
	for i := range views {
		views[i].Text = contents[i].Text
	}
	return views, nil
}

// News is what an event is shown as. A Conversation is nil if the event is about
// none; a Message likewise.
type News struct {
	Conversation *Conversation
	Message      *Message
}

// News builds what is shown of events, as things are now; equal ones share it.
func (b *Inbox) News(ctx context.Context, events []desk.Event) ([]News, error) {
	var conversationIDs []desk.ConversationID
	var messageIDs []desk.MessageID
	conversations, messages := map[desk.ConversationID]*Conversation{}, map[desk.MessageID]*Message{}
	for _, e := range events {
		if _, ok := conversations[e.Conversation]; !ok && !e.Conversation.IsZero() {
			conversationIDs, conversations[e.Conversation] = append(conversationIDs, e.Conversation), nil
		}
		if _, ok := messages[e.Message]; !ok && !e.Message.IsZero() {
			messageIDs, messages[e.Message] = append(messageIDs, e.Message), nil
		}
	}
	if err := b.findConversations(ctx, conversationIDs, conversations); err != nil {
		return nil, err
	}
	if err := b.findMessages(ctx, messageIDs, messages); err != nil {
		return nil, err
	}
	news := make([]News, len(events))
	for i, e := range events {
		news[i] = News{conversations[e.Conversation], messages[e.Message]}
	}
	return news, nil
}

func (b *Inbox) findConversations(ctx context.Context, ids []desk.ConversationID, into map[desk.ConversationID]*Conversation) error {
	found, err := b.store.FindConversations(ctx, ids)
	if err != nil {
		return err
	}
	list := make([]desk.Conversation, 0, len(found))
	for _, c := range found {
		list = append(list, c)
	}
	views, err := b.show(ctx, list)
	for i := range views {
		into[views[i].ID] = &views[i]
	}
	return err
}

func (b *Inbox) findMessages(ctx context.Context, ids []desk.MessageID, into map[desk.MessageID]*Message) error {
	found, err := b.store.FindMessages(ctx, ids)
	if err != nil {
		return err
	}
	list := make([]desk.Message, 0, len(found))
	for _, m := range found {
		list = append(list, m)
	}
	views, err := b.showMessages(ctx, list)
	for i := range views {
		into[views[i].ID] = &views[i]
	}
	return err
}
