package desk

import (
	"time"

	"botschaft/internal/private"
)

// Arrival is one item of a Delivery after decoding: a Message, a status, a preference,
// something recognised but not acted on (none of them), or something that could not be decoded.
type Arrival struct {
	Path          string // where in the body, e.g. entry[0].changes[0].messages[2]
	WABA          string
	PhoneNumberID string
	Message       *ArrivedMessage
	Status        *ArrivedStatus
	Preference    *ArrivedPreference
	Undecodable   bool
}

// ArrivedMessage is a Message as the Provider tells it; nobody's yet.
type ArrivedMessage struct {
	Wamid   private.Text
	From    []Alias // at least one; the phone may be absent
	Profile Profile
	At      time.Time // zero if the Provider's time is absurd
	Kind    Kind
	Content Content
	About   private.Text // wamid of the Message that it answers or changes; empty: none
	Button  private.Text // what we, or a Template, called the button or row that was tapped; it is kept nowhere by itself
}

// ArrivedStatus is news of an outbound Message.
type ArrivedStatus struct {
	Wamid     private.Text
	Reference MessageID // our own id, if the Provider gave it back
	Status    Status
	At        time.Time
	Failure   string // the Provider's error code, empty if none
}

// ArrivedPreference is a person's own choice in WhatsApp about advertising.
type ArrivedPreference struct {
	From  []Alias
	Stops bool // no more of it
	At    time.Time
}

// NoAdvertising is the Provider's error for advertising to somebody who wants none (Meta:
// Error codes, 131050).
const NoAdvertising = 131050

// Outgoing is a Message as it goes to a Provider. A channel sends it only with a
// Permit.
type Outgoing struct {
	GraphURL      string
	GraphVersion  string
	PhoneNumberID string
	Token         private.Key
	To            []Alias
	Kind          Kind
	Text          private.Text
	Buttons       []Button
	Reference     MessageID // given back with each status
}

// Receipt is the Provider's word that it accepted a Message.
type Receipt struct{ Wamid private.Text }

// SendOutcome says what is known about a failed send.
type SendOutcome string

// The outcomes. Only NotWritten may be repeated without asking anybody: a Provider
// that heard a request may have acted on it.
const (
	SendNotWritten SendOutcome = "not_written" // failed before the request was written
	SendRejected   SendOutcome = "rejected"    // the Provider answered no
	SendUnknown    SendOutcome = "unknown"     // written, and no clear answer
)

// Slows tells what a Provider's wish to wait concerns beside the Message itself.
type Slows string

// What may have to wait.
const (
	SlowsPair  Slows = "pair"  // every Message to this Contact
	SlowsInbox Slows = "inbox" // every Message of this Inbox
)

// SendError is a failed send.
type SendError struct {
	Outcome SendOutcome
	Code    int           // the Provider's error code, 0 if none
	Retry   bool          // worth repeating later
	After   time.Duration // how long the Provider wants us to wait; 0: our choice
	Slows   Slows         // what else has to wait as long
	Stop    bool          // the whole Inbox cannot send until somebody mends it
	Err     error
}

// Error gives outcome and code, never content.
func (e *SendError) Error() string { return "send " + string(e.Outcome) }

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }
