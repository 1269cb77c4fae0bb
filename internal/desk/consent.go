package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// ConsentEntry is one line of the Ledger: what one Contact did, or what was found, about
// one Purpose. Lines are added and never changed; whether a Consent stands is a fold over
// them (package consent). The texts themselves are kept sealed or by digest; an entry holds
// no word that anybody wrote.
type ConsentEntry struct {
	ID         ConsentID
	N          int64     // its place among the Contact's entries
	At         time.Time // when it was written, by our clock
	ActedAt    time.Time // when the Contact did it, of a paper for instance; zero: At
	Controller ControllerID
	Contact    ContactID
	Step       ConsentStep
	Ground     ConsentGround // of a grant
	Purpose    string        // the one it is about; empty in a withdrawal: all advertising
	Means      ConsentMeans
	Identity   IdentityID // it is for this number or id and no other
	Wording    Wording    // what the Contact was shown
	Asked      MessageID  // our Message that asked
	Answer     MessageID  // the Contact's Message: that it came by the Identity proves control of it
	Paper      string     // SHA-256 of the form that an Agent recorded
	Customer   *CustomerGround
	Actor      Actor
}

// ConsentStep says what an entry does.
type ConsentStep string

// The steps.
const (
	ConsentAsked     ConsentStep = "asked"     // the Contact was asked, by a Message of ours
	ConsentGranted   ConsentStep = "granted"   // given, for one Purpose
	ConsentDeclined  ConsentStep = "declined"  // the Contact said no to what was asked
	ConsentWithdrawn ConsentStep = "withdrawn" // GDPR Art. 7(3), 21(2)
	ConsentDoubted   ConsentStep = "doubted"   // may be a withdrawal: advertising waits for a person
	ConsentCleared   ConsentStep = "cleared"   // a person found that the Answer was none
)

// ConsentGround says what allows advertising.
type ConsentGround string

// The grounds.
const (
	GroundConsent  ConsentGround = "consent"  // GDPR Art. 6(1)(a), § 7(2) no. 2 UWG
	GroundCustomer ConsentGround = "customer" // the exception of § 7(3) UWG
)

// ConsentMeans says how it came about.
type ConsentMeans string

// The means. Of a grant: button, word, paper, double opt-in. Of a withdrawal: word, button,
// Meta's own preference or error, and an Agent who was told. The last four are what people
// take for a proof and is none.
const (
	MeansButton      ConsentMeans = "button"
	MeansWord        ConsentMeans = "word"
	MeansPaper       ConsentMeans = "paper"
	MeansDoubleOptIn ConsentMeans = "double_opt_in"
	MeansAgent       ConsentMeans = "agent"
	MeansPreference  ConsentMeans = "user_preferences" // Meta: Webhooks, user_preferences
	MeansError       ConsentMeans = "error_131050"     // Meta: Error codes
	MeansSilence     ConsentMeans = "silence"
	MeansContinued   ConsentMeans = "continued_chat"
	MeansTerms       ConsentMeans = "whatsapp_terms"
	MeansInbound     ConsentMeans = "inbound_message"
)

// Wording names a text that was shown, to the letter.
type Wording struct {
	Digest   string // SHA-256 of the text, in hex
	Version  string
	Language string // BCP 47
}

// CustomerGround are the four conditions of § 7(3) UWG, each with what shows it.
type CustomerGround struct {
	Sale       SealedText `json:"-"`           // the contract in connection with which the address was got
	OwnSimilar bool       `json:"own_similar"` // only own and similar goods or services are advertised
	NotObject  bool       `json:"not_object"`  // the Contact did not object
	Told       bool       `json:"told"`        // of the right to object, when the address was got and in each message
}

// Digest is the SHA-256 of everything the entry says, in hex. The audit entry that was
// written with it has the same, so that an entry that was altered is found.
func (e ConsentEntry) Digest() string {
	h := sha256.New()
	customer := ""
	if e.Customer != nil {
		customer = fmt.Sprintf("%x %t %t %t", e.Customer.Sale.Bytes(), e.Customer.OwnSimilar, e.Customer.NotObject, e.Customer.Told)
	}
	_, _ = fmt.Fprintf(h, "%s %s %s %d %d %d %q %q %q %q %s %q %q %q %s %s %q %q %q %s %q", e.ID, e.Controller, e.Contact, e.N,
		e.At.UnixMilli(), millis(e.ActedAt), e.Step, e.Ground, e.Purpose, e.Means, e.Identity,
		e.Wording.Digest, e.Wording.Version, e.Wording.Language, e.Asked, e.Answer, e.Paper, customer, e.Actor.Kind, e.Actor.Agent, e.Actor.Via)
	return hex.EncodeToString(h.Sum(nil))
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// LedgerQuery says which entries of the Ledger are read, the newest first. What is zero
// limits nothing.
type LedgerQuery struct {
	Scope      Scope
	Controller ControllerID
	Step       ConsentStep
	Cursor     string // where the page before ended
	Limit      int
}
