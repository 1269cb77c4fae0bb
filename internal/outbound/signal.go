package outbound

import (
	"context"
	"errors"
	"strings"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// KindSignals is the kind of lane that read marks and typing leave by: one of its own, so that
// they hold up no Message. A Job names the Contact's Message.
const KindSignals = "signals"

// What a lane of signals is for; the rest of its name is the Conversation.
const (
	laneRead   = KindSignals + "/read/"
	laneTyping = KindSignals + "/typing/"
)

const (
	typingEvery   = 20 * time.Second // WhatsApp shows it for 25
	signalLife    = 30 * time.Second // what waited longer tells nothing any more
	signalTimeout = 10 * time.Second
)

// TellRead tells a Contact that its Messages up to a position were read, where the Inbox tells
// such things; once for each Message. It is told within the transaction that notes the reading.
func (g *Gate) TellRead(ctx context.Context, tx *store.Tx, c *desk.Conversation, position int64) error {
	if s, err := g.signals(ctx, c.Inbox); err != nil || s != desk.SignalsRead && s != desk.SignalsTyping {
		return err
	}
	m, err := tx.GetNewestReceived(ctx, rows.GetNewestReceivedParams{Conversation: c.ID, Position: position})
	if store.IsNone(err) {
		return nil
	} else if err != nil {
		return err
	}
	n, err := tx.NoteRead(ctx, rows.NoteReadParams{Conversation: c.ID, Position: m.Position})
	if err != nil || n == 0 {
		return err
	}
	return queue.Enqueue(ctx, tx, queue.Lane{Kind: KindSignals, Name: laneRead + c.ID.String()}, desk.Job{Ref: m.ID})
}

// TellTyping tells a Contact that somebody writes an answer, at most every 20 seconds, where the
// Inbox tells such things. It marks Messages as read as well, so position is how far the writer
// has read.
func (g *Gate) TellTyping(ctx context.Context, tx *store.Tx, c *desk.Conversation, position int64) error {
	if s, err := g.signals(ctx, c.Inbox); err != nil || s != desk.SignalsTyping {
		return err
	}
	m, err := tx.GetNewestReceived(ctx, rows.GetNewestReceivedParams{Conversation: c.ID, Position: position})
	if store.IsNone(err) {
		return nil
	} else if err != nil {
		return err
	}
	n, err := tx.NoteTyping(ctx, rows.NoteTypingParams{
		Conversation: c.ID, Position: m.Position, TypedAt: tx.Stamp(), Before: desk.AsMillis(tx.Now().Add(-typingEvery)),
	})
	if err != nil || n == 0 {
		return err
	}
	return queue.Enqueue(ctx, tx, queue.Lane{Kind: KindSignals, Name: laneTyping + c.ID.String()}, desk.Job{Ref: m.ID})
}

func (g *Gate) signals(ctx context.Context, id desk.InboxID) (desk.Signals, error) {
	e, err := g.inboxes.Inbox(ctx, id)
	if err != nil {
		return "", err
	}
	return e.Signals, nil
}

// Signal works a lane of signals. One goes where an answer could go now, and nowhere else: it asks
// the rules for a Permit of its own. What cannot be told is counted and forgotten.
func (g *Gate) Signal(ctx context.Context, h *queue.Held, jobs []desk.Job) error {
	job := jobs[0]
	outcome, err := g.signal(ctx, job, strings.HasPrefix(h.Lane.Name, laneTyping))
	if err != nil {
		return err
	}
	g.meter.Signalled(outcome)
	return g.drop(ctx, h, job)
}

// signal gives what came of it.
func (g *Gate) signal(ctx context.Context, job desk.Job, typing bool) (outcome string, err error) {
	if g.store.Now().Sub(job.DueAt) > signalLife {
		return "late", nil
	}
	row, err := g.store.Read().GetMessage(ctx, job.Ref)
	if store.IsNone(err) {
		return "late", nil
	} else if err != nil {
		return "", err
	}
	m := store.MessageOf(row)
	permit, err := g.maySignal(ctx, m)
	if err != nil || permit == nil {
		return "refused", err
	}
	e, err := g.inboxes.Inbox(ctx, m.Inbox)
	if err != nil {
		return "", err
	}
	wamid, err := vault.OpenOne(ctx, g.vault, vault.ReasonSend, vault.ContactOwner(m.Contact), vault.WamidPlace(m.ID), m.Wamid)
	if errors.Is(err, vault.ErrKeyGone) || errors.Is(err, vault.ErrUnreadable) {
		return "refused", nil
	} else if err != nil {
		return "", err
	}
	return g.carry(ctx, desk.Signal{
		GraphURL: e.GraphURL, GraphVersion: e.GraphVersion, PhoneNumberID: e.PhoneNumberID, Token: e.Secrets.AccessToken,
		Wamid: wamid, Typing: typing, Reference: m.ID,
	}, permit), nil
}

// maySignal asks the rules as for an answer to this Message; nil: it may not.
func (g *Gate) maySignal(ctx context.Context, m desk.Message) (policy.Permit, error) {
	m.Kind, m.Origin, m.Permit = desk.KindSignal, desk.OriginAgent, desk.PermitRecord{}
	now := g.store.Now()
	k, err := g.ask(ctx, g.store.Read(), now, &m)
	if err != nil {
		return nil, err
	}
	return policy.Decide(factsOf(now, k, &m), draftOf(&m)).Permit, nil
}

func (g *Gate) carry(ctx context.Context, s desk.Signal, p policy.Permit) (outcome string) {
	ctx, cancel := context.WithTimeout(ctx, signalTimeout)
	defer cancel()
	err := g.to.Signal(ctx, s, p)
	var failed *desk.SendError
	switch {
	case err == nil:
		return "accepted"
	case errors.As(err, &failed):
		return string(failed.Outcome)
	default:
		return string(desk.SendUnknown)
	}
}
