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
