package channel

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/whatsapp"
)

// WhatsApp reads and sends by the Cloud API's wire.
type WhatsApp struct {
	clients clients
	now     func() time.Time
	unknown func(name string, n int)
}

// Decode turns a webhook body into Arrivals. Properties and types that are not known
// are counted by name.
func (w *WhatsApp) Decode(body []byte) ([]desk.Arrival, error) {
	n, err := whatsapp.Decode(body)
	if err != nil {
		return nil, err
	}
	for name, count := range n.Unknown {
		w.unknown(name, count)
	}
	arrivals := make([]desk.Arrival, 0, len(n.Items))
	for i := range n.Items {
		arrivals = append(arrivals, arrivalOf(&n.Items[i]))
		arrivals = append(arrivals, preferencesOf(&n.Items[i])...)
		arrivals = append(arrivals, rotationsOf(&n.Items[i])...)
	}
	return arrivals, nil
}

// preferencesOf reads what people chose about advertising; another category is none of ours.
// Whatever cannot be read as anybody's choice may be an objection, and is set aside.
func preferencesOf(it *whatsapp.Item) (out []desk.Arrival) {
	if it.Other == nil || it.Field != "user_preferences" {
		return nil
	}
	for i, p := range whatsapp.Preferences(it.Other.Raw) {
		a := part(it, i)
		from := aliases(p.Contact.WAID, p.Contact.UserID, p.Contact.ParentUserID)
		switch {
		case p.Category != "" && p.Category != "marketing_messages":
			continue
		case len(from) == 0 || p.Value != "stop" && p.Value != "resume":
			a.Undecodable = true
		default:
			a.Preference = &desk.ArrivedPreference{From: from, Stops: p.Value == "stop", At: p.Timestamp}
		}
		out = append(out, a)
	}
	return orAside(it, out)
}

// part is an Arrival for an element of the list that bears the name of its field.
func part(it *whatsapp.Item, i int) desk.Arrival {
	return desk.Arrival{Path: fmt.Sprintf("%s.%s[%d]", it.Path, it.Field, i), WABA: it.WABA, PhoneNumberID: it.PhoneNumberID}
}

// orAside sets a change aside that holds no list at all.
func orAside(it *whatsapp.Item, found []desk.Arrival) []desk.Arrival {
	if found == nil {
		a := part(it, 0)
		a.Undecodable = true
		return []desk.Arrival{a}
	}
	return found
}

func arrivalOf(it *whatsapp.Item) desk.Arrival {
	a := desk.Arrival{Path: it.Path, WABA: it.WABA, PhoneNumberID: it.PhoneNumberID}
	switch {
	case it.Err != nil:
		a.Undecodable = true
	case it.Status != nil:
		a.Status = statusOf(it.Status)
	case len(it.Errors) > 0:
		a.Alert = troubleOf(&it.Errors[0])
	case it.Message != nil && it.Message.GroupID != "":
		a.Alert = &desk.ArrivedAlert{Kind: desk.AlertGroup, Code: "MESSAGE", Severity: desk.SeverityWarning}
	case it.Message != nil:
		a.Message = messageOf(it.Message, it.Raw)
		a.Undecodable = a.Message == nil
	case it.Echo != nil && it.Echo.GroupID != "":
		// nothing of a group is kept
	case it.Echo != nil:
		a.Echo = messageOf(it.Echo, it.Raw)
		a.Undecodable = a.Echo == nil
	case it.Other != nil:
		if n, ok := whatsapp.NoticeOf(it.Field, it.Other.Raw); ok {
			a.WABA = cmp.Or(n.WABA, it.WABA)
			a.Alert = &desk.ArrivedAlert{
				Kind: desk.AlertKind(n.Kind), Code: n.Code, Subject: n.Subject, Value: n.Value, Severity: desk.Severity(n.Urgency),
			}
		}
	}
	return a
}

// troubleOf tells of an error that is about no Message.
func troubleOf(e *whatsapp.Error) *desk.ArrivedAlert {
	a := &desk.ArrivedAlert{Kind: desk.AlertError, Code: failureCode(e.Code), Severity: desk.SeverityInfo}
	switch rule := e.Rule(); {
	case rule.Pauses == whatsapp.PausesInbox:
		a.Severity = desk.SeverityCritical
	case rule.Tells == whatsapp.TellsAdmins || rule.Class == whatsapp.ClassUnknown:
		a.Severity = desk.SeverityWarning
	}
	return a
}

// messageOf is nil for a Message of nobody: it cannot be given to a Contact.
func messageOf(m *whatsapp.Message, raw []byte) *desk.ArrivedMessage {
	from := aliases(m.Contact.WAID, m.Contact.UserID, m.Contact.ParentUserID)
	if len(from) == 0 && m.To == "" {
		from = aliases(m.From, m.FromUserID, m.FromParentUserID)
	}
	if len(from) == 0 || m.ID == "" {
		return nil
	}
	a := &desk.ArrivedMessage{
		Wamid: private.NewText(m.ID), From: from, Kind: desk.Kind(m.Kind), Profile: profileOf(m, from),
		Content: desk.Content{Text: private.NewText(textOf(m)), Raw: private.NewText(string(raw))},
		Button:  private.NewText(buttonOf(m)), About: private.NewText(aboutOf(m)),
		File: m.Media != nil,
	}
	if m.Kind == whatsapp.KindText {
		a.Content.Raw = private.Text{} // the text is all there is
		if m.Context != nil || m.Referral != nil {
			a.Content.Raw = private.NewText(string(raw))
		}
	}
	if m.TimestampOK {
		a.At = m.Timestamp
	}
	a.Key, a.Rotation = private.NewText(m.Contact.IdentityKeyHash), rotationOf(m)
	switch {
	case a.Rotation == nil:
	case m.Identity != nil && m.Identity.Hash != "":
		a.Key = private.NewText(m.Identity.Hash)
	case a.Rotation.News == desk.SystemNewIdentity && m.System.Identity != "":
		a.Key = private.NewText(m.System.Identity)
	}
	return a
}

