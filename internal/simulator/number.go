package simulator

import (
	"strings"
	"time"
)

// number is a business number and its way to the receiver of its webhooks.
type number struct {
	Number
	digits     string // of DisplayPhone
	subscribed bool
	override   string // callback set by subscribed_apps
	hook       webhookQueue
	recent     []time.Time // when the latest messages went in or out, Throughput of them
	free       map[string]int
}

// freeServiceMessages a month cost nothing since October 2026. (pricing)
const freeServiceMessages = 1000

func newNumber(n Number, cfg Config) *number {
	if n.Portfolio == "" {
		n.Portfolio = n.WABA
	}
	if n.VerifiedName == "" {
		n.VerifiedName = n.DisplayPhone
	}
	if n.WebhookURL == "" {
		n.WebhookURL = cfg.WebhookURL
	}
	if n.AppSecret == nil {
		n.AppSecret = cfg.AppSecret
	}
	if n.VerifyToken == "" {
		n.VerifyToken = cfg.VerifyToken
	}
	if n.AccessToken == "" {
		n.AccessToken = cfg.AccessToken
	}
	if n.OnApp {
		n.Throughput = orInt(n.Throughput, 20)
	}
	n.Throughput = orInt(n.Throughput, 80)
	return &number{Number: n, digits: digits(n.DisplayPhone), subscribed: !n.Unsubscribed, free: map[string]int{}}
}

// configure takes over what a configuration says of a number: how it is called,
// where its webhooks go and its secrets.
func (n *number) configure(from *number) {
	n.WABA, n.Portfolio, n.DisplayPhone, n.VerifiedName, n.digits = from.WABA, from.Portfolio, from.DisplayPhone, from.VerifiedName, from.digits
	n.WebhookURL, n.AppSecret, n.VerifyToken, n.AccessToken = from.WebhookURL, from.AppSecret, from.VerifyToken, from.AccessToken
}

// callback is where webhooks go: the WABA's override before the app's own.
func (n *number) callback() string {
	if n.override != "" {
		return n.override
	}
	return n.WebhookURL
}

// count enters one message, in or out, into the sliding second. Only as many
// are remembered as busy asks for.
func (n *number) count(now time.Time) {
	n.recent = append(n.recent, now)
	if over := len(n.recent) - n.Throughput; over > 0 {
		n.recent = n.recent[over:]
	}
}

// busy tells whether the sliding second is full. (throughput)
func (n *number) busy(now time.Time) bool {
	first := len(n.recent) - n.Throughput
	return first >= 0 && now.Sub(n.recent[first]) < time.Second
}

// template finds an approved template. With none configured any is approved.
func (n *number) template(name, language string) (Template, bool) {
	if len(n.Templates) == 0 {
		return Template{Name: name, Language: language, Category: "utility", Parameters: -1}, true
	}
	for _, t := range n.Templates {
		if t.Name == name && t.Language == language {
			return t, true
		}
	}
	return Template{}, false
}

// price is the pricing object of one outgoing message. (pricing)
func (n *number) price(m *message, now time.Time) *pricing {
	p := &pricing{Billable: true, Model: "PMP", Type: "regular", Category: "service"}
	if m.Kind == "template" {
		p.Category = strings.ToLower(m.category)
		return p
	}
	month := now.UTC().Format("2006-01")
	if n.free[month] < freeServiceMessages {
		n.free[month]++
		p.Billable, p.Type = false, "free_customer_service"
	}
	return p
}
