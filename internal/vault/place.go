package vault

import "botschaft/internal/desk"

// Places of the sealed columns that several packages read.

// ContentPlace is message.content.
func ContentPlace(id desk.MessageID) Place { return Place{Column: "message.content", Row: id} }

// TurnPlace is turn.content.
func TurnPlace(id desk.TurnID) Place { return Place{Column: "turn.content", Row: id} }

// DraftPlace is draft.content.
func DraftPlace(id desk.DraftID) Place { return Place{Column: "draft.content", Row: id} }

// ClosurePlace is conversation.closed_reason.
func ClosurePlace(id desk.ConversationID) Place {
	return Place{Column: "conversation.closed_reason", Row: id}
}

// WamidPlace is message.wamid.
func WamidPlace(id desk.MessageID) Place { return Place{Column: "message.wamid", Row: id} }

// ProfilePlace is contact.profile.
func ProfilePlace(id desk.ContactID) Place { return Place{Column: "contact.profile", Row: id} }

// IdentityPlace is identity.value.
func IdentityPlace(id desk.IdentityID) Place { return Place{Column: "identity.value", Row: id} }

// KeyPlace is identity_key.value, of a Contact that owns it.
func KeyPlace(id desk.InboxID) Place { return Place{Column: "identity_key.value", Row: id} }

// SalePlace is ledger.sale.
func SalePlace(id desk.ConsentID) Place { return Place{Column: "ledger.sale", Row: id} }

// FormPlace is paper.form.
func FormPlace(id desk.ConsentID) Place { return Place{Column: "paper.form", Row: id} }

// TermsPlace is terms_file.file.
func TermsPlace(id desk.TermsFileID) Place { return Place{Column: "terms_file.file", Row: id} }

// SecretsPlace is inbox.secrets.
func SecretsPlace(id desk.InboxID) Place { return Place{Column: "inbox.secrets", Row: id} }

// BodyPlace is delivery.body.
func BodyPlace(id desk.DeliveryID) Place { return Place{Column: "delivery.body", Row: id} }

// AgentPlace is agent.profile.
func AgentPlace(id desk.AgentID) Place { return Place{Column: "agent.profile", Row: id} }

// PasswordPlace is agent.password.
func PasswordPlace(id desk.AgentID) Place { return Place{Column: "agent.password", Row: id} }

// PreferencesPlace is agent_preferences.preferences.
func PreferencesPlace(id desk.AgentID) Place {
	return Place{Column: "agent_preferences.preferences", Row: id}
}

// TokenNamePlace is token.name.
func TokenNamePlace(id desk.TokenID) Place { return Place{Column: "token.name", Row: id} }

// ApprovalPlace is approval.reason.
func ApprovalPlace(id desk.ApprovalID) Place { return Place{Column: "approval.reason", Row: id} }

// CouncilPlace is approval.council.
func CouncilPlace(id desk.ApprovalID) Place { return Place{Column: "approval.council", Row: id} }

// DecisionPlace is approval.decided_reason.
func DecisionPlace(id desk.ApprovalID) Place {
	return Place{Column: "approval.decided_reason", Row: id}
}

// TaskNotePlace is task.note.
func TaskNotePlace(id desk.TaskID) Place { return Place{Column: "task.note", Row: id} }

// TaskReasonPlace is task.reason.
func TaskReasonPlace(id desk.TaskID) Place { return Place{Column: "task.reason", Row: id} }

// MediaPlace is dispatch.media.
func MediaPlace(id desk.MessageID) Place { return Place{Column: "dispatch.media", Row: id} }

// FileKeyPlace is attachment.blob_key, and upload.blob_key of what becomes one: the key stays
// as it was sealed.
func FileKeyPlace(id desk.MessageID) Place { return Place{Column: "attachment.blob_key", Row: id} }
