package outbound

import (
	"context"
	"log/slog"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/facts"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/queue"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// Kind is the kind of lane outbound works: one lane per Conversation.
const Kind = "outbound"

// LaneOf is the lane of a Conversation.
func LaneOf(id desk.ConversationID) queue.Lane {
	return queue.Lane{Kind: Kind, Name: Kind + "/" + id.String()}
}

// Sender knows what a Provider takes, and carries a Message to it, its file first. Whatever it
// would refuse is desk.CodeInvalid when it is composed; a failure to send or to upload is a
// *desk.SendError.
type Sender interface {
	Compose(kind desk.Kind, text private.Text, c desk.Composition) (desk.Content, error)
	Upload(ctx context.Context, m desk.Outgoing, f *desk.OpenFile, p policy.Permit) (private.Text, error)
	Send(ctx context.Context, m desk.Outgoing, p policy.Permit) (desk.Receipt, error)
}

// Teller tells a Provider what is no Message; a failure is a *desk.SendError.
type Teller interface {
	Signal(ctx context.Context, s desk.Signal, p policy.Permit) error
	Block(ctx context.Context, b desk.Blocking) error
}

// Provider is the way to a Provider of messages.
type Provider interface {
	Sender
	Teller
}

// Meter is told what was sent.
type Meter interface {
	Sent(outcome string, took time.Duration)
	Signalled(outcome string)
}

// Gate composes and delivers.
type Gate struct {
	store   *store.Store
	vault   *vault.Vault
	inboxes *directory.Directory
	to      Provider
	meter   Meter
	known   *facts.Registers
	rates   *rates
	place   Place
	log     *slog.Logger
}

// Place is where a gate stands.
type Place struct {
	Node      string // unique name of this process
	PublicURL string // how people reach the house; no slash at its end
	Files     Files
}

// Files opens the files of Messages that go out.
type Files interface {
	Sending(ctx context.Context, m *desk.Message) (*desk.OpenFile, error)
}

// New makes the gate; its Deliver and Answer are given to a queue.Runner each.
func New(s *store.Store, v *vault.Vault, d *directory.Directory, to Provider, m Meter, at Place, log *slog.Logger) *Gate {
	return &Gate{
		store: s, vault: v, inboxes: d, to: to, meter: m, known: facts.NewRegisters(), rates: newRates(s.Instant), place: at, log: log,
	}
}

// Preview is what the gate would say of a reply now, before anybody types it.
type Preview struct {
	Outcome string            // permit, refusal or notice_first
	Reasons []Reason          // of a Refusal
	Permit  desk.PermitRecord // what would stand on the Message
}

// Preview asks the gate about a text in a Conversation, of a class and for a Purpose; both
// empty: a reply.
func (g *Gate) Preview(ctx context.Context, c desk.Conversation, class, purpose string) (Preview, error) {
	m := desk.Message{
		Controller: c.Controller, Inbox: c.Inbox, Contact: c.Contact, Conversation: c.ID, Kind: desk.KindText, Origin: desk.OriginAgent,
		Permit: desk.PermitRecord{Class: class, Purpose: purpose},
	}
	now := g.store.Now()
	k, err := g.ask(ctx, g.store.Read(), now, &m)
	if err != nil {
		return Preview{}, err
	}
	if purpose != "" && !k.HasPurpose {
		return Preview{}, desk.Invalid("purpose", "is no purpose of the controller")
	}
	f := factsOf(now, k, &m)
	d := policy.Decide(f, draftOf(&m))
	p := Preview{Outcome: string(d.Outcome)}
	switch d.Outcome {
	case policy.OutcomeRefusal:
		p.Reasons = d.Refusal.Reasons
	case policy.OutcomeNoticeFirst:
		if behind := policy.Decide(behindNotice(f), draftOf(&m)); behind.Permit != nil {
			p.Permit = behind.Permit.Record()
		}
	default:
		p.Permit = d.Permit.Record()
	}
	return p, nil
}
