package facts

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/consent"
	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// known says what follows from what was read: of the Inbox, the register and the Contact.
func (r *register) known(ask Question, of rows.LoadFactsRow, s store.ContactFacts) Known {
	opened := moment(of.OpenedAt)
	on := r.Footing(deadline.DateOf(ask.Now).String())
	k := Known{
		Paused: of.Paused, PauseReason: of.PauseReason, Restricted: s.Restricted, Blocked: s.Blocked, Doubted: s.Doubted,
		Incomplete: r.Incomplete(ask.Channel), MayTransfer: r.MayTransfer(ask.Channel, opened),
		Controller: r.Controller, FactsLack: len(r.Controller.Missing(on)) > 0, Footing: on, Notices: r.notices[ask.Inbox], Policies: r.Policies,
	}
	if !s.WindowOpened.IsZero() {
		k.WindowUntil = s.WindowOpened.Add(desk.WindowLength)
	}
	k.purpose(r, ask.Purpose)
	k.standings(r, ask, opened, s.Shown)
	if ask.Unasked || !ask.Request.IsZero() {
		k.Quiet = quiet(r.Policies).At(ask.Now, deadline.Land(r.Controller.Land))
	}
	if r.readsLedger(ask) {
		k.ledger(ask, s.Ledger)
		k.carry(moment(of.AgreedUntil))
	}
	return k
}

// carry lets no consent go over to another number: who has it now did not agree (GDPR Art. 4(11),
// 7(1)). until is when it was noted that an Identity had ended by which the Contact agreed; zero: none did.
func (k *Known) carry(until time.Time) {
	if k.Consent.Stands && !until.IsZero() && !k.Consent.By.At.After(until) {
		k.Consent.Stands = false
	}
}

// readsLedger tells whether the Contact's Ledger matters: to advertising, to a request for a
// Consent, and to whatever stands on one.
func (r *register) readsLedger(ask Question) bool {
	p, _ := r.Controller.Named(ask.Purpose)
	return ask.Unasked || !ask.Request.IsZero() || p.AsksConsent()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// purpose finds the Purpose by name, or the one that answers stand on. If there is none but one
// that an authority may not use, it is that, so that the gate says why.
func (k *Known) purpose(reg *register, name string) {
	if name != "" {
		k.Purpose, k.HasPurpose = reg.Controller.Named(name)
		return
	}
	if k.Purpose, k.HasPurpose = reg.Controller.Purpose(k.Footing); k.HasPurpose {
		return
	}
	all := reg.Controller.Purposes
	if i := slices.IndexFunc(all, func(p desk.PurposeFact) bool { return p.IsBarred(k.Footing) }); i >= 0 {
		k.Purpose, k.HasPurpose = all[i], true
	}
}

// standings looks for the Notices and lines that the Contact was shown, and for objections.
func (k *Known) standings(reg *register, ask Question, opened time.Time, listed []rows.ListShownAndObjectedRow) {
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
func (k *Known) ledger(ask Question, entries []desk.ConsentEntry) {
	k.Overtaken = consent.IsOvertaken(entries, ask.Request)
	if len(entries) > 0 && ask.Request.IsZero() {
		k.Consent = consent.Now(entries, ask.Contact, k.Purpose.Name, ask.Now)
	}
}

// quiet reads the hours of the policy, "20-8".
func quiet(p desk.Policies) deadline.Quiet {
	from, until, _ := strings.Cut(p.QuietHours, "-")
	q := deadline.Quiet{}
	q.From, _ = strconv.Atoi(from)
	q.Until, _ = strconv.Atoi(until)
	return q
}
