package consent

import (
	"cmp"
	"slices"
	"time"

	"botschaft/internal/desk"
)

// Question asks whether advertising for a Purpose may go to a Contact by an Identity.
type Question struct {
	Contact  desk.ContactID
	Identity desk.IdentityID
	Purpose  string
	Moment   time.Time
}

// State is what the Ledger says about one Purpose at one moment.
type State struct {
	Stands bool               // advertising for the Purpose has a ground
	Held   bool               // a person has yet to read what the Contact wrote
	Ground desk.ConsentGround // of what stands
	By     desk.ConsentEntry  // the entry that decided; zero if none did
}

// Allows tells whether advertising may go out.
func (s State) Allows() bool { return s.Stands && !s.Held }

// At folds the entries of a Contact to the answer of a Question. What an entry proves too
// little for, it does not do.
func At(entries []desk.ConsentEntry, q Question) State {
	ordered := slices.Clone(entries)
	slices.SortStableFunc(ordered, func(a, b desk.ConsentEntry) int { return cmp.Compare(a.N, b.N) })
	f := fold{question: q, asked: map[desk.MessageID]desk.ConsentEntry{}, doubts: map[desk.MessageID]bool{}}
	for _, e := range ordered {
		if e.Contact == q.Contact && !e.At.After(q.Moment) {
			f.take(e)
		}
	}
	f.state.Held = len(f.doubts) > 0
	return f.state
}

// Now answers for the Identity that agreed last. Whatever stands in the Ledger has happened,
// also what another node wrote by a clock that is ahead of now: a withdrawal counts at once
// (GDPR Art. 7(3)).
func Now(entries []desk.ConsentEntry, contact desk.ContactID, purpose string, now time.Time) State {
	q := Question{Contact: contact, Purpose: purpose, Moment: now}
	for _, e := range entries {
		if e.Step == desk.ConsentGranted && e.Purpose == purpose {
			q.Identity = e.Identity
		}
		if e.At.After(q.Moment) {
			q.Moment = e.At
		}
	}
	return At(entries, q)
}

// fold is what the entries so far have come to.
type fold struct {
	question  Question
	state     State
	asked     map[desk.MessageID]desk.ConsentEntry // requests to confirm
	doubts    map[desk.MessageID]bool              // Messages that wait for a person
	withdrawn time.Time                            // the last withdrawal of the Purpose
	objected  bool                                 // § 7(3) no. 3 UWG: whoever objected once is no such customer again
}

func (f *fold) take(e desk.ConsentEntry) {
	switch e.Step {
	case desk.ConsentAsked:
		f.asked[e.Asked] = e
	case desk.ConsentGranted:
		if f.grants(e) {
			f.state = State{Stands: true, Ground: e.Ground, By: e}
		}
		delete(f.asked, e.Asked)
	case desk.ConsentDeclined:
		delete(f.asked, e.Asked)
	case desk.ConsentWithdrawn:
		f.objected = true
		if e.Purpose == "" || e.Purpose == f.question.Purpose {
			f.state, f.withdrawn = State{By: e}, e.At
			clear(f.asked)
			clear(f.doubts)
		}
	case desk.ConsentDoubted:
		f.doubts[e.Answer] = true
	case desk.ConsentCleared:
		if e.Actor.Kind == desk.ActorAgent {
			delete(f.doubts, e.Answer)
		}
	}
}

// grants tells whether a grant gives what is asked for: complete, for this Purpose and this
// Identity, and no older than the last withdrawal.
func (f *fold) grants(e desk.ConsentEntry) bool {
	acted := e.At
	if !e.ActedAt.IsZero() {
		acted = e.ActedAt
	}
	switch {
	case Check(e) != nil, e.Purpose != f.question.Purpose, e.Identity != f.question.Identity:
		return false
	case !f.withdrawn.IsZero() && !acted.After(f.withdrawn):
		return false
	case e.Ground == desk.GroundCustomer:
		return !f.objected
	case e.Means == desk.MeansPaper:
		return true
	}
	before, ok := f.asked[e.Asked]
	return ok && before.Identity == e.Identity && before.Purpose == e.Purpose && before.Wording == e.Wording
}

// Check tells what a grant lacks to be one; nil if it lacks nothing or the entry is no grant
// (GDPR Art. 4(11), 7(1); EDPB Guidelines 05/2020).
func Check(e desk.ConsentEntry) error {
	if e.Step != desk.ConsentGranted {
		return nil
	}
	switch e.Means {
	case desk.MeansSilence, desk.MeansContinued, desk.MeansTerms, desk.MeansInbound:
		return desk.Invalid("means", "is no proof of a consent")
	case desk.MeansButton, desk.MeansWord, desk.MeansPaper, desk.MeansDoubleOptIn:
	case desk.MeansAgent:
		if e.Ground != desk.GroundCustomer {
			return desk.Invalid("means", "is not a way to give a consent")
		}
	default:
		return desk.Invalid("means", "is not a way to give a consent")
	}
	switch {
	case e.Purpose == "":
		return desk.Invalid("purpose", "is missing: a consent is for one purpose")
	case e.Contact.IsZero():
		return desk.Invalid("contact", "is missing")
	case e.Identity.IsZero():
		return desk.Invalid("identity", "is missing: which number or id was used?")
	case e.Answer.IsZero():
		return desk.Invalid("answer", "is missing: the message that shows who uses the number or id")
	case e.At.IsZero():
		return desk.Invalid("at", "is missing")
	case e.Actor.Kind == "":
		return desk.Invalid("actor", "is missing: who asked?")
	}
	if e.Ground == desk.GroundCustomer {
		return checkCustomer(e.Customer)
	}
	return checkProof(e)
}

// checkProof tells what is missing of the proof that a Contact agreed to a text.
func checkProof(e desk.ConsentEntry) error {
	switch {
	case e.Ground != desk.GroundConsent:
		return desk.Invalid("ground", "is neither a consent nor that of a customer")
	case e.Wording.Digest == "" || e.Wording.Version == "" || e.Wording.Language == "":
		return desk.Invalid("wording", "is missing: which text was shown, in which version and language?")
	case e.Means == desk.MeansPaper && e.Paper == "":
		return desk.Invalid("paper", "is missing: the form that was signed")
	case e.Means != desk.MeansPaper && (e.Asked.IsZero() || e.Asked == e.Answer):
		return desk.Invalid("asked", "is missing: the message that asked")
	}
	return nil
}

// checkCustomer wants all four conditions of § 7(3) UWG.
func checkCustomer(c *desk.CustomerGround) error {
	switch {
	case c == nil || c.Sale.IsEmpty():
		return desk.Invalid("customer.sale", "is missing: § 7(3) no. 1 UWG")
	case !c.OwnSimilar:
		return desk.Invalid("customer.own_similar", "does not hold: § 7(3) no. 2 UWG")
	case !c.NotObject:
		return desk.Invalid("customer.not_object", "does not hold: § 7(3) no. 3 UWG")
	case !c.Told:
		return desk.Invalid("customer.told", "does not hold: § 7(3) no. 4 UWG")
	}
	return nil
}
