package facts

import (
	"context"
	"slices"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// History is what is on record about one Contact, for people: what it was shown, what it
// agreed to, took back and objects to (GDPR Art. 5(2), 7(1), 15(1)).
type History struct {
	Controller desk.ControllerFacts
	Purpose    desk.PurposeFact // that a reply stands on, even while none may be sent; zero if there is none
	Restricted time.Time        // since when; zero: it is not
	Objections []Objection
	Showings   []Showing  // of Notices, the newest first
	Lines      []Showing  // of lines on Occasions, the newest first
	Consents   []Standing // of each Purpose that advertising may go out for
	Ledger     []desk.ConsentEntry
}

// Objection is one to a Purpose.
type Objection struct {
	Purpose string
	At      time.Time
}

// Showing is that the Contact was shown a Notice or a line.
type Showing struct {
	desk.Showing
	Language string
	Digest   string // of the words of the Notice that was in use
}

// Standing is how one Purpose stands that rests on a consent.
type Standing struct {
	Purpose string
	consent.State
}

// ReadHistory reads it.
func ReadHistory(ctx context.Context, q *rows.Queries, now time.Time, controller desk.ControllerID, contact desk.ContactID) (h History, err error) {
	register, err := store.RegisterNow(ctx, q, controller, now)
	if err != nil {
		return h, err
	}
	h.Controller = register.Controller
	h.Purpose, _ = register.Controller.Purpose(register.Footing(deadline.DateOf(now).String()))
	restriction, err := q.GetRestriction(ctx, contact)
	if err != nil && !store.IsNone(err) {
		return h, err
	}
	h.Restricted = restriction.At.Time
	objections, err := q.ListObjections(ctx, contact)
	if err != nil {
		return h, err
	}
	for _, o := range objections {
		h.Objections = append(h.Objections, Objection{o.Purpose, o.At.Time})
	}
	if err := h.showings(ctx, q, contact); err != nil {
		return h, err
	}
	if h.Ledger, err = store.Ledger(ctx, q, contact); err != nil {
		return h, err
	}
	for _, name := range advertised(register.Controller, h.Ledger) {
		h.Consents = append(h.Consents, Standing{name, consent.Now(h.Ledger, contact, name, now)})
	}
	return h, nil
}

// advertised names the Purposes that rest on a consent, and those that something was granted
// for (§ 7(3) UWG).
func advertised(of desk.ControllerFacts, ledger []desk.ConsentEntry) (names []string) {
	for _, p := range of.Purposes {
		if p.Basis == "6(1)(a)" {
			names = append(names, p.Name)
		}
	}
	for _, e := range ledger {
		if e.Step == desk.ConsentGranted && !slices.Contains(names, e.Purpose) {
			names = append(names, e.Purpose)
		}
	}
	return names
}

func (h *History) showings(ctx context.Context, q *rows.Queries, id desk.ContactID) error {
	listed, err := q.ListShowings(ctx, id)
	for _, r := range listed {
		s := Showing{desk.Showing{
			Message: r.Message, Notice: r.NoticeID, Contact: r.Contact, Inbox: r.Inbox, Version: r.Version, At: r.At.Time,
			Accepted: r.AcceptedAt.Time, Delivered: r.DeliveredAt.Time, Read: r.ReadAt.Time, Occasion: r.Occasion, Line: r.Line,
		}, r.Language, r.Digest}
		if s.Occasion == "" {
			h.Showings = append(h.Showings, s)
		} else {
			h.Lines = append(h.Lines, s)
		}
	}
	return err
}
