package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// RegisterKind says what an entry of the register is about.
type RegisterKind string

// The kinds. A subject is a Controller, a Recipient of it, or the Controller again for its
// policies and for what it knows of the Data Privacy Framework.
const (
	RegisterController RegisterKind = "controller"
	RegisterRecipient  RegisterKind = "recipient"
	RegisterPolicies   RegisterKind = "policies"
	RegisterFramework  RegisterKind = "framework"
)

// RegisterEntry is one version of one row of a Controller's register. Versions are added
// and never changed, so that the register of any past day can be read (GDPR Art. 5(2), 30).
type RegisterEntry struct {
	Controller ControllerID
	Kind       RegisterKind
	Subject    RegisterID
	Version    int64
	At         time.Time
	By         string // an Agent's id, or the kind of Actor
	Active     bool   // whether it is switched on: an incomplete Recipient cannot be
	Facts      string // JSON of ControllerFacts, Recipient, Policies or Framework
}

// Framework records what the Controller holds of the EU-U.S. Data Privacy Framework: an
// entry that is not Active says that it is invalid (decision (EU) 2023/1795; GDPR Art. 45).
type Framework struct {
	Reason string `json:"reason"`
}

// Listed is a Recipient with where it stands in the register.
type Listed struct {
	Recipient
	ID      RegisterID
	Version int64
	At      time.Time
	By      string
	Active  bool
}

// Register is what a Controller's register says at one moment.
type Register struct {
	ID         ControllerID
	Controller ControllerFacts
	Recipients []Listed // those switched off too
	Policies   Policies
	InvalidAt  time.Time // since when the Data Privacy Framework is held invalid; zero: it is not
	Invalid    Framework
}

// ReadRegister reads the newest entries of each row.
func ReadRegister(entries []RegisterEntry) (Register, error) {
	r := Register{Policies: DefaultPolicies()}
	for _, e := range entries {
		r.ID = e.Controller
		var into any
		listed := Listed{ID: e.Subject, Version: e.Version, At: e.At, By: e.By, Active: e.Active}
		switch e.Kind {
		case RegisterController:
			into = &r.Controller
		case RegisterRecipient:
			into = &listed.Recipient
		case RegisterPolicies:
			into = &r.Policies
		case RegisterFramework:
			if r.InvalidAt = e.At; e.Active {
				r.InvalidAt = time.Time{}
			}
			into = &r.Invalid
		default:
			return r, fmt.Errorf("desk: the register has an entry of kind %q", e.Kind)
		}
		if err := json.Unmarshal([]byte(e.Facts), into); err != nil {
			return r, fmt.Errorf("desk: entry %s %s of the register: %w", e.Kind, e.Subject, err)
		}
		if e.Kind == RegisterRecipient {
			r.Recipients = append(r.Recipients, listed)
		}
	}
	return r, nil
}

// Disclosed gives the Recipients that are switched on, as transfers to them stand today.
func (r Register) Disclosed() []Recipient {
	var out []Recipient
	for _, l := range r.Recipients {
		if l.Active {
			out = append(out, r.standing(l.Recipient))
		}
	}
	return out
}

// Footing is what the Controller's Purposes stand on, on a day such as 2026-11-30.
func (r Register) Footing(today string) Footing {
	return Footing{Authority: r.Policies.PublicSector == "on", Today: today}
}

// HasPurpose tells whether the Controller has a Purpose of that name.
func (r Register) HasPurpose(name string) bool {
	_, ok := r.Controller.Named(name)
	return ok
}

// names tells whether another Recipient has the name that l works for.
func (r Register) names(l Listed) bool {
	return slices.ContainsFunc(r.Recipients, func(other Listed) bool { return other.ID != l.ID && other.Name == l.For })
}

// Check tells the first fact of a Recipient that cannot be, on a day such as 2026-11-30: one that
// works for somebody names another of the register (GDPR Art. 28(2), (4)).
func (r Register) Check(id RegisterID, c Recipient, today string) error {
	if c.For != "" && !r.names(Listed{Recipient: c, ID: id}) {
		return Invalid("for", "names no other recipient of the register")
	}
	return c.check(today)
}

// standing takes the Data Privacy Framework away where it is held invalid.
func (r Register) standing(c Recipient) Recipient {
	if r.InvalidAt.IsZero() {
		return c
	}
	return c.WithoutDPF()
}

// Incomplete names the Recipients without which nothing goes by a Channel and that are
// switched off or lack something that stops it; one empty name if there are none at all (GDPR
// Art. 28(3)).
func (r Register) Incomplete(c Channel) (names []string) {
	carriers := 0
	for _, l := range r.Recipients {
		if !l.carries(c) {
			continue
		}
		carriers++
		if !l.Active || l.stops() {
			names = append(names, l.Name)
		}
	}
	if carriers == 0 {
		return []string{""}
	}
	return names
}

// MayTransfer tells whether what leaves by a Channel may reach everybody abroad who carries
// it (GDPR Art. 44 to 46). opened is when the matter began: while the Data Privacy Framework
// is held invalid, policy may let those that were open go on under clauses, or under the
// risk somebody took.
func (r Register) MayTransfer(c Channel, opened time.Time) bool {
	for _, l := range r.Recipients {
		if !l.carries(c) || !l.IsAbroad() {
			continue
		}
		onDPF := l.Transfer.Mechanism == TransferDPF
		switch {
		case r.InvalidAt.IsZero() || !onDPF:
			if len(l.Transfer.missing()) > 0 {
				return false
			}
		case !r.mayFallBack(l.Recipient, opened):
			return false
		}
	}
	return true
}

func (r Register) mayFallBack(c Recipient, opened time.Time) bool {
	clauses := len(c.WithoutDPF().Transfer.missing()) == 0
	switch r.Policies.DPFInvalid {
	case DPFWarn:
		return true
	case DPFFallback:
		return clauses
	case DPFFallbackOpen:
		return clauses && !opened.IsZero() && opened.Before(r.InvalidAt)
	default:
		return false
	}
}
