package outbound

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// MaxText is the longest text in characters (Meta: Text messages).
const MaxText = 4096

const maxClientID = 128

// Submission is what an Agent asks to be sent.
type Submission struct {
	Conversation desk.ConversationID
	ClientID     string // the author's own name for it, so that asking twice sends once
	Kind         desk.Kind
	Text         private.Text
	Holds        desk.Composition
	About        desk.MessageID // of the Contact, or ours: what it answers or reacts to; zero: nothing
	Class        string         // service if empty; whatever promotes anything is advertising (§ 7 UWG)
	Purpose      string         // of the register, by name; empty: the one that answers stand on
	After        *int64         // position the author has seen; nil: send whoever answered meanwhile
	Takes        bool           // whoever answers what is nobody's has it from then on
}

// Refused is the error of a Draft that the gate refused.
type Refused struct{ Refusal *policy.Refusal }

// Reason is one cause of a Refusal, with words for people.
type Reason = policy.Reason

// Error lists the codes.
func (r *Refused) Error() string { return r.Refusal.Error() }

// Unwrap gives desk.CodeRefused.
func (r *Refused) Unwrap() error {
	return &desk.Error{Code: desk.CodeRefused, Text: "the message may not be sent"}
}

// Reasons gives the causes.
func (r *Refused) Reasons() []Reason { return r.Refusal.Reasons }

func (s Submission) check() error {
	switch {
	case s.ClientID == "":
		return desk.Invalid("client_id", "is missing")
	case utf8.RuneCountInString(s.ClientID) > maxClientID:
		return desk.Invalid("client_id", fmt.Sprintf("is longer than %d characters", maxClientID))
	case s.Kind == desk.KindText && strings.TrimSpace(s.Text.Reveal()) == "":
		return desk.Invalid("text", "is empty")
	case s.Kind == desk.KindReaction && s.About.IsZero():
		return desk.Invalid("about", "is missing: a reaction is to a message")
	case utf8.RuneCountInString(s.Text.Reveal()) > s.longest():
		return desk.Invalid("text", fmt.Sprintf("is longer than %d characters", s.longest()))
	case !slices.Contains([]string{"", string(policy.ClassService), string(policy.ClassTransactional), string(policy.ClassAdvertising)}, s.Class):
		return desk.Invalid("class", "is not one of service, transactional and advertising")
	case s.advertises() && s.Purpose == "":
		return desk.Invalid("purpose", "is missing: a consent to advertising is for one purpose")
	case s.After != nil && *s.After < 0:
		return desk.Invalid("after", "is not a position")
	}
	return nil
}

// errOvertaken says that a colleague answered what the author had not seen.
var errOvertaken = &desk.Error{Code: desk.CodeConflict, Field: "after", Text: "a colleague has answered meanwhile"}

var errClosed = desk.Conflict("the conversation is closed; reopen it to write")

// errHidden says that an answer would tell of what is not shown.
var errHidden = desk.Invalid("about", "is hidden until somebody has made sure who the contact is")

// composing is a Submission on its way through one transaction.
type composing struct {
	gate    *Gate
	message desk.Message
	upload  *desk.Upload // the file that goes with it; nil: none
	names   string       // the field that names it
	notice  *noticing    // goes ahead
	actor   desk.Actor
	after   *int64
	takes   bool
	hidden  bool // what it is about must not be told of
	again   bool // it was asked before; message is the first answer
	refusal *policy.Refusal
}

// Compose decides upon a Submission and queues it. It answers a Submission that was
// made before as the first time. *Refused if the gate says no, desk.CodeConflict if
// the ClientID was used for something else.
func (g *Gate) Compose(ctx context.Context, actor desk.Actor, scope desk.Scope, s Submission) (desk.Message, error) {
	if err := s.check(); err != nil {
		return desk.Message{}, err
	}
	in, err := g.store.ConversationWithin(ctx, scope, s.Conversation)
	if err != nil {
		return desk.Message{}, err
	}
	c := &composing{gate: g, actor: actor, after: s.After, takes: s.Takes}
	if c.message, c.upload, err = g.draft(ctx, in, actor, s); err != nil {
		return desk.Message{}, err
	}
	if c.upload != nil {
		c.names = s.fileField()
	}
	if c.hidden, err = g.hides(ctx, in, s.About); err != nil {
		return desk.Message{}, err
	}
	err = g.withNotice(ctx, &c.message, func(tx *store.Tx, ahead *noticing) error {
		c.notice = ahead
		return c.decide(ctx, tx)
	})
	switch {
	case err != nil:
		return desk.Message{}, err
	case c.refusal != nil:
		return desk.Message{}, &Refused{c.refusal}
	case c.again:
		return g.first(ctx, c.message.ID)
	default:
		return c.message, nil
	}
}

