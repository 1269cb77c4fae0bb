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

var errNoPermit = errors.New("channel: the permit has ended or is for another message")

// Send sends m once. The Permit is proof that the gate decided; without one there is
// nothing to call this with.
func (w *WhatsApp) Send(ctx context.Context, m desk.Outgoing, p policy.Permit) (desk.Receipt, error) {
	if p == nil || !p.Allows(m.Reference, m.Kind) || !w.now().Before(p.Until()) {
		return desk.Receipt{}, &desk.SendError{Outcome: desk.SendNotWritten, Err: errNoPermit}
	}
	out := whatsapp.Outgoing{Text: &whatsapp.Text{Body: m.Text.Reveal()}, Callback: m.Reference.String()}
	for _, b := range m.Buttons {
		out.Buttons = append(out.Buttons, whatsapp.ReplyButton{ID: b.ID, Title: b.Title.Reveal()})
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
		e.Retry, e.Stop, e.After = rule.Retry, rule.StopsNumber, failed.API.Backoff(1)
		switch rule.Class {
		case whatsapp.ClassPair:
			e.Slows = desk.SlowsPair
		case whatsapp.ClassThroughput:
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
