package simulator

import (
	"log/slog"
	"time"
)

// Config says what one Simulator serves. The zero value of every limit means
// the default named beside it.
type Config struct {
	// WebhookURL, AppSecret, VerifyToken and AccessToken hold for every Number
	// that does not bring its own. An empty AccessToken accepts any bearer.
	WebhookURL  string
	AppSecret   []byte
	VerifyToken string
	AccessToken string

	// Numbers are the business numbers known from the start.
	Numbers []Number
	// Customers are the phones known from the start.
	Customers []NewCustomer

	// Settings hold from the start; nil means DefaultSettings.
	Settings *Settings

	// PublicURL is how clients reach this Simulator, without a final slash. It
	// appears in media and paging addresses; empty takes it from the request.
	PublicURL string
	// FrameAncestors are the origins that may show the page in a frame. Empty
	// allows loopback addresses.
	FrameAncestors []string

	// Clock is the base of time; empty takes the wall clock. Whatever the
	// control API advances comes on top.
	Clock func() time.Time
	// Log receives facts about requests and deliveries, never their content.
	Log *slog.Logger

	// HistoryPerCustomer caps the messages kept per customer and number (500).
	HistoryPerCustomer int
	// OutboxSize caps the accepted messages that are kept (20,000), OutboxBytes
	// their memory (64 MiB).
	OutboxSize, OutboxBytes int
	// DeliveriesSize caps the webhook bodies that are kept (2,000).
	DeliveriesSize int
	// DeliveriesBytes caps the memory of the webhook bodies kept (64 MiB).
	DeliveriesBytes int
	// MessagesSize caps the messages kept over all customers (200,000), and
	// MessagesBytes their memory (128 MiB); the oldest are forgotten first.
	MessagesSize, MessagesBytes int
	// QueueSize caps the webhook items waiting per number (200,000), QueueBytes
	// their memory (128 MiB); above either, customers are refused with 503
	// instead of growing without bound.
	QueueSize, QueueBytes int

	// Backoff is the wait before each repetition of a refused webhook, on the
	// simulator's clock; the last one repeats until RetryFor is over. Empty:
	// at once, 1 s, 5 s, 15 s, 1 min, 5 min, 1 h. (webhooks/overview)
	Backoff []time.Duration
	// RetryFor is how long a refused webhook is repeated (7 days).
	RetryFor time.Duration
	// WebhookTimeout is how long the receiver may take to answer (10 s).
	WebhookTimeout time.Duration
}

// Number is one business phone number.
type Number struct {
	PhoneNumberID string // digits, as in the Graph path
	WABA          string // the WhatsApp Business Account it belongs to
	Portfolio     string // business portfolio that scopes user ids; empty: the WABA
	DisplayPhone  string // "+49 30 0000001"
	VerifiedName  string // display name of the business

	// Own values instead of those of Config.
	WebhookURL  string
	AppSecret   []byte
	VerifyToken string
	AccessToken string

	// Throughput is messages per second, in and out together: 80, or 1,000 for
	// an upgraded number, or 20 for one in the app, too. (throughput)
	Throughput int
	// OnApp is a number that is used in the WhatsApp Business app as well.
	// (embedded-signup/onboarding-business-app-users)
	OnApp bool
	// IdentityCheck tells which device a customer has, and refuses a message for another with
	// 137000. (business-phone-numbers/phone-numbers: identity change check)
	IdentityCheck bool
	// Unregistered makes sending fail with 133010.
	Unregistered bool
	// Unsubscribed starts without webhooks, until an app subscribes to the WABA.
	Unsubscribed bool
	// Templates are the approved ones. With none listed, every well-formed
	// template is accepted.
	Templates []Template
}

// Template is an approved message template. (templates/overview)
type Template struct {
	Name       string `json:"name"`
	Language   string `json:"language"`         // "de", "en_US"
	Category   string `json:"category"`         // "utility", "marketing", "authentication"
	Parameters int    `json:"parameters"`       // how many the body takes
	Body       string `json:"body"`             // what the phone shows, with {{1}} …
	Header     string `json:"header,omitempty"` // a line above it, with {{1}}
	// HeaderKind is "image", "video", "document" or "location" where that stands above it instead:
	// a send must give it.
	HeaderKind string `json:"header_kind,omitempty"`
	Footer     string `json:"footer,omitempty"`
	// Buttons stand below in this order; what a send gives them is found by their place.
	Buttons []TemplateButton `json:"buttons,omitempty"`
}

// TemplateButton is a button of a template, and of one that was sent.
type TemplateButton struct {
	Kind string `json:"kind"` // "quick_reply", "url", "copy_code", "flow", "request_contact_info"
	Text string `json:"text"`
	// Value is the address with its end open as {{1}}, or the code; when sent, what the button
	// does: its payload, its whole address, the code.
	Value string `json:"value,omitempty"`
}

func orInt(v, or int) int {
	if v > 0 {
		return v
	}
	return or
}

func orDuration(v, or time.Duration) time.Duration {
	if v > 0 {
		return v
	}
	return or
}

func (c Config) withDefaults() Config {
	c.HistoryPerCustomer = orInt(c.HistoryPerCustomer, 500)
	c.OutboxSize = orInt(c.OutboxSize, 20_000)
	c.OutboxBytes = orInt(c.OutboxBytes, 64<<20)
	c.MessagesSize = orInt(c.MessagesSize, 200_000)
	c.MessagesBytes = orInt(c.MessagesBytes, 128<<20)
	c.DeliveriesSize = orInt(c.DeliveriesSize, 2_000)
	c.DeliveriesBytes = orInt(c.DeliveriesBytes, 64<<20)
	c.QueueSize = orInt(c.QueueSize, 200_000)
	c.QueueBytes = orInt(c.QueueBytes, 128<<20)
	c.RetryFor = orDuration(c.RetryFor, 7*24*time.Hour)
	c.WebhookTimeout = orDuration(c.WebhookTimeout, 10*time.Second)
	if len(c.Backoff) == 0 {
		c.Backoff = []time.Duration{0, time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, time.Hour}
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if len(c.FrameAncestors) == 0 {
		c.FrameAncestors = []string{"http://127.0.0.1:*", "http://localhost:*"}
	}
	return c
}