// textOf is what a person can read of a Message: its text, caption or label.
func textOf(m *whatsapp.Message) string {
	switch {
	case m.Kind == whatsapp.KindText, m.Kind == whatsapp.KindUnsupported && m.Text != "":
		return m.Text
	case m.Button != nil:
		return cmp.Or(m.Button.Text, m.Button.Payload)
	case m.Interactive != nil && m.Interactive.ButtonReply != nil:
		return m.Interactive.ButtonReply.Title
	case m.Interactive != nil && m.Interactive.ListReply != nil:
		return m.Interactive.ListReply.Title
	case m.Reaction != nil:
		return m.Reaction.Emoji
	case m.Order != nil:
		return m.Order.Text
	case m.Location != nil:
		return strings.TrimSpace(m.Location.Name + " " + m.Location.Address)
	case m.Edit != nil && m.Edit.Message != nil:
		return textOf(m.Edit.Message)
	default:
		return m.Caption()
	}
}

// aboutOf is the Message that this one answers, reacts to, changes or takes back.
func aboutOf(m *whatsapp.Message) string {
	switch {
	case m.Reaction != nil:
		return m.Reaction.MessageID
	case m.Edit != nil:
		return m.Edit.OriginalID
	case m.Revoke != nil:
		return m.Revoke.OriginalID
	case m.Context != nil:
		return m.Context.ID
	default:
		return ""
	}
}

// buttonOf is what whoever made a button or row called it; empty if none was tapped.
func buttonOf(m *whatsapp.Message) string {
	switch {
	case m.Kind == whatsapp.KindButton && m.Button != nil:
		return m.Button.Payload
	case m.Kind != whatsapp.KindInteractive || m.Interactive == nil:
		return ""
	case m.Interactive.ButtonReply != nil:
		return m.Interactive.ButtonReply.ID
	case m.Interactive.ListReply != nil:
		return m.Interactive.ListReply.ID
	default:
		return ""
	}
}

// aliases puts the phone first: where Identities disagree, its history wins. What has not the
// form of an id is none: were a middleman's "undefined" taken for one, it would make one
// Contact of everybody.
func aliases(phone, bsuid, parent string) []desk.Alias {
	var found []desk.Alias
	if digits := strings.TrimPrefix(separators.Replace(phone), "+"); desk.IsNumber(digits) {
		found = append(found, desk.Alias{Kind: desk.IdentityPhone, Value: private.NewText("+" + digits)})
	}
	if whatsapp.IsUserID(bsuid) {
		found = append(found, desk.Alias{Kind: desk.IdentityBSUID, Value: private.NewText(bsuid)})
	}
	if whatsapp.IsUserID(parent) {
		found = append(found, desk.Alias{Kind: desk.IdentityParent, Value: private.NewText(parent)})
	}
	return found
}

// separators takes out of a number what people write between its digits.
var separators = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "")

func profileOf(m *whatsapp.Message, from []desk.Alias) desk.Profile {
	return desk.Profile{
		Name: private.NewText(m.Contact.Name), Username: private.NewText(m.Contact.Username), Masked: from[0].Masked(),
	}
}

func statusOf(s *whatsapp.Status) *desk.ArrivedStatus {
	a := &desk.ArrivedStatus{Wamid: private.NewText(s.ID)}
	if s.Type == "" || s.Type == "message" { // that a payment failed is nothing of the Message
		a.Status = rung(s.Status)
	}
	if s.TimestampOK {
		a.At = s.Timestamp
	}
	if id, err := desk.ParseID[desk.Message](s.Callback); err == nil {
		a.Reference = id
	}
	if s.Pricing != nil {
		a.Category, a.Charge = word(s.Pricing.Category), word(s.Pricing.Type)
	}
	if a.Status == desk.StatusFailed {
		a.Failure = "unknown"
		if len(s.Errors) > 0 {
			a.Failure = failureCode(s.Errors[0].Code)
			rule := s.Errors[0].Rule()
			a.Stops, a.Mend = rule.Pauses == whatsapp.PausesInbox, rule.Tells == whatsapp.TellsAdmins && rule.Pauses != whatsapp.PausesInbox
		}
	}
	return a
}

// word passes one of Meta's words, and nothing that is none.
func word(s string) string {
	if len(s) > 40 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return ""
	}
	return s
}

// rung places Meta's word on the ladder; one that says nothing new has no rank.
func rung(word whatsapp.StatusWord) desk.Status {
	switch word {
	case "sent":
		return desk.StatusSent
	case "delivered":
		return desk.StatusDelivered
	case "read", "played":
		return desk.StatusRead
	case "failed":
		return desk.StatusFailed
	default:
		return ""
	}
}
