package desk

import "time"

// Check is what one probe of readiness says.
type Check struct {
	Name string // e.g. database
	OK   bool
	Says string // "ok", or why not in plain words
}

// Health is how the house stands, as one node sees it.
type Health struct {
	Checks      []Check
	Version     string
	Database    string // sqlite or postgresql
	Node        string
	StartedAt   time.Time // of this node
	SetAside    int64     // items of Deliveries that wait for a decision
	OldestDoubt time.Time // since when a Message is in doubt; zero: none is
	Paused      []InboxID // in the Scope of whoever asks
	WaitingJobs int64
	LastEvent   int64 // number of the newest event
}
