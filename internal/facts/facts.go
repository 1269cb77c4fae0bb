package facts

import (
	"context"
	"time"

	"botschaft/internal/consent"
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
	Blocked     bool
	Doubted     bool     // WhatsApp refused its device, and nobody has vouched since
	Objected    bool     // to the Purpose
	Incomplete  []string // Processors, by name
	MayTransfer bool

	Purpose    desk.PurposeFact
	HasPurpose bool
	FactsLack  bool // the Controller's facts are incomplete, so that its Purposes are not known
	Footing    desk.Footing

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
	s := store.ContactFacts{WindowOpened: moment(row.WindowOpened), Restricted: row.Restricted, Blocked: row.Blocked, Doubted: row.Doubted}
	if s.Shown, err = q.ListShownAndObjected(ctx, rows.ListShownAndObjectedParams{Contact: ask.Contact, Inbox: ask.Inbox}); err != nil {
		return Known{}, err
	}
	if row.InLedger && reg.readsLedger(ask) {
		if s.Ledger, err = store.Ledger(ctx, q, ask.Contact); err != nil {
			return Known{}, err
		}
	}
	return reg.known(ask, row, s), nil
}
