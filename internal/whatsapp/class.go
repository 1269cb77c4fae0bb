package whatsapp

import "time"

// Class groups Meta's error codes by what is to be done about them.
type Class string

// The classes.
const (
	ClassAuth          Class = "auth"          // the access token is missing, wrong or expired
	ClassConfig        Class = "config"        // somebody has to mend the account, number or permission
	ClassThroughput    Class = "throughput"    // too many calls or messages of this app, account or number
	ClassPair          Class = "pair"          // too many messages to this one person
	ClassSpam          Class = "spam"          // Meta slows the number for its quality
	ClassTransient     Class = "transient"     // Meta's trouble
	ClassWindow        Class = "window"        // outside the customer service window: only a template may go
	ClassOptOut        Class = "optout"        // the person stopped marketing messages: record it
	ClassUndeliverable Class = "undeliverable" // this person cannot get this message
	ClassPolicy        Class = "policy"        // Meta restricts the account
	ClassMedia         Class = "media"         // the file could not be fetched or accepted
	ClassTemplate      Class = "template"      // the template is wrong, paused or missing
	ClassBug           Class = "bug"           // we sent something malformed
	ClassExperiment    Class = "experiment"    // the person is in one of Meta's experiments
	ClassWithheld      Class = "withheld"      // Meta chose not to deliver it now
	ClassIdentity      Class = "identity"      // the person's identity key changed: authenticate again
	ClassUnknown       Class = "unknown"       // a code this table does not know
)

// Rule is what a code means for the sender: whether and when to try again, what
// has to wait beside the message, and who is told. It speaks of refused sends: a
// send without an answer is never repeated, whatever rule one would wish for.
type Rule struct {
	Class Class
	// Name is our short English name, without personal data.
	Name string
	// Retry is true if the same message may go again after Base.
	Retry bool
	Base  time.Duration
	// Pauses says what has to wait beside the message.
	Pauses Pauses
	// Tells says who has to do something. Whoever wrote a message that failed for
	// good is told in any case.
	Tells Tells
}

// Pauses says what has to wait beside the message that was refused.
type Pauses string

// What may have to wait.
const (
	PausesNothing Pauses = ""
	PausesPair    Pauses = "pair"   // messages to this person, for the time of the rule
	PausesNumber  Pauses = "number" // messages of this number, for the time of the rule
	PausesInbox   Pauses = "inbox"  // messages of this number until somebody mends it: every further one would fail too, or make things worse
)

// Tells says who has to do something about an error.
type Tells string

// Who is told.
const (
	TellsAuthor Tells = ""       // whoever wrote the message; nobody while it is only late
	TellsAdmins Tells = "admins" // whoever looks after account, number and templates, too
)

// RuleOf returns the rule for a code of Meta's, by the table or by its range.
// Source: Meta, "Cloud API: error codes"; what a code pauses, who is told and the
// waiting times are our choice.
func RuleOf(code int) Rule {
	if rule, ok := rules[code]; ok {
		return rule
	}
	for _, r := range ranges {
		if r.from <= code && code <= r.to {
			return r.rule
		}
	}
	return Rule{Class: ClassUnknown, Name: "unknown error"}
}

func transient(name string) Rule {
	return Rule{Class: ClassTransient, Name: name, Retry: true, Base: 2 * time.Second}
}

// final is an error that concerns one message: its author sees to it.
func final(class Class, name string) Rule { return Rule{Class: class, Name: name} }

// mend is an error that others will meet, too, until an administrator sees to it.
func mend(class Class, name string) Rule {
	return Rule{Class: class, Name: name, Tells: TellsAdmins}
}

func stops(class Class, name string) Rule {
	return Rule{Class: class, Name: name, Pauses: PausesInbox, Tells: TellsAdmins}
}

func waits(class Class, base time.Duration, pauses Pauses, name string) Rule {
	return Rule{Class: class, Name: name, Retry: true, Base: base, Pauses: pauses}
}

