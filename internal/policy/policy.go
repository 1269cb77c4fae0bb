package policy

import (
	"strings"
	"time"

	"botschaft/internal/desk"
)

// Version is the version of the rules, stored on every Permit. It rises with every
// change after which Decide may answer the same question differently.
const Version = "6"

// Answer is what a Fact says. Each Fact names the Answer that refuses.
type Answer uint8

// The answers. NotAssessed passes and is listed on the Permit, but where something must be
// proven: advertising, and Templates outside the Window. A value that is none of the three
// counts as NotAssessed.
const (
	NotAssessed Answer = iota
	Yes
	No
)

// Facts is what is known at one moment about the Contact, the Inbox and the content
// of one Draft. The zero Facts know nothing: they have no open Window either.
type Facts struct {
	Now         time.Time // the moment of the decision
	WindowUntil time.Time // end of the Window, exclusive; zero: none was opened

	InboxPaused      bool
	InboxPauseReason string // what the Inbox's Pause says, shown to the Agent

	ContactRestricted bool   // processing is restricted, GDPR Art. 18
	ContactBlocked    bool   // a colleague blocked the Contact in this Inbox
	ContactDoubted    bool   // WhatsApp refused its device, and nobody has vouched since
	ContactErased     Answer // Yes refuses: the Contact was erased, GDPR Art. 17
	Objected          Answer // Yes refuses: objected to this Purpose, GDPR Art. 21

	ProcessorsComplete Answer // No refuses: a Processor's contract or facts are missing, GDPR Art. 28
	TransferAllowed    Answer // No refuses: no basis for the third-country transfer, GDPR Art. 44

	Purpose        string // what the Draft is for; empty: not assessed
	Basis          string // legal basis of the Purpose, e.g. 6(1)(b); empty: not assessed
	BasisKnown     Answer // No refuses: no Purpose with a legal basis stands behind this, GDPR Art. 6
	InterestBarred Answer // Yes refuses: the Purpose rests on a legitimate interest, and an authority has none, GDPR Art. 6(1) subpara. 2
	NoticeReady    Answer // No refuses where a Notice is owed: the Inbox has none in use
	Notice         string // the Notice in use, for the record
	NoticeShown    Answer // No asks for the Notice first: its current version was not shown

	OptIn              Answer // No refuses a Template outside the Window: no opt-in for its category
	AdvertisingConsent Answer // No refuses advertising: no Consent and no complete § 7(3) UWG record
	QuietHours         Answer // Yes refuses advertising: it is quiet time, by the seat's calendar

	SensitiveContent Answer // Yes refuses: the text asks for or contains a full sensitive identifier
	Art9Content      Answer // Yes refuses: special categories of data, and this Purpose allows Rooms only

	AIDisclosed       Answer // No refuses machine-made Drafts: the Contact was not told of the machine
	MachineDecision   Answer // Yes refuses machine-made Drafts: the text tells the Contact a decision about it, GDPR Art. 22(1)
	DocumentsComplete Answer // No refuses: a document that must accompany this matter is missing
}

// Class is how the law of advertising sees a Draft. Mixed content is advertising,
// and so is any value that is none of the three.
type Class string

// The classes.
const (
	ClassService       Class = "service"       // answers what the Contact asked
	ClassTransactional Class = "transactional" // concerns a contract or claim of the Contact
	ClassAdvertising   Class = "advertising"   // everything that promotes, surveys and greetings included
)

// Draft is what the rules look at of what somebody or something wants to say. Drafts
// that are equal (==) are decided equally.
type Draft struct {
	Message  desk.MessageID // what the Permit will be for; zero asks beforehand and for nothing
	Kind     desk.Kind
	Origin   desk.Origin
	Class    Class
	Template bool // an approved Template, which may leave outside the Window
	Notice   bool // this is the Notice itself
}

// Outcome is the sort of a Decision.
type Outcome string

// The outcomes.
const (
	OutcomePermit      Outcome = "permit"
	OutcomeRefusal     Outcome = "refusal"
	OutcomeNoticeFirst Outcome = "notice_first" // nothing refuses, but the Notice must be accepted first
)

// Decision is the answer to one Draft. Permit is set for OutcomePermit alone, and
// Refusal for OutcomeRefusal alone. After OutcomeNoticeFirst the caller sends the
// Notice, for which it asks separately, and asks again.
type Decision struct {
	Outcome Outcome
	Permit  Permit
	Refusal *Refusal
}

// Refusal says no, with all reasons in the order of the truth table; the first one
// names it. It is an error whose text holds codes alone, fit for logs and audit.
type Refusal struct {
	Reasons []Reason // never empty
}

// Error lists the codes.
func (r *Refusal) Error() string {
	codes := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		codes[i] = string(reason.Code)
	}
	return "refused: " + strings.Join(codes, ", ")
}
