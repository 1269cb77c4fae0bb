package desk

import (
	"time"

	"botschaft/internal/private"
)

// Block keeps a Contact from writing to an Inbox, and the house from writing to the Contact. It
// protects colleagues from abuse (§ 618 BGB, GDPR Art. 6(1)(f)).
type Block struct {
	ID         BlockID
	Controller ControllerID
	Contact    ContactID
	Inbox      InboxID
	Reason     BlockReason
	At         time.Time
	By         AgentID
	Told       time.Time // when the Provider took it; zero: it has not, and what the Contact writes still arrives
	Failure    string    // the Provider's error code, if it did not take it
	Lifted     *Lifting  // nil while it holds
}

// Lifting says who ended a Block.
type Lifting struct {
	At time.Time
	By AgentID
}

// BlockReason is why somebody was blocked: a choice and no free text, so that nothing about a
// person is written down in passing.
type BlockReason string

// The reasons.
const (
	BlockInsult     BlockReason = "insult"
	BlockThreat     BlockReason = "threat"
	BlockHarassment BlockReason = "harassment"
	BlockSpam       BlockReason = "spam"
	BlockOther      BlockReason = "other"
)

// Blocking asks a Provider to block somebody, or to end that.
type Blocking struct {
	GraphURL      string
	GraphVersion  string
	PhoneNumberID string
	Token         private.Key
	Who           []Alias
	Ends          bool
}
