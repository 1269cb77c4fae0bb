package facts

import (
	"context"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Question is what must be known about.
type Question struct {
	Now          time.Time
	Controller   desk.ControllerID
	Inbox        desk.InboxID
	Channel      desk.Channel
	Contact      desk.ContactID
	Conversation desk.ConversationID
	Purpose      string         // empty: the one that answers stand on
	Request      desk.MessageID // that asks for a Consent; zero: the Message asks for none
	Unasked      bool           // advertising, or a Template: the Ledger is read, and the hour counts
}

// Known is what is known.
type Known struct {
	WindowUntil time.Time // zero: none was opened
	Paused      bool
	PauseReason string
	Restricted  bool
	Objected    bool     // to the Purpose
	Incomplete  []string // Processors, by name
	MayTransfer bool

	Purpose    desk.PurposeFact
	HasPurpose bool
	FactsLack  bool // the Controller's facts are incomplete, so that its Purposes are not known

	Notices []desk.Notice          // in use, one for each language; none: there is no Notice
	Shown   bool                   // the Provider has accepted one that is still good
	Pending bool                   // one stands in the lane
	Told    map[desk.Occasion]bool // lines that are still good, or on their way

	Controller desk.ControllerFacts

	Consent   consent.State // of the Purpose; only if Unasked
	Overtaken bool          // a no came after the Request
	Quiet     bool          // only if Unasked or a Request
	Policies  desk.Policies
}

// Ask answers a Question.
func (r *Registers) Ask(ctx context.Context, q *rows.Queries, ask Question) (Known, error) {
	row, err := q.LoadFacts(ctx, rows.LoadFactsParams{
		Contact: ask.Contact, Inbox: ask.Inbox, Conversation: ask.Conversation, Controller: ask.Controller,
	})
	if err != nil {
		return Known{}, err
	}
	reg, err := r.of(ctx, q, ask.Controller, row.Register, ask.Now)
	if err != nil {
		return Known{}, err
	}
	opened := moment(row.OpenedAt)
	k := Known{
		Paused: row.Paused, PauseReason: row.PauseReason, Restricted: row.Restricted,
		Incomplete: reg.Incomplete(ask.Channel), MayTransfer: reg.MayTransfer(ask.Channel, opened),
		Controller: reg.Controller, FactsLack: len(reg.Controller.Missing()) > 0, Notices: reg.notices[ask.Inbox], Policies: reg.Policies,
	}
	if row.WindowOpened != 0 {
		k.WindowUntil = moment(row.WindowOpened).Add(desk.WindowLength)
	}
	k.purpose(reg, ask.Purpose)
	if err := k.standings(ctx, q, reg, ask, opened); err != nil {
		return Known{}, err
	}
	if !ask.Unasked && ask.Request.IsZero() {
		return k, nil
	}
	k.Quiet = quiet(reg.Policies).At(ask.Now, deadline.Land(reg.Controller.Land))
	if row.InLedger {
		return k, k.ledger(ctx, q, ask)
	}
	return k, nil
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// purpose finds the Purpose by name, or the one that answers stand on.
func (k *Known) purpose(reg *register, name string) {
	if name == "" {
		k.Purpose, k.HasPurpose = reg.Controller.Purpose()
		return
	}
	k.Purpose, k.HasPurpose = reg.Controller.Named(name)
}

// standings looks for the Notices and lines that the Contact was shown, and for objections.
func (k *Known) standings(ctx context.Context, q *rows.Queries, reg *register, ask Question, opened time.Time) error {
	listed, err := q.ListShownAndObjected(ctx, rows.ListShownAndObjectedParams{Contact: ask.Contact, Inbox: ask.Inbox})
	if err != nil {
		return err
	}
	var since time.Time
	switch reg.Policies.NoticeRepeat {
	case "change":
	case "conversation":
		since = opened
	default:
		since = ask.Now.Add(-desk.NoticeLife)
	}
	for _, s := range listed {
		switch {
		case s.What == "objection":
			k.Objected = k.Objected || s.Purpose == k.Purpose.Name
		case s.Version < reg.material[ask.Inbox] || s.At.Before(since):
		case s.Occasion != "":
			k.tell(s)
		default:
			status := desk.Status(s.Status)
			k.Shown = k.Shown || s.Accepted && status != desk.StatusFailed
			k.Pending = k.Pending || status == desk.StatusQueued || status == desk.StatusSending
		}
	}
	return nil
}

// tell notes a line, unless it failed: one whose fate nobody knows is not said again.
func (k *Known) tell(s rows.ListShownAndObjectedRow) {
	status := desk.Status(s.Status)
	if status == desk.StatusFailed || status == "" && !s.Accepted {
		return
	}
	if k.Told == nil {
		k.Told = map[desk.Occasion]bool{}
	}
	k.Told[s.Occasion] = true
}

// ledger folds the Contact's Ledger, for the Identity that agreed last.
func (k *Known) ledger(ctx context.Context, q *rows.Queries, ask Question) error {
	entries, err := store.Ledger(ctx, q, ask.Contact)
	if err != nil {
		return err
	}
	k.Overtaken = consent.IsOvertaken(entries, ask.Request)
	if ask.Unasked {
		k.Consent = consent.Now(entries, ask.Contact, k.Purpose.Name, ask.Now)
	}
	return nil
}

// quiet reads the hours of the policy, "20-8".
func quiet(p desk.Policies) deadline.Quiet {
	from, until, _ := strings.Cut(p.QuietHours, "-")
	q := deadline.Quiet{}
	q.From, _ = strconv.Atoi(from)
	q.Until, _ = strconv.Atoi(until)
	return q
}
