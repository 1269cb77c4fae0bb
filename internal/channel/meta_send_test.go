package channel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/whatsapp"
)

// notOurs are the messages of Meta's examples that a customer-service desk does not send: shops
// and payments.
var notOurs = map[string]bool{
	"catalog_message": true, "product": true, "product_list": true, "order_details": true, "order_status": true,
}

// Every example of a send in an OpenAPI description comes out of our client saying the same: of
// Meta's if there is one at hand, else of ours. Each goes as a whole from the wire's form; and from
// what an Agent composes, as far as the desk has nouns for it.
func TestMetaSendExamples(t *testing.T) {
	text, least, fewest, atDesk := openAPI(t), 40, 25, 0
	if text == "" {
		own, err := os.ReadFile(ownOpenAPI)
		if err != nil {
			t.Fatal(err)
		}
		text, least, fewest = string(own), 7, 6
	}
	sent := 0
	for name, example := range sendExamples(t, text) {
		if offer, ok := example["interactive"].(map[string]any); ok && notOurs[offer["type"].(string)] {
			continue
		}
		if example["action"] != nil || example["product_policy"] != nil { // calls; the API of marketing messages
			continue
		}
		sent++
		t.Run(name, func(t *testing.T) {
			if checkSend(t, example) {
				atDesk++
			}
		})
	}
	if sent < least || atDesk < fewest {
		t.Errorf("checked %d examples, %d of them from the desk; want %d and %d", sent, atDesk, least, fewest)
	}
}

// checkSend sends an example, and tells whether it began at the desk.
func checkSend(t *testing.T, example map[string]any) (atDesk bool) {
	t.Helper()
	want := map[string]any{}
	for key, value := range example {
		switch key {
		case "messaging_product", "recipient_type", "to", "context":
		default:
			want[key] = value
		}
	}
	if _, ok := want["text"]; ok {
		want["type"] = "text" // the default
	}
	if want["interactive"] != nil {
		want["type"] = "interactive" // one example has it in the wrong place
	}
	sameTemplate(want)
	raw, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var content whatsapp.Content
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&content); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	about := ""
	if quoted, ok := example["context"].(map[string]any); ok {
		about, _ = quoted["message_id"].(string)
		want["context"] = map[string]any{"message_id": about}
	}
	if content.Reaction != nil {
		about = content.Reaction.MessageID
	}
	composed, err := json.Marshal(composed{Send: content})
	if err != nil {
		t.Fatal(err)
	}
	wire := desk.Outgoing{Kind: desk.Kind(content.Type), Content: desk.Content{Raw: said(string(composed))}, Media: said(mediaOf(&content))}
	if got, again := sendOf(t, wire, about), withoutDefaults(plainly(t, want)); !reflect.DeepEqual(got, again) {
		t.Errorf("from the wire\ngot  %v\nwant %v", got, again)
	}
	if !reduce(&content) {
		return false
	}
	made, err := fromDesk(content)
	if err != nil {
		t.Fatalf("the desk cannot say it: %v: %s", err, raw)
	}
	less := plainly(t, content)
	if want["context"] != nil {
		less["context"] = want["context"]
	}
	if got, again := sendOf(t, made, about), withoutDefaults(less); !reflect.DeepEqual(got, again) {
		t.Errorf("from the desk\ngot  %v\nwant %v", got, again)
	}
	return true
}

// reduce leaves of a Content what the desk has nouns for: no data for a form, no part of a card beside its words, no template's values beside texts. False if nothing useful is left.
func reduce(c *whatsapp.Content) bool {
	switch {
	case c.Interactive != nil:
		if p := c.Interactive.Action.Parameters; p != nil {
			p.FlowToken, p.Mode = "", ""
			delete(p.Payload, "data")
			if p.FlowName != "" {
				return false
			}
		}
	case c.Template != nil:
		for i, part := range c.Template.Components {
			for j := range part.Parameters {
				p := &c.Template.Components[i].Parameters[j]
				if part.SubType == "quick_reply" && p.Type == "text" {
					*p = whatsapp.Parameter{Type: "payload", Payload: p.Text}
				}
				switch p.Type {
				case "text", "payload", "location", "image", "video", "document":
				case "currency":
					*p = whatsapp.Parameter{Type: "text", Name: p.Name, Text: p.Currency.Fallback}
				case "date_time":
					*p = whatsapp.Parameter{Type: "text", Name: p.Name, Text: p.DateTime.Fallback}
				default:
					return false
				}
			}
		}
	case c.Contacts != nil:
		for i := range c.Contacts {
			reduceCard(&c.Contacts[i])
		}
	}
	if f := c.File(); f != nil && f.ID == "" { // none of ours lies where anybody can fetch it
		if !desk.Kind(c.Type).HasHeader() {
			return false
		}
		f.ID, f.Link = "1013859600285441", ""
	}
	return true
}

func reduceCard(c *whatsapp.SharedContact) {
	c.Name = whatsapp.SharedName{Formatted: c.Name.Formatted, First: c.Name.Formatted}
	if c.Org != nil {
		c.Org = &whatsapp.SharedOrg{Company: c.Org.Company}
	}
	for i, p := range c.Phones {
		c.Phones[i] = whatsapp.SharedPhone{Phone: p.Phone}
	}
	for i, e := range c.Emails {
		c.Emails[i] = whatsapp.SharedEmail{Email: e.Email}
	}
	for i, u := range c.URLs {
		c.URLs[i] = whatsapp.SharedURL{URL: u.URL}
	}
	for i, a := range c.Addresses {
		c.Addresses[i] = whatsapp.SharedAddress{Street: a.Street}
	}
}

