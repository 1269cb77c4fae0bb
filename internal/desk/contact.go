package desk

import (
	"time"

	"botschaft/internal/private"
)

// Contact is the person who writes to us, the data subject (GDPR Art. 4(1)).
// The same person writing to two Controllers is two Contacts.
type Contact struct {
	ID         ContactID
	Controller ControllerID
	Profile    private.Sealed[Profile]
	CreatedAt  time.Time
	Restricted *Restriction // nil unless processing is restricted (GDPR Art. 18)
}

// Restriction records who limited the processing of a Contact's data, and why.
type Restriction struct {
	At     time.Time
	Reason string
}

// Profile is what a Contact calls itself. It proves nothing.
type Profile struct {
	Name     private.Text
	Username private.Text
	Masked   private.Text // how lists show an unnamed Contact: "+49 ••• 34"
	Language private.Text // BCP 47, as an Agent noted it; empty if nobody did
}

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
