package desk

// Status is how far a Message has come.
type Status string

// The ladder of outbound Messages; StatusReceived is the one of inbound Messages.
const (
	StatusReceived  Status = "received"
	StatusQueued    Status = "queued"
	StatusSending   Status = "sending"
	StatusInDoubt   Status = "in_doubt"
	StatusSent      Status = "sent"
	StatusDelivered Status = "delivered"
	StatusRead      Status = "read"
	StatusFailed    Status = "failed"
)

var ranks = map[Status]int{
	StatusQueued: 1, StatusSending: 2, StatusInDoubt: 3, StatusSent: 4, StatusFailed: 5, StatusDelivered: 6, StatusRead: 7,
}

// Rank orders the Provider's word: a later webhook may only climb. Failed stands
// above sent, since failing after sent is normal, and below delivered, since what
// was delivered did not fail. (Meta: status webhooks are unordered.)
func (s Status) Rank() int { return ranks[s] }

// Climbs tells whether news of next changes a Message that stands at s.
func (s Status) Climbs(next Status) bool { return next.Rank() > s.Rank() }

// Settled tells whether the Provider has spoken: nothing is in doubt any more.
func (s Status) Settled() bool { return s.Rank() >= StatusSent.Rank() }
