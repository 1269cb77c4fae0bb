package channel

import (
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
	}
	return arrivals, nil
}

// preferencesOf reads what people chose about advertising; another category is none of ours.
func preferencesOf(it *whatsapp.Item) (out []desk.Arrival) {
	if it.Other == nil || it.Field != "user_preferences" {
		return nil
	}
	for i, p := range whatsapp.Preferences(it.Other.Raw) {
		from := aliases(p.WAID, p.UserID, "")
		if len(from) == 0 || p.Category != "marketing_messages" {
			continue
		}
		out = append(out, desk.Arrival{
			Path: fmt.Sprintf("%s.user_preferences[%d]", it.Path, i), WABA: it.WABA, PhoneNumberID: it.PhoneNumberID,
			Preference: &desk.ArrivedPreference{From: from, Stops: p.Value == "stop", At: p.Timestamp},
		})
	}
	return out
}

func arrivalOf(it *whatsapp.Item) desk.Arrival {
	a := desk.Arrival{Path: it.Path, WABA: it.WABA, PhoneNumberID: it.PhoneNumberID}
	switch {
	case it.Err != nil:
		a.Undecodable = true
	case it.Status != nil:
		a.Status = statusOf(it.Status)
	case it.Message != nil && it.Message.GroupID == "":
		a.Message = messageOf(it)
		a.Undecodable = a.Message == nil
	}
	return a
}

// messageOf is nil for a Message of nobody: it cannot be given to a Contact.
func messageOf(it *whatsapp.Item) *desk.ArrivedMessage {
	m := it.Message
	from := aliases(m.Contact.WAID, m.Contact.UserID, m.Contact.ParentUserID)
	if len(from) == 0 {
		from = aliases(m.From, m.FromUserID, m.FromParentUserID)
	}
	if len(from) == 0 || m.ID == "" {
		return nil
	}
	a := &desk.ArrivedMessage{
		Wamid: private.NewText(m.ID), From: from, Kind: desk.Kind(m.Kind), Profile: profileOf(m, from),
		Content: desk.Content{Text: private.NewText(textOf(m)), Raw: private.NewText(string(it.Raw))},
		Button:  private.NewText(buttonOf(m)), About: private.NewText(aboutOf(m)),
	}
	if m.Kind == whatsapp.KindText {
		a.Content.Raw = private.Text{} // the text is all there is
		if m.Context != nil || m.Referral != nil {
			a.Content.Raw = private.NewText(string(it.Raw))
		}
	}
	if m.TimestampOK {
		a.At = m.Timestamp
	}
	return a
}

// textOf is what a person can read of a Message: its text, caption or label.
func textOf(m *whatsapp.Message) string {
	switch {
	case m.Kind == whatsapp.KindText:
		return m.Text
	case m.Button != nil:
		return m.Button.Text
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

// aliases puts the phone first: where Identities disagree, its history wins.
func aliases(phone, bsuid, parent string) []desk.Alias {
	var found []desk.Alias
	if digits := strings.TrimPrefix(phone, "+"); isNumber(digits) {
		found = append(found, desk.Alias{Kind: desk.IdentityPhone, Value: private.NewText("+" + digits)})
	}
	if bsuid != "" {
		found = append(found, desk.Alias{Kind: desk.IdentityBSUID, Value: private.NewText(bsuid)})
	}
	if parent != "" {
		found = append(found, desk.Alias{Kind: desk.IdentityParent, Value: private.NewText(parent)})
	}
	return found
}

// isNumber tells whether s can be a telephone number (ITU-T E.164): what else stands
// in its place is nobody's number.
func isNumber(s string) bool {
	return 5 <= len(s) && len(s) <= 15 && strings.Trim(s, "0123456789") == ""
}

func profileOf(m *whatsapp.Message, from []desk.Alias) desk.Profile {
	return desk.Profile{
		Name: private.NewText(m.Contact.Name), Username: private.NewText(m.Contact.Username), Masked: from[0].Masked(),
	}
}

func statusOf(s *whatsapp.Status) *desk.ArrivedStatus {
	a := &desk.ArrivedStatus{Wamid: private.NewText(s.ID), Status: rung(s.Status)}
	if s.TimestampOK {
		a.At = s.Timestamp
	}
	if id, err := desk.ParseID[desk.Message](s.Callback); err == nil {
		a.Reference = id
	}
	if a.Status == desk.StatusFailed {
		a.Failure = "unknown"
		if len(s.Errors) > 0 {
			a.Failure = failureCode(s.Errors[0].Code)
		}
	}
	return a
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