var ranges = []struct {
	from, to int
	rule     Rule
}{
	{200, 299, stops(ClassConfig, "permission missing")},
	{132000, 132999, mend(ClassTemplate, "template refused")},
	{133000, 133999, mend(ClassConfig, "registration or PIN")},
	{134000, 134999, mend(ClassConfig, "payments or marketing messages")},
	{139100, 139199, final(ClassUndeliverable, "block list")},
	{147000, 147999, mend(ClassConfig, "business username")},
	{2388000, 2388999, mend(ClassTemplate, "template creation refused")},
	{2593107, 2593108, mend(ClassConfig, "coexistence sync not possible now")},
}

var rules = map[int]Rule{
	0:   stops(ClassAuth, "access token invalid"),
	190: stops(ClassAuth, "access token expired or revoked"),

	3:      stops(ClassConfig, "permission missing"),
	10:     stops(ClassConfig, "permission missing"),
	33:     stops(ClassConfig, "number deleted or unknown"),
	131005: stops(ClassConfig, "access denied"),
	131037: stops(ClassConfig, "display name not approved"),
	131042: mend(ClassConfig, "payment method missing"), // free messages may still go
	131045: stops(ClassConfig, "number not registered for sending"),
	133010: stops(ClassConfig, "number not registered"),

	1:      transient("temporary failure"),
	2:      transient("service temporarily unavailable"),
	131000: transient("something went wrong at Meta"),
	131016: transient("service overloaded"),
	131057: waits(ClassTransient, 2*time.Minute, PausesNothing, "account in maintenance"),
	133004: waits(ClassTransient, 2*time.Minute, PausesNothing, "server busy"),

	4:      waits(ClassThroughput, 2*time.Minute, PausesNumber, "too many calls of the app"),
	80007:  waits(ClassThroughput, 2*time.Minute, PausesNumber, "too many calls for the account"),
	130429: waits(ClassThroughput, 2*time.Second, PausesNumber, "too many messages of the number"),
	131056: waits(ClassPair, 4*time.Second, PausesPair, "too many messages to this person"),
	131048: mend(ClassSpam, "slowed for quality"),

	131047: final(ClassWindow, "outside the customer service window"),
	470:    final(ClassWindow, "outside the customer service window"),
	131050: final(ClassOptOut, "person stopped marketing messages"),
	131049: final(ClassWithheld, "withheld by Meta for engagement"),
	130472: final(ClassExperiment, "person in an experiment of Meta"),
	137000: final(ClassIdentity, "identity key changed"),

	131021: final(ClassUndeliverable, "recipient is the sender"),
	131026: final(ClassUndeliverable, "undeliverable"),
	131030: mend(ClassUndeliverable, "recipient not on the test list"),
	131062: final(ClassUndeliverable, "needs a phone number"),

	368:    stops(ClassPolicy, "blocked for a policy violation"),
	131031: stops(ClassPolicy, "account locked"),
	130497: final(ClassPolicy, "country restricted"), // other countries still work

	131052: final(ClassMedia, "download of the file failed"),
	131053: final(ClassMedia, "upload of the file failed"),

	100:    mend(ClassBug, "invalid parameter"),
	131008: mend(ClassBug, "parameter missing"),
	131009: mend(ClassBug, "parameter value invalid"),
	131051: mend(ClassBug, "message type not supported"),

	131035: final(ClassUnknown, "content lost under No Storage"),
	131036: final(ClassUnknown, "receipt under No Storage"),
	131055: mend(ClassConfig, "method not allowed"),
	131060: final(ClassUnknown, "message unavailable"),
	135000: final(ClassUnknown, "generic error"),

	132000: mend(ClassTemplate, "number of template parameters"),
	132001: mend(ClassTemplate, "template missing in this language"),
	132005: mend(ClassTemplate, "template text too long"),
	132007: mend(ClassTemplate, "template against policy"),
	132012: mend(ClassTemplate, "format of template parameters"),
	132015: mend(ClassTemplate, "template paused"),
	132016: mend(ClassTemplate, "template disabled"),
	132018: mend(ClassTemplate, "template parameters invalid"),
	132068: mend(ClassTemplate, "flow blocked"),
	132069: final(ClassTemplate, "flow throttled"),
}
