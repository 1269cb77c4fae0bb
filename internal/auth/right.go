package auth

import (
	"slices"

	"botschaft/internal/desk"
)

// Right is one thing a role may entitle to; where, says the Scope.
type Right string

// The rights.
const (
	ReadConversations  Right = "conversations.read"  // lists, threads, search, events
	RevealIdentities   Right = "identities.reveal"   // telephone numbers in full
	WriteMessages      Right = "messages.write"      // also Notes
	WorkConversations  Right = "conversations.work"  // assign, tag, snooze, close, transfer
	RestrictContacts   Right = "contacts.restrict"   // GDPR Art. 18: protects, so every Agent may
	UnrestrictContacts Right = "contacts.unrestrict" // takes protection away
	BlockContacts      Right = "contacts.block"      // keep somebody from writing, and end that
	ReadGovernance     Right = "governance.read"     // purposes, Processors, Requests, papers, what was not assessed
	ReadTasks          Right = "tasks.read"          // what people must do; to mark and end it takes WorkConversations
	ReadAudit          Right = "audit.read"          // the audit log
	ReadSettings       Right = "settings.read"       // Controllers, Inboxes, Agents
	ChangeSettings     Right = "settings.change"     // the same
	ManageAgents       Right = "agents.manage"       // create, disable, reset passwords, revoke anybody's Token
	ManageDeliveries   Right = "deliveries.manage"   // retry or drop what was set aside
	OwnTokens          Right = "tokens.own"          // create and revoke one's own Tokens
	DecideApprovals    Right = "approvals.decide"    // stop what a colleague asked for; to grant it is decided by what it is
)

// rights is the table. A DPO reads governance and changes nothing (GDPR Art. 38,
// 39); conversations are read by those who answer them.
var rights = map[Right][]desk.Role{
	ReadConversations:  {desk.RoleAdmin, desk.RoleAgent},
	RevealIdentities:   {desk.RoleAdmin, desk.RoleAgent},
	WriteMessages:      {desk.RoleAdmin, desk.RoleAgent},
	WorkConversations:  {desk.RoleAdmin, desk.RoleAgent},
	RestrictContacts:   {desk.RoleAdmin, desk.RoleAgent},
	UnrestrictContacts: {desk.RoleAdmin},
	BlockContacts:      {desk.RoleAdmin, desk.RoleAgent},
	ReadGovernance:     {desk.RoleAdmin, desk.RoleDPO},
	ReadTasks:          {desk.RoleAdmin, desk.RoleAgent, desk.RoleDPO},
	ReadAudit:          {desk.RoleAdmin, desk.RoleDPO},
	ReadSettings:       {desk.RoleAdmin, desk.RoleDPO},
	ChangeSettings:     {desk.RoleAdmin},
	ManageAgents:       {desk.RoleAdmin},
	ManageDeliveries:   {desk.RoleAdmin},
	OwnTokens:          {desk.RoleAdmin, desk.RoleAgent},
	DecideApprovals:    {desk.RoleAdmin, desk.RoleDPO},
}

// May tells whether role entitles to right. What the table does not name, nobody
// may.
func May(role desk.Role, right Right) bool { return slices.Contains(rights[right], role) }
