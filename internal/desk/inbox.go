package desk

import (
	"time"

	"botschaft/internal/private"
)

// Channel is the technology a Message crosses the door by.
type Channel string

// ChannelWhatsApp is WhatsApp's Business Platform.
const ChannelWhatsApp Channel = "whatsapp"

// AuthMode is how a webhook proves where it comes from; an Inbox has exactly one.
type AuthMode string

// The modes.
const (
	AuthMeta   AuthMode = "meta_signature" // X-Hub-Signature-256 over the raw body
	AuthD360   AuthMode = "d360_signature" // 360dialog's partner signature
	AuthHeader AuthMode = "secret_header"  // a static secret in a header of our choice
)

// Inbox is where work arrives: one channel account of one Controller.
type Inbox struct {
	ID            InboxID
	Controller    ControllerID
	Channel       Channel
	Name          string
	PhoneNumberID string // Meta's id of the business number; not a telephone number
	WABA          string // WhatsApp Business Account id
	GraphURL      string // base address of the Provider, e.g. https://graph.facebook.com
	GraphVersion  string // e.g. v25.0
	Auth          AuthMode
	Signals       Signals
	CreatedAt     time.Time
	Pause         *Pause       // nil while active
	Coexistence   *Coexistence // nil: nothing that is written in the WhatsApp Business app is kept
}

// Signals is what an Inbox tells people beside Messages. WhatsApp knows no typing without the
// mark that a Message was read, so that each choice holds the one before.
type Signals string

// The choices.
const (
	SignalsNone   Signals = "none"   // nothing; the careful one, and the default (GDPR Art. 25(2))
	SignalsRead   Signals = "read"   // that somebody opened what a Contact wrote
	SignalsTyping Signals = "typing" // and that somebody writes an answer
)

// WebhookPath is where the Provider's webhooks for the Inbox go, below the house's
// public URL.
func (i *Inbox) WebhookPath() string { return "/hooks/whatsapp/" + i.ID.String() }

// Pause stops sending from an Inbox; receiving goes on and nothing is lost.
type Pause struct {
	At     time.Time `json:"at"`
	By     string    `json:"-"`
	Reason string    `json:"reason"`
	Code   string    `json:"code,omitempty"` // the Provider's error, if that is why
}

// Coexistence records who had an Inbox take in what is written in the WhatsApp Business app on
// the same number, since when and why. The app's chats and the address book of its telephone
// stay outside even then (GDPR Art. 5(1)(c), 25(2)).
type Coexistence struct {
	At     time.Time
	By     string
	Reason string
}

// BySystem tells whether the house paused the Inbox by itself.
func (p *Pause) BySystem() bool { return p.By == string(ActorSystem) }

// InboxSecrets are written once and never shown again.
type InboxSecrets struct {
	AppSecrets   []private.Key // several while one is rotated; the newest first
	AccessToken  private.Key
	VerifyTokens []private.Key
}

// KeptSecrets counts the secrets of an Inbox, which is all that is ever told of them.
type KeptSecrets struct {
	AppSecrets   int
	VerifyTokens int
	AccessToken  bool
}
