package outbound

import (
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
)

// refusalOf names what stands in the way of a send. The Notice stands ahead in the lane: if
// one is still owed, the Provider has not accepted it.
func refusalOf(d policy.Decision) *policy.Refusal {
	if d.Refusal != nil {
		return d.Refusal
	}
	return &policy.Refusal{Reasons: []policy.Reason{policy.ReasonFor(policy.CodeNoticePending)}}
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
		"policy": p.Policy, "purpose": p.Purpose, "basis": p.Basis, "class": p.Class, "notice": p.Notice, "not_assessed": strings.Join(p.NotAssessed, " "),
	})
}

// refusedEntry records the refusal of a Draft; such a Message does not exist.
func refusedEntry(actor desk.Actor, m *desk.Message, purpose string, r *policy.Refusal) desk.AuditEntry {
	e := entry(actor, desk.ActMessageRefused, m, refusedDetail(m, purpose, r))
	e.Subject = "conversation:" + m.Conversation.String()
	return e
}

// refusedDetail is what is kept of a Refusal: what the Message was for, if that is known, and
// every reason (GDPR Art. 5(2)).
func refusedDetail(m *desk.Message, purpose string, r *policy.Refusal) map[string]string {
	d := map[string]string{"reasons": codes(r), "class": string(draftOf(m).Class)}
	if purpose != "" {
		d["purpose"] = purpose
	}
	return d
}

func codes(r *policy.Refusal) string {
	all := make([]string, len(r.Reasons))
	for i, reason := range r.Reasons {
		all[i] = string(reason.Code)
	}
	return strings.Join(all, " ")
}

// Reasons gives every Reason there is, in the order of the gate.
func Reasons() []Reason {
	codes := policy.Codes()
	out := make([]Reason, len(codes))
	for i, c := range codes {
		out[i] = policy.ReasonFor(c)
	}
	return out
}

// ReasonFor gives the Reason of a code that the audit log kept.
func ReasonFor(code string) Reason { return policy.ReasonFor(policy.Code(code)) }
