package desk

import (
	"time"

	"botschaft/internal/private"
)

// Role is what an Agent may do at all; Scope says where.
type Role string

// The roles. A DPO reads governance and changes nothing (GDPR Art. 38, 39).
const (
	RoleAdmin Role = "admin"
	RoleAgent Role = "agent"
	RoleDPO   Role = "dpo"
)

// Agent is a colleague who answers.
type Agent struct {
	ID        AgentID
	Role      Role
	Profile   private.Sealed[AgentProfile]
	Password  private.Sealed[private.Text] // Argon2id, in PHC form
	CreatedAt time.Time
	Disabled  *Disabling
}

// AgentProfile is what colleagues see of an Agent.
type AgentProfile struct {
	Name  private.Text
	Email private.Text
}

// Disabling records who took an Agent's access, when and why.
type Disabling struct {
	At     time.Time
	By     string // an Agent's id, or the kind of Actor; empty in old records
	Reason string
}

// AgentState is whether an Agent can log in.
type AgentState string

// The states of an Agent.
const (
	AgentInvited  AgentState = "invited" // has no password yet, or none any more
	AgentActive   AgentState = "active"
	AgentDisabled AgentState = "disabled"
)

// State tells whether the Agent can log in.
func (a *Agent) State() AgentState {
	switch {
	case a.Disabled != nil:
		return AgentDisabled
	case a.Password.IsEmpty():
		return AgentInvited
	}
	return AgentActive
}

// IsActiveAdmin tells whether the Agent can log in and change everything. A house
// that is set up always has one.
func (a *Agent) IsActiveAdmin() bool { return a.Role == RoleAdmin && a.State() == AgentActive }

// Invitation lets an Agent set its password, once and until it expires.
type Invitation struct {
	Agent     AgentID
	Digest    []byte // SHA-256 of the secret in the link
	By        string // who invited: an Agent's id, or the kind of Actor
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Session is one browser of one Agent.
type Session struct {
	ID        SessionID
	Agent     AgentID
	Digest    []byte // SHA-256 of the cookie
	Client    string // what it runs in, coarsely, as in "Firefox · Windows"; may be empty
	CreatedAt time.Time
	SeenAt    time.Time
}

// Token lets a program act for an Agent: never with more than the Agent's rights.
type Token struct {
	ID        TokenID
	Agent     AgentID
	Digest    []byte // SHA-256 of the token
	Name      private.Sealed[private.Text]
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt *time.Time
}

// ActorKind tells what sort of Actor acted.
type ActorKind string

// The kinds of Actor.
const (
	ActorAgent   ActorKind = "agent"
	ActorCommand ActorKind = "command" // somebody with a shell on the server
	ActorSystem  ActorKind = "system"
)

// Actor is whoever acts, in the audit log.
type Actor struct {
	Kind  ActorKind
	Agent AgentID
	Via   string // "session", "token" or the command's name
}

// Name is how a record names who acted: the Agent by its id, or the kind of Actor.
func (a Actor) Name() string {
	if a.Agent.IsZero() {
		return string(a.Kind)
	}
	return a.Agent.String()
}

// Scope is where an Actor may look and act: the Inboxes of the Controllers it belongs
// to, and the Inboxes it belongs to. The zero Scope sees nothing. It is applied in SQL
// by every list and read.
type Scope struct {
	Agent AgentID
	All   bool // an admin of the installation
}

// Reach is a Scope with what it covers, to be decided in memory. The zero Reach
// covers nothing.
type Reach struct {
	All         bool
	Controllers map[ControllerID]bool // with all their Inboxes, future ones too
	Inboxes     map[InboxID]bool
}

// Covers tells whether an Inbox of a Controller is within reach.
func (r Reach) Covers(c ControllerID, i InboxID) bool {
	return r.All || r.Controllers[c] || r.Inboxes[i]
}
