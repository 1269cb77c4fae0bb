package desk

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// MetaIreland is the company that WhatsApp's Business Platform is contracted with in Europe
// (WhatsApp Business Terms of Service, section 1).
const MetaIreland = "Meta Platforms Ireland Limited"

// Destination is a place outside of the house that data may go to, or went to (GDPR
// Art. 5(2), 30(1)(d), 32(1)).
type Destination struct {
	Host      string // a name or an IP address
	Port      int
	Purpose   string // what for
	Company   string // whose it is, as far as the house knows; empty: own infrastructure
	Open      bool   // whether a way leads there now
	FirstUsed time.Time
	LastUsed  time.Time // zero: never
	Senders   []Sender
}

// Sender is an Inbox whose Messages go to a Destination.
type Sender struct {
	Inbox      InboxID
	Controller ControllerID
	Recipients []string // of the register, by name, that carry its Messages; none: it knows of nobody
}

// LeadsTo gives the host and port of an address such as https://graph.facebook.com; false if
// it names none.
func LeadsTo(address string) (host string, port int, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return "", 0, false
	}
	port, _ = strconv.Atoi(u.Port())
	if port == 0 && u.Scheme == "http" {
		port = 80
	} else if port == 0 {
		port = 443
	}
	return strings.ToLower(u.Hostname()), port, true
}

// FilesHost gives the host where files lie that the Provider at a host hands out: itself, but
// Meta's lie elsewhere (Meta: Media).
func FilesHost(host string) string {
	if host == "graph.facebook.com" {
		return "lookaside.fbsbx.com"
	}
	return host
}

// Carriers names the Processors that are switched on and by which Messages of a Channel go.
func (r Register) Carriers(c Channel) (names []string) {
	for _, l := range r.Recipients {
		if l.Active && l.carries(c) && l.Has(RoleProcessor) {
			names = append(names, l.Name)
		}
	}
	return names
}
