package diagnosis

import "time"

// Trouble says in plain words why something could not be looked at; empty if it could.
type Trouble string

// Facts is what was seen of a house. A nil pointer was not looked at, because it does not
// apply or because what it hangs on is not there.
type Facts struct {
	At       time.Time
	Clock    *Clock
	Disks    []Disk
	Files    []File
	Data     *Database
	Vault    *Vault
	Servers  []Server // PostgreSQL servers, the data's first
	Shared   bool     // data and keys live on one PostgreSQL server
	RootKey  RootKey
	Public   Public
	Pair     *Pair
	Proxies  Proxies
	Hosts    []Host
	Inboxes  []Inbox
	Work     *Work
	Log      *Log
	Days     []time.Time // the days that have a key, the oldest first
	Serving  Serving
	Settings []string // mistakes in the configuration; then nothing else was looked at
}

// Clock compares this machine's with the database's.
type Clock struct {
	Ahead   time.Duration // the database's before this machine's
	Trouble Trouble
}

// Disk is where a directory lies.
type Disk struct {
	What    string // "the data directory"
	Path    string
	Free    uint64 // bytes
	System  string // "nfs", "smb", "tmpfs", "overlay" and the like; empty for an ordinary file system
	Keeps   bool   // it holds what must not be lost
	Trouble Trouble
}

// File is a file or directory that holds what others should not see.
type File struct {
	What   string // "the key vault"
	Path   string
	Mode   uint32 // permission bits
	Secret bool   // it opens things by itself; not merely sealed content
	Given  bool   // the service manager handed it in, in a directory nobody else enters
	Owner  uint32 // user id
	House  uint32 // user id of the data directory's owner
}

// Database is the data's.
type Database struct {
	Name    string // without user and password
	Found   int64  // version of the schema; 0 if there is none
	Known   int64  // newest version the program knows
	SQLite  *SQLite
	Trouble Trouble
}

// SQLite is what a file says of itself.
type SQLite struct {
	Journal  string
	Intact   string // what the quick check says; empty if it did not end in time
	Patience time.Duration
	Trouble  Trouble
}

// Vault tells whether the keys open.
type Vault struct {
	Name    string
	State   VaultState
	Trouble Trouble
}

// VaultState is what came of opening the vault.
type VaultState string

// The states of a vault.
const (
	VaultOpen     VaultState = "open"      // the root key is its own
	VaultNone     VaultState = "none"      // there is none
	VaultWrongKey VaultState = "wrong_key" // it was made with another root key
	VaultForeign  VaultState = "foreign"   // the data belongs to another vault
	VaultTooNew   VaultState = "too_new"   // a newer release made it
	VaultAway     VaultState = "away"      // it could not be looked at
)

// Server is a PostgreSQL server.
type Server struct {
	Name      string // without user and password
	Keeps     string // "the data", "the keys", "data and keys"
	Keys      bool   // it keeps the keys
	Data      bool   // it keeps the data
	Pool      int    // connections that one node may hold
	Version   int    // 150004 is 15.4
	Settings  map[string]string
	Replica   bool
	Local     bool
	Encrypted bool
	Used      int
	Limit     int // of role or database; -1 is none
	Archived  time.Time
	Failed    time.Time
	Trouble   Trouble
}

// RootKey is where the root key is.
type RootKey struct {
	Environment bool   // given as a variable
	Path        string // of the file otherwise
	Beside      bool   // in the directory of the data
	Missing     bool
	Trouble     Trouble // it cannot be read, or holds no key
}

// Public is the address people use.
type Public struct {
	URL         string
	Loopback    bool // it means this machine
	Secure      bool
	Certificate *Certificate
	Status      int // of GET /healthz; 0 if nothing answered
	HSTS        bool
	Trouble     Trouble // no connection
}

// Certificate is what a server shows.
type Certificate struct {
	Name  string // the host it was asked for
	Until time.Time
	From  time.Time
	Named bool    // it is for this host
	Chain Trouble // why its chain leads to nobody who is trusted
}

// Pair is the certificate and key that serve shows itself.
type Pair struct {
	Path        string
	Certificate Certificate
	Trouble     Trouble // the files are no pair
}

// Proxies is what is configured about those in front.
type Proxies struct {
	Trusted bool // some are named
	Needed  bool // TLS ends before the server
	Listen  string
	Open    bool // the server listens beyond this machine, without TLS
}

// Host is a destination that is declared.
type Host struct {
	Name    string // host:port
	Purpose string
	Proxied bool // through the corporate proxy
	Reached Step
	Status  int
	Took    time.Duration
	Trouble Trouble
}

// Step is how far a look at a Host came.
type Step string

// How far a look came.
const (
	StepDenied  Step = "denied"    // our own dialer refuses it
	StepNone    Step = "name"      // its name was not found
	StepName    Step = "connect"   // there is a name, and no connection
	StepConnect Step = "handshake" // there is a connection, and no TLS
	StepTLS     Step = "request"   // there is TLS, and no answer
	StepAnswer  Step = "answer"
)

// Inbox is what an Inbox has.
type Inbox struct {
	ID           string
	Paused       time.Time
	AppSecrets   int
	AccessToken  bool
	VerifyTokens int
	NoVerify     bool // its way in needs no verify token
	Closed       bool // its secrets do not open
}

// Work is what waits.
type Work struct {
	SetAside      int64
	OldestAside   time.Time // when the oldest item was received
	Doubt         time.Time // since when the oldest Message is in doubt
	Inbound       int64     // Jobs
	OldestInbound time.Time // when the oldest waiting Delivery was received
	Outbound      int64
	Trouble       Trouble
}

// Log is how far the audit log is protected.
type Log struct {
	Entries     int64
	Protected   int64     // entries under the last Checkpoint
	Checkpoint  time.Time // when it was signed
	Unprotected time.Time // when the oldest entry behind it was written
	Trouble     Trouble
}

// Serving tells whether a server runs.
type Serving struct {
	Here    bool // the data directory is locked by one
	Address string
	Answers bool // something answers at its address as ours does
	Ready   bool
	Checks  map[string]string // those that are not well
	Trouble Trouble
}
