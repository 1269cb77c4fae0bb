package desk

import "strings"

// ButtonWithdraw is what a button of ours is called that takes a consent to advertising back:
// alone, to all of it; with the name of a Purpose behind a colon, to that one. Templates carry
// it as the payload of a quick reply (GDPR Art. 7(3)).
const ButtonWithdraw = "withdraw"

// WithdrawButton tells whether a button of that id takes consents back, and for which Purpose;
// empty: for all advertising.
func WithdrawButton(id string) (purpose string, ok bool) {
	name, purpose, _ := strings.Cut(strings.TrimSpace(id), ":")
	return strings.TrimSpace(purpose), strings.EqualFold(name, ButtonWithdraw)
}

// The ids of the buttons under a request for a Consent; what follows is the id of the
// Message that asks.
const (
	buttonAgrees   = "consent:yes:"
	buttonDeclines = "consent:no:"
)

// ConsentButtons are the ids of yes and no under the Message that asks.
func ConsentButtons(asks MessageID) (yes, no string) {
	return buttonAgrees + asks.String(), buttonDeclines + asks.String()
}

// ReadConsentButton tells which Message asked, and whether the answer is yes; not ok if the
// button is another.
func ReadConsentButton(id string) (asks MessageID, yes, ok bool) {
	rest, yes := strings.CutPrefix(id, buttonAgrees)
	if !yes {
		if rest, ok = strings.CutPrefix(id, buttonDeclines); !ok {
			return MessageID{}, false, false
		}
	}
	asks, err := ParseID[Message](rest)
	return asks, yes, err == nil
}
