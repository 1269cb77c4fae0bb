package desk

import (
	"time"

	"botschaft/internal/private"
)

// IdentityKind is a way to recognise a Contact.
type IdentityKind string

// The kinds. A username is none of them: it changes hands.
const (
	IdentityPhone  IdentityKind = "phone"       // E.164, e.g. +491701234567
	IdentityBSUID  IdentityKind = "bsuid"       // Meta's business-scoped user id
	IdentityParent IdentityKind = "parentbsuid" // the same across linked portfolios
)

// Identity is one way to reach or recognise a Contact, with its validity.
type Identity struct {
	ID         IdentityID
	Controller ControllerID
	Contact    ContactID
	Kind       IdentityKind
	Digest     []byte // keyed; how the Identity is found again
	Value      private.Sealed[private.Text]
	ValidFrom  time.Time
	ValidUntil *time.Time
}

// Alias is an Identity as it arrives: readable, not yet anybody's.
type Alias struct {
	Kind  IdentityKind
	Value private.Text
}

// Masked shows the country code and the last two digits of a number, the last four
// characters of another id.
func (a Alias) Masked() private.Text {
	if a.Kind == IdentityPhone {
		return a.Value.Masked(3, 2)
	}
	return a.Value.Masked(0, 0)
}

// IsUserID tells whether s has the form of a business-scoped user id, or the parent of one: a
// country, a dot, and letters and digits (Meta: Business-scoped user IDs). Such a thing is
// never read as a telephone number.
func IsUserID(s string) bool {
	if len(s) < 4 || !isUpper(s[0]) || !isUpper(s[1]) || s[2] != '.' {
		return false
	}
	for i := 3; i < len(s); i++ {
		if c := s[i]; !isUpper(c) && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' {
			return false
		}
	}
	return true
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// IdentityChange says that a Contact is reached by something else than before. It lowers the
// Contact's assurance, because somebody else may write now: numbers are given to new people,
// and devices are taken over.
type IdentityChange struct {
	ID         IdentityChangeID
	Controller ControllerID
	Contact    ContactID
	Other      ContactID // who had written by the new Identity already, or was found to be somebody else; zero: nobody
	Mark       []byte    // tells it from the Contact's other changes, so that each is noted once
	News       SystemNews
	Heard      Heard
	ChangedAt  time.Time // by the Provider's word; what is older was said before
	At         time.Time // when it was noted
	Vouched    *Vouching // nil: nobody has said who it is
}

// Heard says what a change is known from.
type Heard string

// Where from.
const (
	HeardNotice  Heard = "notice"  // WhatsApp said so
	HeardMessage Heard = "message" // the Contact's Messages come by something else
	HeardRefusal Heard = "refusal" // WhatsApp delivers nothing to the new key (Meta: 137000)
)

// Vouching is an Agent's word on who a Contact is since a change: the same person as before, and
// how they know, or somebody else.
type Vouching struct {
	At    time.Time
	By    AgentID
	Means VouchMeans
}

// VouchMeans is how an Agent made sure who somebody is.
type VouchMeans string

// The means. What a chat by itself can show is none of them.
const (
	VouchCallback VouchMeans = "callback" // called back on a number that was known before
	VouchPortal   VouchMeans = "portal"   // logged in to the customer portal
	VouchDetails  VouchMeans = "details"  // knew what only the person knows
	VouchInPerson VouchMeans = "in_person"

	// VouchSplit is no way to make sure: it is somebody else, and a Contact of their own since.
	VouchSplit VouchMeans = "split"
)

// IdentityKey is the newest identity key of a Contact that an Inbox was told of; it changes
// with the device (Meta: identity change check).
type IdentityKey struct {
	Contact ContactID
	Inbox   InboxID
	Digest  []byte // keyed
	Value   SealedText
	At      time.Time
}
