package desk

import "time"

// Act names what an Actor did.
type Act string

// The acts that exist.
const (
	ActMessagePermitted    Act = "message.permitted"
	ActMessageRefused      Act = "message.refused"
	ActMessageRepeated     Act = "message.repeated"
	ActConversationOpened  Act = "conversation.opened"
	ActListOpened          Act = "list.opened"
	ActIdentityRevealed    Act = "identity.revealed"
	ActInstallationSetUp   Act = "installation.set_up"
	ActControllerChanged   Act = "controller.changed"
	ActInboxCreated        Act = "inbox.created"
	ActSecretsReplaced     Act = "inbox.secrets_replaced"
	ActInboxPaused         Act = "inbox.paused"
	ActInboxResumed        Act = "inbox.resumed"
	ActAgentCreated        Act = "agent.created"
	ActAgentDisabled       Act = "agent.disabled"
	ActPasswordReset       Act = "agent.password_reset"
	ActLoggedIn            Act = "session.created"
	ActLoginRefused        Act = "session.refused"
	ActLoggedOut           Act = "session.ended"
	ActTokenCreated        Act = "token.created"
	ActTokenRevoked        Act = "token.revoked"
	ActSetAsideRetried     Act = "delivery.retried"
	ActSetAsideDropped     Act = "delivery.dropped"
	ActDeliveriesLost      Act = "delivery.lost"
	ActContactRestricted   Act = "contact.restricted"
	ActContactUnrestricted Act = "contact.unrestricted"
)

// AuditEntry is one fact about an act, without personal data.
type AuditEntry struct {
	ID         AuditID
	N          int64 // 0 until the sequencer numbered it
	At         time.Time
	Actor      Actor
	Act        Act
	Subject    string // noun and id, e.g. "message:0192…"
	Controller ControllerID
	Inbox      InboxID
	Detail     map[string]string // codes and ids; never content
}
