package desk

import "time"

// Alert is what the Provider tells about an Inbox beside Messages: about its account, number
// and templates, or by an error that others will meet, too. It holds the Provider's codes and
// nothing about people.
type Alert struct {
	ID         AlertID
	Controller ControllerID
	Inbox      InboxID
	Kind       AlertKind
	Code       string // the Provider's
	Subject    string // a template or a number; empty: the account
	Value      string // how it stands now, or why
	Severity   Severity
	At         time.Time
	Ended      *AlertEnd // nil: somebody must do something
}

// AlertKind says what an Alert is about.
type AlertKind string

// AlertError is one of the Provider's errors; the kinds without a name here are the Provider's fields.
const AlertError AlertKind = "error"

// AlertGroup is a message in a group of WhatsApp that one of our numbers is in. It is not kept:
// what one person entrusts to us is nothing for the others, and no Contact wrote to us alone.
const AlertGroup AlertKind = "group"

// Severity says what an Alert asks for.
type Severity string

// The severities.
const (
	SeverityInfo     Severity = "info"     // nothing: it is there to be read
	SeverityWarning  Severity = "warning"  // somebody must look at it
	SeverityCritical Severity = "critical" // somebody must act now
)

// AlertEnd records who ended an Alert and when: the house does when the Provider says something
// newer about the same, and at once when nothing is to be done.
type AlertEnd struct {
	At time.Time
	By string // an Agent's id, or the kind of Actor
}

// ArrivedAlert is an Alert as the Provider tells it.
type ArrivedAlert struct {
	Kind                 AlertKind
	Code, Subject, Value string
	Severity             Severity
}

// ShownAlert is an Alert in words.
type ShownAlert struct {
	Alert
	Sentence, Helps Bilingual
}