// fromDesk says the same in values of the desk, composed as an Agent's are.
func fromDesk(c whatsapp.Content) (desk.Outgoing, error) {
	shown := composedOf(composed{Send: c})
	made := desk.Composition{Location: shown.Location, Cards: shown.Cards, Offer: shown.Offer, Template: shown.Template}
	text := ""
	switch {
	case c.Text != nil:
		text, made.Preview = c.Text.Body, c.Text.PreviewURL
	case c.Reaction != nil:
		made.Emoji = said(c.Reaction.Emoji)
	case c.Interactive != nil:
		if c.Interactive.Body != nil {
			text = c.Interactive.Body.Text
		}
		for _, b := range c.Interactive.Action.Buttons {
			made.Offer.Buttons = append(made.Offer.Buttons, desk.Button{ID: b.Reply.ID, Title: said(b.Reply.Title)})
		}
	}
	kind := desk.Kind(c.Type)
	if kind.HasHeader() {
		made.File = aboveOf(c)
	}
	if kind.HasFile() {
		f := *fileIn(&c, kind)
		text, made.File = f.Caption, &desk.SentFile{Name: said(f.Filename), Voice: f.Voice, Type: "application/pdf"}
	}
	content, err := (*WhatsApp)(nil).Compose(kind, said(text), made)
	return desk.Outgoing{Kind: kind, Content: content, Media: said(mediaOf(&c))}, err
}

// aboveOf says the same of a header that is a file; nil if there is none.
func aboveOf(c whatsapp.Content) *desk.SentFile {
	var parts []whatsapp.Parameter
	if c.Template != nil {
		for _, p := range c.Template.Components {
			parts = append(parts, p.Parameters...)
		}
	} else if h := c.Interactive.Header; h != nil {
		parts = []whatsapp.Parameter{{Image: h.Image, Video: h.Video, Document: h.Document}}
	}
	for _, p := range parts {
		switch {
		case p.Image != nil:
			return &desk.SentFile{Kind: desk.KindImage, Type: "image/jpeg"}
		case p.Video != nil:
			return &desk.SentFile{Kind: desk.KindVideo, Type: "video/mp4"}
		case p.Document != nil:
			return &desk.SentFile{Kind: desk.KindDocument, Name: said(p.Document.Filename), Type: "application/pdf"}
		}
	}
	return nil
}

// mediaOf is by what name the Provider has the file of an example; empty if it has none.
func mediaOf(c *whatsapp.Content) string {
	if f := c.File(); f != nil {
		return f.ID
	}
	return ""
}

// sendOf sends a Message with a Permit, and gives the body that reached the Provider without
// whom it went to, our reference, and what says the same as its absence.
func sendOf(t *testing.T, m desk.Outgoing, about string) map[string]any {
	t.Helper()
	p := newProvider(t, says(http.StatusOK, accepted))
	to := outgoing(p.URL)
	to.Kind, to.Content, to.About, to.Media = m.Kind, m.Content, said(about), m.Media
	if _, err := sender(p.Client()).Send(t.Context(), to, permit(t, to, noon.Add(time.Minute))); err != nil {
		t.Errorf("%v", err)
		return nil
	}
	for _, key := range []string{"messaging_product", "recipient_type", "to", "biz_opaque_callback_data"} {
		if p.body[key] == nil {
			t.Errorf("%s is missing", key)
		}
		delete(p.body, key)
	}
	return withoutDefaults(p.body)
}

// sameTemplate writes a template as we do where Meta's examples have several ways to say the same:
// an index may be a number, a sub_type may be upper case, the only policy of a language may be
// named, and of a date the fallback alone is shown.
func sameTemplate(message map[string]any) {
	template, ok := message["template"].(map[string]any)
	if !ok {
		return
	}
	language := template["language"].(map[string]any)
	delete(language, "policy")
	if language["code"] == "language-and-locale-code" { // a place to fill in
		language["code"] = "de"
	}
	components, _ := template["components"].([]any)
	for _, one := range components {
		c := one.(map[string]any)
		if c["index"] != nil {
			c["index"] = fmt.Sprint(c["index"])
		}
		if kind, ok := c["sub_type"].(string); ok {
			c["sub_type"] = strings.ToLower(kind)
		}
		parameters, _ := c["parameters"].([]any)
		for _, one := range parameters {
			p := one.(map[string]any)
			if date, ok := p["date_time"].(map[string]any); ok {
				p["date_time"] = map[string]any{"fallback_value": date["fallback_value"]}
			}
			if p["text"] != nil {
				p["text"] = fmt.Sprint(p["text"]) // a YAML that forgot its quotes
			}
		}
	}
}

// plainly gives a value as encoding/json reads it.
func plainly(t *testing.T, v any) (out map[string]any) {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// withoutDefaults leaves out what says the same as its absence.
func withoutDefaults(m map[string]any) map[string]any {
	for key, value := range m {
		switch v := value.(type) {
		case map[string]any:
			withoutDefaults(v)
		case []any:
			for _, one := range v {
				if inner, ok := one.(map[string]any); ok {
					withoutDefaults(inner)
				}
			}
		}
		if value == false || value == "" {
			delete(m, key)
		}
	}
	return m
}

// sendExamples finds each example that is the body of a send.
func sendExamples(t *testing.T, description string) map[string]map[string]any {
	t.Helper()
	return examples(t, description, func(example map[string]any) bool {
		return example["messaging_product"] == "whatsapp" && example["to"] != nil
	})
}
