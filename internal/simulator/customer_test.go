package simulator

import (
	"bytes"
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
)

var bsuid = regexp.MustCompile(`^DE\.1[0-9]{10,15}$`)

// TestUsernameHidesThePhone: such a customer has no phone anywhere in a webhook.
func TestUsernameHidesThePhone(t *testing.T) {
	w := newWorld(t, nil)
	cem, err := w.AddCustomer(NewCustomer{ID: "cem", Name: "Cem Muster", Username: "@cem.muster", Phone: "+49 1570 0000003"})
	if err != nil {
		t.Fatal(err)
	}
	user := cem.UserIDs[testWABA]
	if !bsuid.MatchString(user) {
		t.Fatalf("user id %q", user)
	}
	m, err := w.Say("cem", "", "Hallo")
	if err != nil {
		t.Fatal(err)
	}
	w.idle()
	v := w.hook.values(t)[0]
	got := objects(t, v.Messages)[0]
	if _, has := got["from"]; has || got["from_user_id"] != user {
		t.Errorf("%v", got)
	}
	if c := v.Contacts[0]; c.WaID != "" || c.UserID != user || c.Profile.Username != "cem.muster" {
		t.Errorf("%+v", c)
	}
	if _, err := w.Send("cem", "", Inbound{Text: "siehe oben", ReplyTo: m.ID}); err != nil {
		t.Fatal(err)
	}

	status, answer := w.post(`{"messaging_product":"whatsapp","recipient":"` + user + `","type":"text","text":{"body":"Guten Tag"}}`)
	if status != 200 || !strings.Contains(string(answer), `"contacts":[{"input":"`+user+`","user_id":"`+user+`"}]`) {
		t.Errorf("%d %s", status, answer)
	}
	w.idle()
	for _, s := range w.hook.statuses(t) {
		if _, has := s["recipient_id"]; has || s["recipient_user_id"] != user {
			t.Errorf("%v", s)
		}
	}
	for _, h := range w.hook.all() {
		if bytes.Contains(h.body, []byte("15700000003")) || bytes.Contains(h.body, []byte(base64.StdEncoding.EncodeToString([]byte("15700000003"))[:12])) {
			t.Errorf("the phone is in %s", h.body)
		}
	}

	// A send to the phone shows it for 30 days.
	w.sent(`{"messaging_product":"whatsapp","to":"+4915700000003","type":"text","text":{"body":"Guten Tag"}}`)
	last := func() map[string]any {
		if _, err := w.Say("cem", "", "Hallo"); err != nil {
			t.Fatal(err)
		}
		w.idle()
		list := w.hook.messages(t)
		return list[len(list)-1]
	}
	if got := last(); got["from"] != "4915700000003" {
		t.Errorf("%v", got)
	}
	w.Advance(31 * 24 * time.Hour)
	if got := last(); got["from"] != nil {
		t.Errorf("%v", got)
	}
}

func TestUserIDsBelongToOnePortfolio(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.AddNumber(Number{PhoneNumberID: "2", WABA: "20", DisplayPhone: "+49 221 1"}); err != nil {
		t.Fatal(err)
	}
	ids := w.Customers()[0].UserIDs
	if ids["20"] == "" || ids["20"] == ids[testWABA] {
		t.Errorf("%v", ids)
	}
	w.say("Hallo")
	w.wantRefused(`{"messaging_product":"whatsapp","recipient":"`+ids["20"]+`","type":"text","text":{"body":"x"}}`, 400, 131026)
	w.sent(`{"messaging_product":"whatsapp","recipient":"` + ids[testWABA] + `","type":"text","text":{"body":"x"}}`)
	// "to" wins over "recipient".
	w.sent(`{"messaging_product":"whatsapp","to":"+4915700000001","recipient":"` + ids["20"] + `","type":"text","text":{"body":"x"}}`)
}

func TestCustomersAreChecked(t *testing.T) {
	w := newWorld(t, nil)
	for _, bad := range []NewCustomer{{Phone: "+49 1570 0000009"}, {Name: "Ohne Weg"}, {Name: "Kurz", Phone: "+49 1"}, {Name: "Groß", Username: "Groß"}} {
		if _, err := w.AddCustomer(bad); err == nil {
			t.Errorf("taken: %+v", bad)
		}
	}
	if _, err := w.AddCustomer(NewCustomer{Name: "Zweite Anna", Phone: "+49 (1570) 0000001"}); !errors.Is(err, ErrCustomerKnown) {
		t.Errorf("the same phone twice: %v", err)
	}
	if _, err := w.AddCustomer(NewCustomer{Name: "Eva", Username: "eva.m"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddCustomer(NewCustomer{Name: "Eva", Username: "eva.m"}); !errors.Is(err, ErrCustomerKnown) {
		t.Errorf("the same username twice: %v", err)
	}
}

func TestKindsACustomerSends(t *testing.T) {
	w := newWorld(t, nil)
	text := w.say("Hallo")
	kinds := []string{"image", "video", "audio", "document", "sticker", "location", "contacts", "reaction", "button", "unsupported", "system", "revoke", "edit"}
	for _, kind := range kinds {
		if _, err := w.Send("anna", "", Inbound{Kind: kind, Text: "Ä", ReplyTo: text.ID}); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
	}
	if _, err := w.Send("anna", "", Inbound{Kind: "order", Payload: []byte(`{"catalog_id":"1"}`)}); err != nil {
		t.Fatal(err)
	}
	w.idle()
	list := w.hook.messages(t)
	for i, kind := range append([]string{"text"}, append(kinds, "order")...) {
		m := list[i]
		if m["type"] != kind || m[kind] == nil {
			t.Errorf("%s: %v", kind, m)
		}
		if _, has := m["context"]; has != (i > 0 && !pointing[kind] && kind != "order") {
			t.Errorf("%s: context %v", kind, m["context"])
		}
	}
	for name, bad := range map[string]Inbound{
		"unknown":      {Kind: "hologram"},
		"reserved":     {Kind: "timestamp", Payload: []byte(`{}`)},
		"no name":      {Kind: "a\"b", Payload: []byte(`{}`)},
		"bad payload":  {Kind: "order", Payload: []byte(`{`)},
		"to nothing":   {Kind: "reaction", Text: "👍"},
		"empty text":   {},
		"broken UTF-8": {Text: "\xff"},
	} {
		if _, err := w.Send("anna", "", bad); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
