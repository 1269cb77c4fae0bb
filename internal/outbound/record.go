package outbound

import (
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
)

// refusalOf names what stands in the way. An owed Notice refuses until Notices exist.
func refusalOf(d policy.Decision) *policy.Refusal {
	if d.Refusal != nil {
		return d.Refusal
	}
	return &policy.Refusal{}
}

func eventOf(m *desk.Message) desk.Event {
	return desk.Event{Kind: desk.EventMessage, Controller: m.Controller, Inbox: m.Inbox, Conversation: m.Conversation, Message: m.ID}
}

func entry(actor desk.Actor, act desk.Act, m *desk.Message, detail map[string]string) desk.AuditEntry {
	detail["conversation"] = m.Conversation.String()
	return desk.AuditEntry{
		Actor: actor, Act: act, Subject: "message:" + m.ID.String(), Controller: m.Controller, Inbox: m.Inbox, Detail: detail,
	}
}

func permittedEntry(actor desk.Actor, m *desk.Message, p desk.PermitRecord) desk.AuditEntry {
	return entry(actor, desk.ActMessagePermitted, m, map[string]string{
		"policy": p.Policy, "basis": p.Basis, "not_assessed": strings.Join(p.NotAssessed, " "),
	})
}

// refusedEntry records the refusal of a Draft; such a Message does not exist.
func refusedEntry(actor desk.Actor, m *desk.Message, r *policy.Refusal) desk.AuditEntry {
	e := entry(actor, desk.ActMessageRefused, m, map[string]string{"reasons": codes(r)})
	e.Subject = "conversation:" + m.Conversation.String()
	return e
}

func codes(r *policy.Refusal) string {
	all := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		all[i] = string(reason.Code)
	}
	return strings.Join(all, " ")
}