// draft seals the Submission and digests what it must be recognised by. It gives the file that
// goes with it, too, unless that went before.
func (g *Gate) draft(ctx context.Context, c desk.Conversation, actor desk.Actor, s Submission) (desk.Message, *desk.Upload, error) {
	m := desk.Message{
		ID: desk.NewID[desk.Message](), Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID,
		Direction: desk.Out, Kind: s.Kind, Status: desk.StatusQueued, Origin: desk.OriginAgent, Author: actor.Agent,
		Permit: desk.PermitRecord{Class: s.Class, Purpose: s.Purpose},
	}
	var err error
	if m.ClientDigest, err = g.vault.Digest(ctx, c.Controller, "client", c.ID[:], actor.Agent[:], []byte(s.ClientID)); err != nil {
		return m, nil, err
	}
	file, err := g.brought(ctx, &m, &s)
	if err != nil {
		return m, nil, err
	}
	content, err := g.words(ctx, c, s)
	if err != nil {
		return m, nil, err
	}
	if m.AboutDigest, err = g.about(ctx, c, s); err != nil {
		return m, nil, err
	}
	if m.BodyDigest, err = g.vault.Digest(ctx, c.Controller, "body", s.parts(content)...); err != nil {
		return m, nil, err
	}
	m.Content, err = vault.Seal(ctx, g.vault, vault.ContactOwner(c.Contact), vault.ContentPlace(m.ID), content)
	return m, file, err
}

// words gives what a Submission says, in the Provider's form where that is more than a text.
// Whatever advertises says who writes and how to end it.
func (g *Gate) words(ctx context.Context, c desk.Conversation, s Submission) (desk.Content, error) {
	text, err := s.Text, error(nil)
	if s.advertises() && s.Kind != desk.KindTemplate { // the words of a Template are approved as they are
		if text, err = g.withFooter(ctx, c, s.Text); err != nil {
			return desk.Content{}, err
		}
	}
	return g.to.Compose(s.Kind, text, s.Holds)
}

// about gives the digest of the Message that a Submission answers or reacts to; nil if it does
// neither. Only what the Provider knows can be answered, and only within the Conversation's
// Inbox and Contact.
func (g *Gate) about(ctx context.Context, c desk.Conversation, s Submission) ([]byte, error) {
	if s.About.IsZero() {
		return nil, nil
	}
	of, err := g.store.Read().GetMessage(ctx, s.About)
	switch {
	case store.IsNone(err) || err == nil && (of.Contact != c.Contact || of.Inbox != c.Inbox):
		return nil, desk.Invalid("about", "is no message of this contact")
	case err != nil:
		return nil, err
	case of.WamidDigest == nil:
		return nil, desk.Invalid("about", "is a message that WhatsApp does not know yet")
	case desk.Kind(of.Kind).Changes():
		return nil, desk.Invalid("about", "is no message of its own")
	}
	return of.WamidDigest, nil
}

// parts are what makes two Submissions the same.
func (s Submission) parts(content desk.Content) [][]byte {
	parts := [][]byte{[]byte(s.Kind), []byte(s.Text.Reveal())}
	f := s.Holds.File
	if f != nil {
		parts = append(parts, f.ID[:], []byte(f.Name.Reveal()), []byte(strconv.FormatBool(f.Voice)))
	}
	// What is known of a file later is no part of what was asked.
	if !content.Raw.IsEmpty() && (f == nil || s.Kind.HasHeader()) {
		parts = append(parts, []byte(content.Raw.Reveal()))
	}
	if !s.About.IsZero() {
		parts = append(parts, s.About[:])
	}
	if s.Class != "" || s.Purpose != "" {
		parts = append(parts, []byte(s.Class), []byte(s.Purpose))
	}
	return parts
}

// decide runs within one transaction: the Facts, the decision, and what follows.
func (c *composing) decide(ctx context.Context, tx *store.Tx) error {
	m := &c.message
	if c.takes {
		if err := tx.HoldAgent(ctx, c.actor.Agent); err != nil {
			return err
		}
	}
	if err := tx.LockContact(ctx, m.Contact); err != nil {
		return err
	}
	before, err := tx.GetDispatchByClient(ctx, rows.GetDispatchByClientParams{Conversation: m.Conversation, ClientDigest: m.ClientDigest})
	if err == nil {
		return c.repeat(before)
	} else if !store.IsNone(err) {
		return err
	}
	if c.hidden {
		return errHidden
	}
	j, err := c.gate.judge(ctx, tx, m, c.notice)
	if err != nil {
		return err
	}
	if c.refusal, err = j.refuses(tx, c.actor, m); err != nil || c.refusal != nil {
		return err
	}
	return c.queue(ctx, tx, j)
}

