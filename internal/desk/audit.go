package desk

import "time"

// Act names what an Actor did.
type Act string

// The acts that exist.
const (
	ActMessagePermitted    Act = "message.permitted"
	ActMessageRefused      Act = "message.refused"
	ActMessageRepeated     Act = "message.repeated"
	ActMessageAbandoned    Act = "message.abandoned"
	ActNoteWritten         Act = "note.written"
	ActAssigned            Act = "conversation.assigned"
	ActReleased            Act = "conversation.released"
	ActTransferred         Act = "conversation.transferred"
	ActClosed              Act = "conversation.closed"
	ActReopened            Act = "conversation.reopened"
	ActSnoozed             Act = "conversation.snoozed"
	ActWoken               Act = "conversation.woken"
	ActLanguageSet         Act = "contact.language_set"
	ActConversationOpened  Act = "conversation.opened"
	ActListOpened          Act = "list.opened"
	ActFileOpened          Act = "file.opened"
	ActFileAsked           Act = "file.asked" // to be fetched now
	ActIdentityRevealed    Act = "identity.revealed"
	ActInstallationSetUp   Act = "installation.set_up"
	ActControllerChanged   Act = "controller.changed"
	ActInboxCreated        Act = "inbox.created"
	ActInboxRenamed        Act = "inbox.renamed"
	ActSecretsReplaced     Act = "inbox.secrets_replaced"
	ActSignalsChosen       Act = "inbox.signals_chosen"    // what it tells people beside Messages
	ActCoexistenceBegun    Act = "inbox.coexistence_begun" // it takes in what is written in the WhatsApp Business app
	ActCoexistenceEnded    Act = "inbox.coexistence_ended"
	ActInboxPaused         Act = "inbox.paused"
	ActInboxResumed        Act = "inbox.resumed"
	ActAgentCreated        Act = "agent.created"
	ActAgentInvited        Act = "agent.invited"
	ActAgentChanged        Act = "agent.changed" // role, name, Controllers or Inboxes
	ActAgentDisabled       Act = "agent.disabled"
	ActAgentEnabled        Act = "agent.enabled"
	ActPasswordReset       Act = "agent.password_reset"
	ActPasswordChanged     Act = "agent.password_changed" // by the Agent itself
	ActInvitationAccepted  Act = "invitation.accepted"
	ActInvitationRefused   Act = "invitation.refused"
	ActSessionsRevoked     Act = "session.revoked"
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
	ActContactBlocked      Act = "contact.blocked" // nothing to it from an Inbox, nor from it
	ActContactUnblocked    Act = "contact.unblocked"
	ActContactVouched      Act = "contact.vouched" // it is the same person as before, by an Agent's word
	ActContactMerged       Act = "contact.merged"
	ActContactSplit        Act = "contact.split" // it is somebody else, by an Agent's word
	ActMergeUndone         Act = "contact.merge_undone"
	ActAuditOpened         Act = "audit.opened"
	ActAuditVerified       Act = "audit.verified" // a verification was asked for
	ActRegisterChanged     Act = "register.changed"
	ActTermsKept           Act = "terms.kept" // the file of terms, with its digest
	ActNoticeActivated     Act = "notice.activated"
	ActConsentRecorded     Act = "consent.recorded" // an entry of the Ledger, with its digest
	ActEvidenceOpened      Act = "evidence.opened"
	ActTaskOpened          Act = "task.opened"
	ActTaskDone            Act = "task.done"
	ActAlertEnded          Act = "alert.ended"
	ActTaskTextOpened      Act = "task.text_opened" // the information for a third person
	ActContactObjected     Act = "contact.objected"
	ActObjectionLifted     Act = "contact.objection_lifted"
	ActBackupMade          Act = "backup.made"
	ActBackupRestored      Act = "backup.restored"
	ActRootKeyRotated      Act = "key.root_rotated"
	ActControllerRotated   Act = "key.controller_rotated"
	ActApprovalRequested   Act = "approval.requested"
	ActApprovalGranted     Act = "approval.granted" // by a second person, or alone after waiting: the detail says so
	ActApprovalRefused     Act = "approval.refused"
	ActApprovalWithdrawn   Act = "approval.withdrawn" // by whoever asked
	ActApprovalLapsed      Act = "approval.lapsed"    // what it was asked about changed meanwhile
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

// AuditQuery says which numbered entries are read, the newest first. What is zero
// limits nothing.
type AuditQuery struct {
	Scope   Scope
	Act     Act
	Agent   AgentID // who acted
	Subject string  // noun and id
	From    time.Time
	Until   time.Time // this moment is not part of it
	Limit   int
	Before  int64 // numbers below this one
}

// RefusalQuery says which Refusals of the gate are read, the newest first. What is zero limits
// nothing.
type RefusalQuery struct {
	Scope  Scope
	Reason string // a code of the gate
	Inbox  InboxID
	From   time.Time
	Until  time.Time // this moment is not part of it
	Limit  int
	Before int64 // numbers of the audit log below this one
}

// VerificationState says how a verification of the audit log stands.
type VerificationState string

// The states.
const (
	VerificationNever   VerificationState = "never"   // none since this node started
	VerificationRunning VerificationState = "running" // the log is being read
	VerificationGood    VerificationState = "good"    // everything is as it was written
	VerificationFault   VerificationState = "fault"   // something was altered
	VerificationFailed  VerificationState = "failed"  // the log could not be read to its end
)

// Verification is the last one of this node.
type Verification struct {
	State        VerificationState
	StartedAt    time.Time
	FinishedAt   time.Time
	Read         int64     // entries read so far
	Size         int64     // entries there are to read
	Protected    int64     // entries under the last Checkpoint that is right
	CheckpointAt time.Time // of that Checkpoint
	Fault        *AuditFault
}

// AuditFault is the first thing that is wrong with the audit log.
type AuditFault struct {
	Kind  string // altered, missing, inserted, checkpoint or truncated
	Entry int64  // number of the first entry concerned
	Text  string // a plain sentence
}
