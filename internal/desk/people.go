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
	Reason string
}

// Session is one browser of one Agent.
type Session struct {
	ID        SessionID
	Agent     AgentID
	Digest    []byte // SHA-256 of the cookie
	CreatedAt time.Time
	SeenAt    time.Time
}

// Token lets a program act for an Agent: never with more than the Agent's rights.
type Token struct {
	ID        TokenID
	Agent     AgentID
	Digest    []byte // SHA-256 of the token
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

// Scope is where an Actor may look and act. The zero Scope sees nothing. It is
// applied in SQL by every list and read.
type Scope struct {
	Agent AgentID
	All   bool // an admin of the installation
}