func (c *composing) repeat(before rows.Dispatch) error {
	if subtle.ConstantTimeCompare(before.BodyDigest, c.message.BodyDigest) != 1 {
		return desk.Conflict("this client_id was used for another message")
	}
	c.again, c.message.ID = true, before.Message
	return nil
}

// queue puts the Message into its lane, behind the Notice that is owed.
func (c *composing) queue(ctx context.Context, tx *store.Tx, j judgement) error {
	m, permit := &c.message, j.Permit.Record()
	conversation, err := tx.LockConversation(ctx, m.Conversation)
	if err != nil {
		return err
	}
	if conversation.Closed != nil {
		return errClosed
	}
	if err := c.checkOvertaken(ctx, tx); err != nil {
		return err
	}
	if c.takes && conversation.Assignee.IsZero() {
		if err := c.take(ctx, tx, conversation); err != nil {
			return err
		}
	}
	if err := j.notice(ctx, tx, conversation); err != nil {
		return err
	}
	if err := c.takeFile(ctx, tx); err != nil {
		return err
	}
	if err := queueMessage(ctx, tx, m, conversation, permit); err != nil {
		return err
	}
	if c.upload != nil {
		if err := tx.Adopt(ctx, c.upload); err != nil {
			return err
		}
	}
	tx.Audit(permittedEntry(c.actor, m, permit))
	if err := tellChanged(ctx, tx, m); err != nil {
		return err
	}
	return tx.SaveConversations(ctx, []desk.Conversation{*conversation})
}

// tellChanged tells that a Message looks different now, because this one is a reaction to it.
func tellChanged(ctx context.Context, tx *store.Tx, m *desk.Message) error {
	if !m.Kind.Changes() {
		return nil
	}
	changed, err := tx.FindNamedStandings(ctx, m.Inbox, [][]byte{m.AboutDigest})
	for _, s := range changed {
		tx.Emit(desk.Event{Kind: desk.EventMessage, Controller: s.Controller, Inbox: s.Inbox, Conversation: s.Conversation, Message: s.ID})
	}
	return err
}

// queueMessage gives a Message its place and queues it; the caller saves the Conversation.
func queueMessage(ctx context.Context, tx *store.Tx, m *desk.Message, conversation *desk.Conversation, permit desk.PermitRecord) error {
	m.At, m.StatusAt, m.Permit = tx.Now(), tx.Now(), permit
	// The Provider tells whole seconds of what comes in; so do we of what goes out, and
	// within a second the order of arrival decides.
	m.ExternalAt = m.At.Truncate(time.Second)
	m.ThreadAt = m.ExternalAt
	conversation.Receive(m)
	if err := tx.AddMessages(ctx, []desk.Message{*m}); err != nil {
		return err
	}
	record, err := json.Marshal(permit)
	if err != nil {
		return err
	}
	if err := tx.AddDispatches(ctx, []rows.Dispatch{{
		Message: m.ID, Conversation: m.Conversation, ClientDigest: m.ClientDigest, BodyDigest: m.BodyDigest, Permit: string(record),
	}}); err != nil {
		return err
	}
	tx.Emit(eventOf(m))
	return queue.Enqueue(ctx, tx, LaneOf(m.Conversation), desk.Job{Ordinal: m.Position, Ref: m.ID})
}

func (c *composing) checkOvertaken(ctx context.Context, tx *store.Tx) error {
	if c.after == nil {
		return nil
	}
	overtaken, err := tx.IsOvertaken(ctx, rows.IsOvertakenParams{Conversation: c.message.Conversation, After: *c.after, AuthorID: c.actor.Agent})
	if err == nil && overtaken {
		return errOvertaken
	}
	return err
}

// take assigns what is nobody's to the author, unless their access ended meanwhile; the
// caller saves the Conversation.
func (c *composing) take(ctx context.Context, tx *store.Tx, conversation *desk.Conversation) error {
	if may, err := tx.MayHave(ctx, c.actor.Agent, conversation.Inbox); err != nil || !may {
		return err
	}
	before := conversation.Tally()
	conversation.Assignee = c.actor.Agent
	tx.Count(before, conversation.Tally())
	t := conversation.Turn(desk.TurnAssigned, c.actor.Agent, tx.Now())
	t.To = c.actor.Agent
	tx.Audit(desk.AuditEntry{
		Actor: c.actor, Act: desk.ActAssigned, Subject: "conversation:" + conversation.ID.String(), Controller: conversation.Controller,
		Inbox: conversation.Inbox, Detail: map[string]string{"to": c.actor.Agent.String()},
	})
	tx.Emit(t.Event())
	return tx.AddTurns(ctx, []desk.Turn{t})
}

// first reads the Message that answered a Submission the first time.
func (g *Gate) first(ctx context.Context, id desk.MessageID) (desk.Message, error) {
	row, err := g.store.Read().GetMessage(ctx, id)
	return store.MessageOf(row), err
}
