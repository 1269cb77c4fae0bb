package desk

import (
	"time"

	"botschaft/internal/private"
)

// Arrival is one item of a Delivery after decoding: a Message, an echo of one, a status, a preference,
// a rotation, an Alert, something recognised but not acted on (none of them), or something that could not
// be decoded.
type Arrival struct {
	Path          string // where in the body, e.g. entry[0].changes[0].messages[2]
	WABA          string
	PhoneNumberID string
	Message       *ArrivedMessage
	Echo          *ArrivedMessage // written in the WhatsApp Business app; its From is whom it went to
	Status        *ArrivedStatus
	Preference    *ArrivedPreference
	Rotation      *ArrivedRotation // news by itself; that of a Message stands there
	Alert         *ArrivedAlert
	Undecodable   bool
}

// ArrivedMessage is a Message as the Provider tells it; nobody's yet.
type ArrivedMessage struct {
	Wamid    private.Text
	From     []Alias // at least one; the phone may be absent
	Profile  Profile
	At       time.Time // zero if the Provider's time is absurd
	Kind     Kind
	Content  Content
	About    private.Text     // wamid of the Message that it answers or changes; empty: none
	File     bool             // there is one to be fetched
	Key      private.Text     // of the sender's device (Meta: identity_key_hash); empty: not told
	Rotation *ArrivedRotation // nil unless this is news of the sender
	Button   private.Text     // what we, or a Template, called the button or row that was tapped; it is kept nowhere by itself
}

// ArrivedStatus is news of an outbound Message.
type ArrivedStatus struct {
	Wamid     private.Text
	Reference MessageID // our own id, if the Provider gave it back
	Status    Status
	At        time.Time
	Failure   string // the Provider's error code, empty if none
	Category  string // that the Provider counts the Message as, and Charge how; empty: it does not say
	Charge    string
	Stops     bool // the whole Inbox cannot send until somebody mends it
	Mend      bool // others will meet the error, too, until somebody mends it
}

// ArrivedPreference is a person's own choice in WhatsApp about advertising.
type ArrivedPreference struct {
	From  []Alias
	Stops bool // no more of it
	At    time.Time
}

// ArrivedRotation is news that a person is reached by something else from now on.
type ArrivedRotation struct {
	News   SystemNews
	Before []Alias   // as far as it was told; it may be nobody's here
	After  []Alias   // none where the key of the device changed
	At     time.Time // zero if the Provider's time is absurd
}

// KeyMismatch is the Provider's error for a Message to somebody whose device has another key
// than was expected (Meta: Error codes, 137000).
const KeyMismatch = 137000

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
	Content       Content
	About         private.Text // wamid of the Message that it answers or reacts to; empty: none
	Key           private.Text // of the device it is meant for; empty: any (Meta: identity change check)
	Reference     MessageID    // given back with each status
	Media         private.Text // by which the Provider has its file; empty: it has none, or not yet
}

// Signal tells a Contact that its Message was read, and perhaps that somebody writes an answer.
type Signal struct {
	GraphURL      string
	GraphVersion  string
	PhoneNumberID string
	Token         private.Key
	Wamid         private.Text // of the Contact's Message
	Typing        bool
	Reference     MessageID // the same Message as the house knows it
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
	Mend    bool          // others will meet it, too, until somebody mends it
	Err     error
}

// Error gives outcome and code, never content.
func (e *SendError) Error() string { return "send " + string(e.Outcome) }

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }
