package channel

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/whatsapp"
)

// NewWhatsApp sends through client, which must be the house's egress; now is the clock
// by which Permits end, and unknown is told the names of what webhooks hold that is not
// understood.
func NewWhatsApp(client *http.Client, now func() time.Time, unknown func(name string, n int)) *WhatsApp {
	return &WhatsApp{clients: clients{http: client, made: map[address]*whatsapp.Client{}}, now: now, unknown: unknown}
}

type address struct{ url, version string }

// clients keeps one client per Provider address.
type clients struct {
	http *http.Client
	mu   sync.Mutex
	made map[address]*whatsapp.Client
}

func (c *clients) at(a address) *whatsapp.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made[a] == nil {
		client := &whatsapp.Client{HTTP: c.http, BaseURL: a.url, Version: a.version}
		if a.url == whatsapp.Dialog360BaseURL {
			client.Provider = whatsapp.Dialog360
		}
		c.made[a] = client
	}
	return c.made[a]
}

var errUnreadable = errors.New("channel: what was composed cannot be read")

var errNoPermit = errors.New("channel: the permit has ended or is for another message")

// Send sends m once. The Permit is proof that the gate decided; without one there is
// nothing to call this with.
func (w *WhatsApp) Send(ctx context.Context, m desk.Outgoing, p policy.Permit) (desk.Receipt, error) {
	if p == nil || !p.Allows(m.Reference, m.Kind) || !w.now().Before(p.Until()) {
		return desk.Receipt{}, &desk.SendError{Outcome: desk.SendNotWritten, Err: errNoPermit}
	}
	out := whatsapp.Outgoing{Callback: m.Reference.String(), IdentityKeyHash: m.Key.Reveal()}
	var err error
	if out.Content, err = sending(m); err != nil {
		return desk.Receipt{}, &desk.SendError{Outcome: desk.SendRejected, Code: bugCode, Err: err}
	}
	if out.Content.Reaction == nil {
		out.ReplyTo = m.About.Reveal()
	}
	if out.To = newest(m.To, desk.IdentityPhone); out.To == "" {
		out.Recipient = cmp.Or(newest(m.To, desk.IdentityBSUID), newest(m.To, desk.IdentityParent))
	}
	client := w.clients.at(address{m.GraphURL, m.GraphVersion})
	sent, err := client.Send(ctx, m.PhoneNumberID, string(m.Token.Reveal()), out)
	if err != nil {
		return desk.Receipt{}, sendError(err)
	}
	return desk.Receipt{Wamid: private.NewText(sent.MessageID)}, nil
}

// Signal tells a Contact that its Message was read, once. The Permit is for that Message and for
// nothing but a signal.
func (w *WhatsApp) Signal(ctx context.Context, s desk.Signal, p policy.Permit) error {
	if p == nil || !p.Allows(s.Reference, desk.KindSignal) || !w.now().Before(p.Until()) {
		return &desk.SendError{Outcome: desk.SendNotWritten, Err: errNoPermit}
	}
	client := w.clients.at(address{s.GraphURL, s.GraphVersion})
	if err := client.Signal(ctx, s.PhoneNumberID, string(s.Token.Reveal()), s.Wamid.Reveal(), s.Typing); err != nil {
		return sendError(err)
	}
	return nil
}

// Block keeps a person from writing to an Inbox, or ends that. It says nothing to anybody and so
// needs no Permit; what it forbids, the rules see to.
func (w *WhatsApp) Block(ctx context.Context, b desk.Blocking) error {
	user := cmp.Or(newest(b.Who, desk.IdentityPhone), newest(b.Who, desk.IdentityBSUID))
	client := w.clients.at(address{b.GraphURL, b.GraphVersion})
	if err := client.Block(ctx, b.PhoneNumberID, string(b.Token.Reveal()), user, !b.Ends); err != nil {
		return sendError(err)
	}
	return nil
}

// Capacity asks the Provider what the number of an Inbox may do.
func (w *WhatsApp) Capacity(ctx context.Context, inbox desk.Inbox, token private.Key) (desk.Capacity, error) {
	c, err := w.clients.at(address{inbox.GraphURL, inbox.GraphVersion}).Capacity(ctx, inbox.PhoneNumberID, string(token.Reveal()))
	return desk.Capacity(c), err
}

// sending gives what a Message says in the Provider's form: the one it was composed in, or its
// text and buttons.
func sending(m desk.Outgoing) (whatsapp.Content, error) {
	if raw := m.Content.Raw; !raw.IsEmpty() {
		whole, ok := readComposed(raw)
		if !ok {
			return whole.Send, errUnreadable
		}
		c := whole.Send
		if c.Reaction != nil {
			c.Reaction.MessageID = m.About.Reveal()
		}
		if f := c.File(); f != nil {
			f.ID = m.Media.Reveal()
		}
		return c, nil
	}
	composed := desk.Composition{}
	if m.Kind == desk.KindInteractive {
		composed.Offer = &desk.Offer{Buttons: m.Content.Buttons}
	}
	return contentOf(m.Kind, m.Content.Text, composed)
}

// newest gives the newest Identity of a kind: the newest stand last.
func newest(to []desk.Alias, kind desk.IdentityKind) (value string) {
	for _, a := range to {
		if a.Kind == kind {
			value = a.Value.Reveal()
		}
	}
	return value
}

// sendError reads what the Provider's failure means for us.
func sendError(err error) *desk.SendError {
	var failed *whatsapp.SendError
	if !errors.As(err, &failed) {
		return &desk.SendError{Outcome: desk.SendUnknown, Err: err}
	}
	e := &desk.SendError{Err: err}
	switch {
	case errors.Is(err, whatsapp.ErrOutgoing):
		e.Outcome, e.Code = desk.SendRejected, bugCode
	case failed.API != nil:
		e.Outcome, e.Code = desk.SendRejected, failed.API.Code
		rule := failed.API.Rule()
		e.Retry, e.Stop, e.After = rule.Retry, rule.Pauses == whatsapp.PausesInbox, failed.API.Backoff(1)
		e.Mend = rule.Tells == whatsapp.TellsAdmins && !e.Stop
		switch rule.Pauses {
		case whatsapp.PausesPair:
			e.Slows = desk.SlowsPair
		case whatsapp.PausesNumber:
			e.Slows = desk.SlowsInbox
		}
	case failed.InDoubt():
		e.Outcome = desk.SendUnknown
	default:
		e.Outcome = desk.SendNotWritten
	}
	return e
}

// bugCode is Meta's code for a malformed parameter; we say it of ourselves.
const bugCode = 100

func failureCode(code int) string { return strconv.Itoa(code) }
