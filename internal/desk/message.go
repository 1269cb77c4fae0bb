package desk

import (
	"time"

	"botschaft/internal/private"
)

// Direction tells which way a Message crossed the door.
type Direction string

// In comes from the Contact, Out goes to it.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// Kind names what a Message is made of. Whatever a Provider sends is stored whole, of the kinds
// that are unknown here, too: those are KindUnsupported.
type Kind string

// KindText and its siblings.
const (
	KindText        Kind = "text"
	KindImage       Kind = "image"
	KindVideo       Kind = "video"
	KindAudio       Kind = "audio"
	KindDocument    Kind = "document"
	KindSticker     Kind = "sticker"
	KindLocation    Kind = "location"
	KindContacts    Kind = "contacts"
	KindReaction    Kind = "reaction"
	KindInteractive Kind = "interactive"
	KindButton      Kind = "button"
	KindOrder       Kind = "order"
	KindTemplate    Kind = "template" // goes out alone
	KindSystem      Kind = "system"
	KindEdit        Kind = "edit"
	KindRevoke      Kind = "revoke"
	KindUnsupported Kind = "unsupported"

	KindSignal Kind = "signal" // no Message: tells that one was read, or that somebody writes
)

// Asks tells whether a Message of this kind from a Contact asks for an answer. It
// opens the Window then; whether a reaction or a notice of the system does is not
// documented, and treated as not.
func (k Kind) Asks() bool {
	switch k {
	case KindReaction, KindSystem, KindEdit, KindRevoke:
		return false
	default:
		return true
	}
}

// Changes tells whether a Message of this kind is no word of its own but changes another one:
// a reaction to it, new words for it, or that it is taken back.
func (k Kind) Changes() bool { return k == KindReaction || k == KindEdit || k == KindRevoke }

// Content is what a Message says. Text is the text or the caption; Raw is the
// Provider's object, whole, so that nothing is lost that we cannot show yet.
type Content struct {
	Text    private.Text
	Raw     private.Text
	Buttons []Button // that an outbound Message offers
}

// Button is an answer that a Message offers. Who taps it sends back its ID (Meta:
// Interactive reply buttons).
type Button struct {
	ID    string
	Title private.Text
}

// Message crosses the door, in or out.
type Message struct {
	ID           MessageID
	Controller   ControllerID
	Inbox        InboxID
	Contact      ContactID
	Conversation ConversationID
	Direction    Direction
	Kind         Kind
	Position     int64
	At           time.Time // arrival, or composing
	ExternalAt   time.Time // the Provider's time
	ThreadAt     time.Time // where it stands: see ThreadTime
	Late         bool
	Content      private.Sealed[Content]
	WamidDigest  []byte // keyed; a wamid itself contains the telephone number
	AboutDigest  []byte // the same of the Message that this one answers, reacts to, changes or takes back; nil: none
	Wamid        private.Sealed[private.Text]
	Status       Status
	StatusAt     time.Time
	Failure      string // why it failed: the Provider's error code or the gate's; empty if it did not
	Origin       Origin
	Author       AgentID
	ClientDigest []byte // keyed digest of the author's client_id
	BodyDigest   []byte // keyed digest of what was asked with it
	Permit       PermitRecord
	Attempt      int
}

// Origin tells who or what made a Draft.
type Origin string

// OriginAgent is a colleague's own words; OriginContact is an inbound Message.
const (
	OriginContact Origin = "contact"
	OriginAgent   Origin = "agent"
	OriginNotice  Origin = "notice" // the information of GDPR Art. 13
	OriginSystem  Origin = "system"
	OriginApp     Origin = "app" // written in the WhatsApp Business app: it had left before the house heard of it, and no gate saw it
)

// IsAutomatic tells whether the house itself made the Message: a Notice, a line, a confirmation.
func (m *Message) IsAutomatic() bool { return m.Origin.IsAutomatic() }

// IsAutomatic tells whether it is the house itself.
func (o Origin) IsAutomatic() bool { return o == OriginNotice || o == OriginSystem }

// PermitRecord is the part of a Permit that stays on the Message: what allowed it.
type PermitRecord struct {
	Policy      string   `json:"policy,omitempty"`       // version of the rules
	Purpose     string   `json:"purpose,omitempty"`      // what it is for (GDPR Art. 5(1)(b))
	Basis       string   `json:"basis,omitempty"`        // legal basis, e.g. 6(1)(b)
	Class       string   `json:"class,omitempty"`        // service, transactional or advertising
	Notice      string   `json:"notice,omitempty"`       // version of the Notice in use, by its digest
	NotAssessed []string `json:"not_assessed,omitempty"` // rows of the truth table no Fact was known for
}
