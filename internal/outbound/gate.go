package outbound

import (
	"context"
	"log/slog"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/policy"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/vault"
)

// Kind is the kind of lane outbound works: one lane per Conversation.
const Kind = "outbound"

// LaneOf is the lane of a Conversation.
func LaneOf(id desk.ConversationID) queue.Lane {
	return queue.Lane{Kind: Kind, Name: Kind + "/" + id.String()}
}

// Sender carries a Message to its Provider. A failure is a *desk.SendError.
type Sender interface {
	Send(ctx context.Context, m desk.Outgoing, p policy.Permit) (desk.Receipt, error)
}

// Meter is told what was sent.
type Meter interface {
	Sent(outcome string, took time.Duration)
}

// Gate composes and delivers.
type Gate struct {
	store   *store.Store
	vault   *vault.Vault
	inboxes *directory.Directory
	sender  Sender
	meter   Meter
	rates   *rates
	node    string
	log     *slog.Logger
}

// New makes the gate; its Deliver is given to a queue.Runner.
func New(s *store.Store, v *vault.Vault, d *directory.Directory, sender Sender, m Meter, node string, log *slog.Logger) *Gate {
	return &Gate{store: s, vault: v, inboxes: d, sender: sender, meter: m, rates: newRates(s.Now), node: node, log: log}
}

// draftOf is what the rules look at of a Message.
func draftOf(m *desk.Message) policy.Draft {
	return policy.Draft{Message: m.ID, Kind: m.Kind, Origin: m.Origin, Class: policy.ClassService}
}

// facts are loaded in one statement.
func facts(ctx context.Context, q *rows.Queries, now time.Time, contact desk.ContactID, inbox desk.InboxID) (policy.Facts, error) {
	known, err := q.LoadFacts(ctx, rows.LoadFactsParams{Contact: contact, Inbox: inbox})
	if err != nil {
		return policy.Facts{}, err
	}
	f := policy.Facts{
		Now: now, InboxPaused: known.Paused, InboxPauseReason: known.PauseReason, ContactRestricted: known.Restricted,
	}
	if known.WindowOpened != 0 {
		f.WindowUntil = time.UnixMilli(known.WindowOpened).UTC().Add(desk.WindowLength)
	}
	return f, nil
}

// Preview tells what the gate would say of a text now, before anybody types it: the
// outcome (permit, refusal or notice_first) and the reasons of a Refusal.
func (g *Gate) Preview(ctx context.Context, c desk.Conversation) (outcome string, reasons []Reason, err error) {
	f, err := facts(ctx, g.store.Read(), g.store.Now(), c.Contact, c.Inbox)
	if err != nil {
		return "", nil, err
	}
	d := policy.Decide(f, draftOf(&desk.Message{Kind: desk.KindText, Origin: desk.OriginAgent}))
	if d.Refusal != nil {
		reasons = d.Refusal.Reasons
	}
	return string(d.Outcome), reasons, nil
}
