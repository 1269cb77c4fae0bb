package consent

import (
	"slices"
	"strings"
	"time"

	"botschaft/internal/desk"
)

// RequestLife is how long a request waits for its answer. A yes that comes later is an
// answer to something that nobody remembers.
const RequestLife = 30 * 24 * time.Hour

// Requests are what a Contact was asked and has not answered, the oldest first.
func Requests(entries []desk.ConsentEntry, now time.Time) (open []desk.ConsentEntry) {
	for _, e := range entries {
		switch e.Step {
		case desk.ConsentAsked:
			open = append(open, e)
		case desk.ConsentGranted, desk.ConsentDeclined:
			open = without(open, func(asked desk.ConsentEntry) bool { return asked.Asked == e.Asked })
		case desk.ConsentWithdrawn:
			open = without(open, func(asked desk.ConsentEntry) bool { return e.Purpose == "" || asked.Purpose == e.Purpose })
		}
	}
	return without(open, func(asked desk.ConsentEntry) bool { return now.Sub(asked.At) > RequestLife })
}

// IsOvertaken tells whether a no came after a request that is on its way: then the question
// is not put any more (GDPR Art. 7(3), 21(3)).
func IsOvertaken(entries []desk.ConsentEntry, request desk.MessageID) bool {
	asked := slices.IndexFunc(entries, func(e desk.ConsentEntry) bool { return e.Step == desk.ConsentAsked && e.Asked == request })
	return asked >= 0 && slices.ContainsFunc(entries[asked:], func(e desk.ConsentEntry) bool {
		return e.Step == desk.ConsentWithdrawn && (e.Purpose == "" || e.Purpose == entries[asked].Purpose)
	})
}

func without(entries []desk.ConsentEntry, gone func(desk.ConsentEntry) bool) (rest []desk.ConsentEntry) {
	for _, e := range entries {
		if !gone(e) {
			rest = append(rest, e)
		}
	}
	return rest
}

// Asked finds the open request that an answer is for: the one whose button was tapped, or
// the newest if the answer is a word (message is zero then).
func Asked(entries []desk.ConsentEntry, message desk.MessageID, now time.Time) (desk.ConsentEntry, bool) {
	open := Requests(entries, now)
	for i := len(open) - 1; i >= 0; i-- {
		if message.IsZero() || open[i].Asked == message {
			return open[i], true
		}
	}
	return desk.ConsentEntry{}, false
}

// MayAsk tells why a Contact may not be asked for a Purpose; nil if nothing stands against
// it. Whoever said no is asked again only after a wish of their own, at wished (§ 7(1) UWG,
// GDPR Art. 21(3)); zero: there was none.
func MayAsk(entries []desk.ConsentEntry, q Question, wished time.Time) error {
	state := At(entries, q)
	switch {
	case state.Held:
		return desk.Conflict("a colleague has to read first whether the contact wants no more advertising")
	case state.Stands && state.Ground == desk.GroundConsent:
		return desk.Conflict("the contact has agreed to this purpose already")
	}
	for _, e := range Requests(entries, q.Moment) {
		if e.Purpose == q.Purpose {
			return desk.Conflict("the contact was asked already and has not answered")
		}
	}
	for _, e := range entries {
		said := e.At
		if !e.ActedAt.IsZero() {
			said = e.ActedAt
		}
		no := e.Step == desk.ConsentDeclined || e.Step == desk.ConsentWithdrawn
		if no && (e.Purpose == "" || e.Purpose == q.Purpose) && !wished.After(said) {
			return desk.Conflict("the contact has said no; ask again only after a wish of their own")
		}
	}
	return nil
}

// agreements are the words that answer a request with yes, as the request itself names them.
var agreements = map[string]bool{"einverstanden": true, "i agree": true}

// Agrees tells whether a text is the word that a request asks for, and nothing else: a yes
// to something else must never be taken for one to advertising (GDPR Art. 4(11)).
func Agrees(text string) bool {
	if len(text) > 64 {
		return false
	}
	return agreements[bare(text)]
}

// refusals are the labels of the button that says no, written out.
var refusals = map[string]bool{"nein danke": true, "nein, danke": true, "no thank you": true, "no, thank you": true, "no thanks": true, "no, thanks": true}

// Declines tells whether a text is the no to a request, and nothing else. It counts where one is
// open: who says no thanks to something else loses nothing by it.
func Declines(text string) bool { return len(text) <= 64 && refusals[bare(text)] }

// bare is a text in small letters without what stands around it.
func bare(text string) string { return strings.ToLower(strings.Trim(text, " \t\r\n.!\"'„“")) }
