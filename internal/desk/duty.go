package desk

import (
	"cmp"
	"slices"
	"time"
)

// Duty is something in a register that somebody must complete or look at again, as the house
// promised itself or the law asks (GDPR Art. 5(2), 24(1)).
type Duty struct {
	Kind   DutyKind
	Row    RegisterID // the row of the register it is about; of the two of a Notice, the Inbox
	Name   string     // of the Recipient or the Inbox; empty: the Controller's own facts
	Fields []string   // what is missing or wrong, as field paths
	Title  string     // of the terms; of the authority that is competent
	Until  string     // the last day on which it is in time, 2027-02-28; empty: it is late already
}

// DutyKind says what somebody must do.
type DutyKind string

// The kinds.
const (
	DutyComplete  DutyKind = "complete"  // give what is missing (GDPR Art. 13, 28(3), 44)
	DutyReview    DutyKind = "review"    // look at the row again
	DutyFramework DutyKind = "framework" // look up whether it is still on the list of the Data Privacy Framework (GDPR Art. 45)
	DutyAuthority DutyKind = "authority" // name the authority that is competent (GDPR Art. 13(2)(d), 55(1))
	DutyTerms     DutyKind = "terms"     // read the terms again (GDPR Art. 28(1), (3))
	DutyNotice    DutyKind = "notice"    // the Notice in use says something else than the register: put the new one to use (GDPR Art. 5(1)(a), 13)
	DutyNoNotice  DutyKind = "no_notice" // the Inbox has no Notice in use, and nothing leaves it (GDPR Art. 13)
)

// How long a look may be relied on, and how long before its end it becomes a Duty.
const (
	FrameworkDays = 90
	TermsMonths   = 12
	DutyLeadDays  = 30
)

// IsLate tells whether the last day is over. On the day itself there is still time.
func (d Duty) IsLate(today string) bool { return d.Until < today }

// Due gives what somebody must complete, and what must be looked at within the next
// DutyLeadDays, the most urgent first. Which day it is, is that of at's time zone. A Recipient
// that is switched off and carries no Channel gets no data and asks for nothing.
func (r Register) Due(at time.Time) []Duty {
	on := r.Footing(at.Format(time.DateOnly))
	all := []Duty{{Kind: DutyComplete, Row: RegisterID(r.ID), Fields: r.Controller.Missing(on)}}
	if competent, other := r.Controller.OtherAuthority(on.Authority); other {
		all = append(all, Duty{Kind: DutyAuthority, Row: RegisterID(r.ID), Fields: []string{"authority"}, Title: competent})
	}
	for _, l := range r.Recipients {
		if l.Active || len(l.Carries) > 0 {
			all = append(all, r.duties(l)...)
		}
	}
	horizon := at.AddDate(0, 0, DutyLeadDays).Format(time.DateOnly)
	all = slices.DeleteFunc(all, func(d Duty) bool {
		return d.Until > horizon || d.Kind == DutyComplete && len(d.Fields) == 0
	})
	slices.SortStableFunc(all, func(a, b Duty) int { return cmp.Compare(a.Until, b.Until) })
	return all
}

// duties gives everything that is to be done about a Recipient, whenever that is.
func (r Register) duties(l Listed) []Duty {
	of := func(kind DutyKind) Duty { return Duty{Kind: kind, Row: l.ID, Name: l.Name} }
	complete := of(DutyComplete)
	if complete.Fields = l.Missing(); l.For != "" && !r.names(l) {
		complete.Fields = append(complete.Fields, "for")
	}
	all := []Duty{complete}
	if l.ReviewBy != "" {
		d := of(DutyReview)
		d.Until = dayAfter(l.ReviewBy, 0, 0)
		all = append(all, d)
	}
	if l.IsAbroad() && l.Transfer.Mechanism == TransferDPF && l.Transfer.Checked != "" && r.InvalidAt.IsZero() {
		d := of(DutyFramework)
		d.Until = dayAfter(l.Transfer.Checked, 0, FrameworkDays)
		all = append(all, d)
	}
	if !l.Has(RoleProcessor) {
		return all
	}
	for _, t := range l.Contract.Terms {
		if seen := max(t.AcceptedAt, t.ReviewedAt); seen != "" {
			d := of(DutyTerms)
			d.Title, d.Until = t.Title, dayAfter(seen, TermsMonths, 0)
			all = append(all, d)
		}
	}
	return all
}

// happened wants the day on which somebody did something: it has come (GDPR Art. 5(2)). No day
// at all may be missing.
func happened(field, day, today string) error {
	if err := isDay(field, day); err != nil {
		return err
	}
	if day > today {
		return Invalid(field, "lies in the future")
	}
	return nil
}

// isDay wants a day of the calendar, or nothing.
func isDay(field, day string) error {
	if day != "" && dayAfter(day, 0, 0) == "" {
		return Invalid(field, "is not a day such as 2026-11-30")
	}
	return nil
}

// dayAfter moves a day of the calendar; empty if the text is no day.
func dayAfter(day string, months, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, months, days).Format(time.DateOnly)
}
