package desk

import (
	"time"

	"botschaft/internal/private"
)

// Delivery is one webhook body as received, sealed with the key of its day.
type Delivery struct {
	ID         DeliveryID
	Inbox      InboxID // whose address it came to
	ReceivedAt time.Time
	Day        int64 // days since 1970-01-01 UTC; names the key
	Body       private.Sealed[[]byte]
}

// SetAside is one item of a Delivery that could not be taken in. It waits for an
// operator and blocks nothing.
type SetAside struct {
	ID         SetAsideID
	Delivery   DeliveryID
	Inbox      InboxID
	Path       string // where in the body, e.g. entry[0].changes[2]
	Reason     SetAsideReason
	At         time.Time
	ReceivedAt time.Time
}

// SetAsideReason says why an item was set aside.
type SetAsideReason string

// The reasons.
const (
	ReasonMalformed     SetAsideReason = "malformed"      // the body is not what Meta sends
	ReasonItem          SetAsideReason = "item"           // one item cannot be decoded
	ReasonUnknownNumber SetAsideReason = "unknown_number" // no Inbox with this number shares the secret
	ReasonFault         SetAsideReason = "fault"          // a fault of ours; retry after an update
)

// Job is durable work in an ordered lane. It carries a reference, never content.
type Job struct {
	ID       JobID
	Lane     string
	Ordinal  int64
	Ref      [16]byte
	DueAt    time.Time
	Attempts int
}
