package channel

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/whatsapp"
)

var noon = time.Date(2026, 11, 18, 12, 4, 56, 0, time.UTC)

// body puts a value of the field "messages" into a body.
func body(value string) []byte {
	return []byte(`{"object":"whatsapp_business_account","entry":[{"id":"22001","changes":[{"field":"messages","value":` + value + `}]}]}`)
}

// decode gives the Arrivals of a body, and what was counted as unknown.
func decode(t *testing.T, body []byte) ([]desk.Arrival, map[string]int) {
	t.Helper()
	unknown := map[string]int{}
	w := NewWhatsApp(http.DefaultClient, time.Now, func(name string, n int) { unknown[name] += n })
	arrivals, err := w.Decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return arrivals, unknown
}

// message gives the one Arrival of a body with one message, from a number if the
// message names no sender.
func message(t *testing.T, rest string) desk.Arrival {
	t.Helper()
	if !strings.Contains(rest, `"from`) {
		rest = `"from":"491713920001",` + rest
	}
	arrivals, _ := decode(t, body(`{"metadata":{"phone_number_id":"33002"},"messages":[{"id":"wamid.1","timestamp":"1795003496",`+rest+`}]}`))
	if len(arrivals) != 1 {
		t.Fatalf("got %d arrivals", len(arrivals))
	}
	return arrivals[0]
}

func TestDecodeMessage(t *testing.T) {
	arrivals, unknown := decode(t, body(`{"metadata":{"phone_number_id":"33002"},
		"contacts":[{"profile":{"name":"Erika Muster","username":"erika"},"wa_id":"491713920001","user_id":"DE.13491"}],
		"messages":[{"id":"wamid.1","from":"491713920001","timestamp":"1795003496","type":"text","text":{"body":"Guten Tag"},"sparkle":1}]}`))
	if len(arrivals) != 1 || unknown["messages.sparkle"] != 1 {
		t.Fatalf("got %d arrivals, unknown %v", len(arrivals), unknown)
	}
	a := arrivals[0]
	if a.Path != "entry[0].changes[0].messages[0]" || a.WABA != "22001" || a.PhoneNumberID != "33002" || a.Undecodable || a.Status != nil {
		t.Errorf("got %+v", a)
	}
	m := a.Message
	if m.Wamid.Reveal() != "wamid.1" || m.Kind != desk.KindText || !m.At.Equal(noon) || m.Content.Text.Reveal() != "Guten Tag" {
		t.Errorf("got %v %s at %v", m.Wamid.Reveal(), m.Kind, m.At)
	}
	if m.Profile.Name.Reveal() != "Erika Muster" || m.Profile.Username.Reveal() != "erika" || m.Profile.Masked.Reveal() != "+49 ••• 01" {
		t.Errorf("got profile %q, %q, %q", m.Profile.Name.Reveal(), m.Profile.Username.Reveal(), m.Profile.Masked.Reveal())
	}
	if !m.Content.Raw.IsEmpty() {
		t.Error("a plain text is kept twice")
	}
}

func TestDecodeRefusesNoJSON(t *testing.T) {
	w := NewWhatsApp(http.DefaultClient, time.Now, func(string, int) {})
	if a, err := w.Decode([]byte(`[]`)); err == nil || a != nil {
		t.Errorf("got %v, %v", a, err)
	}
}

func TestDecodeSender(t *testing.T) {
	for name, tc := range map[string]struct{ from, want, masked string }{
		"phone":              {`"from":"491713920001"`, "phone=+491713920001", "+49 ••• 01"},
		"phone with plus":    {`"from":"+491713920001"`, "phone=+491713920001", "+49 ••• 01"},
		"phone as number":    {`"from":491713920001`, "phone=+491713920001", "+49 ••• 01"},
		"user id":            {`"from_user_id":"DE.13491"`, "bsuid=DE.13491", "••• 3491"},
		"both":               {`"from_user_id":"DE.13491","from":"491713920001"`, "phone=+491713920001 bsuid=DE.13491", "+49 ••• 01"},
		"all three":          {`"from":"491713920001","from_user_id":"DE.13491","from_parent_user_id":"DE.ENT.118"`, "phone=+491713920001 bsuid=DE.13491 parentbsuid=DE.ENT.118", "+49 ••• 01"},
		"parent alone":       {`"from_parent_user_id":"DE.ENT.118"`, "parentbsuid=DE.ENT.118", "••• .118"},
		"user id for phone":  {`"from":"DE.13491"`, "bsuid=DE.13491", "••• 3491"},
		"nobody":             {`"from":""`, "", ""},
		"nobody of any kind": {`"from":null`, "", ""},
	} {
		a := message(t, tc.from+`,"type":"text","text":{"body":"x"}`)
		if tc.want == "" {
			if !a.Undecodable || a.Message != nil {
				t.Errorf("%s: got %+v", name, a)
			}
			continue
		}
		var got []string
		for _, alias := range a.Message.From {
			got = append(got, string(alias.Kind)+"="+alias.Value.Reveal())
		}
		if list := strings.Join(got, " "); list != tc.want || a.Message.Profile.Masked.Reveal() != tc.masked {
			t.Errorf("%s: got %s, masked %s", name, list, a.Message.Profile.Masked.Reveal())
		}
	}
}

// What the entry of contacts knows joins what the message itself tells.
func TestDecodeJoinsContact(t *testing.T) {
	arrivals, _ := decode(t, body(`{"contacts":[{"wa_id":"491713920001","user_id":"DE.13491"}],
		"messages":[{"id":"a","from_user_id":"DE.13491","type":"text","text":{"body":"x"}}]}`))
	if from := arrivals[0].Message.From; len(from) != 2 || from[0].Kind != desk.IdentityPhone || from[1].Kind != desk.IdentityBSUID {
		t.Errorf("got %d identities", len(from))
	}
}

func TestMask(t *testing.T) {
	for value, want := range map[string]string{"+491713920001": "+49 ••• 01", "+4917": "••• 17", "ÄÖÜÄÖÜß": "••• ÖÜß", "DE.1349123456": "••• 3456", "": "••• "} {
		kind := desk.IdentityBSUID
		if strings.HasPrefix(value, "+") {
			kind = desk.IdentityPhone
		}
		if got := (desk.Alias{Kind: kind, Value: private.NewText(value)}).Masked().Reveal(); got != want {
			t.Errorf("%s: got %s, want %s", value, got, want)
		}
	}
}

func TestDecodeTimestamp(t *testing.T) {
	for text, want := range map[string]time.Time{
		`"1795003496"`: noon, `1795003496`: noon, `"1795003496000"`: noon, `1795003496.25`: noon, `"1795003496000000"`: {}, `"0"`: {}, `"-1"`: {}, `"soon"`: {}, `null`: {}, `{}`: {}, `1e99`: {},
	} {
		arrivals, _ := decode(t, body(`{"messages":[{"id":"a","from":"49171","timestamp":`+text+`,"type":"text","text":{"body":"x"}}],
			"statuses":[{"id":"b","status":"sent","timestamp":`+text+`}]}`))
		if len(arrivals) != 2 || arrivals[0].Message == nil || arrivals[1].Status == nil {
			t.Fatalf("%s: got %+v", text, arrivals)
		}
		if got := arrivals[0].Message.At; !got.Equal(want) {
			t.Errorf("%s: message at %v", text, got)
		}
		if got := arrivals[1].Status.At; !got.Equal(want) {
			t.Errorf("%s: status at %v", text, got)
		}
	}
}

func TestDecodeKinds(t *testing.T) {
	for name, tc := range map[string]struct {
		kind desk.Kind
		rest string
		text string
	}{
		"text":           {desk.KindText, `"type":"text","text":{"body":"a\u0000b"}`, "a\uFFFDb"},
		"image":          {desk.KindImage, `"type":"image","image":{"id":"1","caption":"Der Schaden"}`, "Der Schaden"},
		"video":          {desk.KindVideo, `"type":"video","video":{"id":"1"}`, ""},
		"audio":          {desk.KindAudio, `"type":"audio","audio":{"id":"1","voice":true}`, ""},
		"document":       {desk.KindDocument, `"type":"document","document":{"id":"1","filename":"a.pdf","caption":"Police"}`, "Police"},
		"sticker":        {desk.KindSticker, `"type":"sticker","sticker":{"id":"1"}`, ""},
		"location":       {desk.KindLocation, `"type":"location","location":{"latitude":50.9,"longitude":6.9,"name":"Dom","address":"K\u00f6ln"}`, "Dom Köln"},
		"location bare":  {desk.KindLocation, `"type":"location","location":{"latitude":50.9,"longitude":6.9}`, ""},
		"contacts":       {desk.KindContacts, `"type":"contacts","contacts":[{"name":{"formatted_name":"B"}}]`, ""},
		"reaction":       {desk.KindReaction, `"type":"reaction","reaction":{"message_id":"b","emoji":"👍"}`, "👍"},
		"reaction gone":  {desk.KindReaction, `"type":"reaction","reaction":{"message_id":"b"}`, ""},
		"button reply":   {desk.KindInteractive, `"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"1","title":"Ja"}}`, "Ja"},
		"list reply":     {desk.KindInteractive, `"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"1","title":"Kfz"}}`, "Kfz"},
		"other reply":    {desk.KindInteractive, `"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"body":"Sent"}}`, ""},
		"template tap":   {desk.KindButton, `"type":"button","button":{"payload":"p","text":"Abmelden"}`, "Abmelden"},
		"order":          {desk.KindOrder, `"type":"order","order":{"text":"bitte"}`, "bitte"},
		"system":         {desk.KindSystem, `"type":"system","system":{"type":"user_changed_number","wa_id":"49172","body":"x"}`, ""},
		"edit":           {desk.KindEdit, `"type":"edit","edit":{"original_message_id":"b","message":{"type":"text","text":{"body":"neu"}}}`, "neu"},
		"edited caption": {desk.KindEdit, `"type":"edit","edit":{"original_message_id":"b","message":{"type":"image","image":{"caption":"neu"}}}`, "neu"},
		"revoke":         {desk.KindRevoke, `"type":"revoke","revoke":{"original_message_id":"b"}`, ""},
		"unsupported":    {desk.KindUnsupported, `"type":"unsupported","errors":[{"code":131051}],"unsupported":{"type":"poll"}`, ""},
		"legacy unknown": {desk.KindUnsupported, `"type":"unknown","errors":[{"code":501}]`, ""},
		"not yet known":  {desk.KindUnsupported, `"type":"hologram","hologram":{}`, ""},
		// what cannot be shown has a place in the thread, and what was written with it
		"unsupported file": {desk.KindUnsupported, `"type":"hologram","image":{"id":"1","caption":"Der Schaden"}`, "Der Schaden"},
	} {
		a := message(t, tc.rest)
		if a.Message == nil || a.Undecodable {
			t.Errorf("%s: got %+v", name, a)
			continue
		}
		if got := a.Message; got.Kind != tc.kind || got.Content.Text.Reveal() != tc.text {
			t.Errorf("%s: got %s %q", name, got.Kind, got.Content.Text.Reveal())
		}
		if raw := a.Message.Content.Raw.Reveal(); (raw == "") != (name == "text") || raw != "" && !json.Valid([]byte(raw)) {
			t.Errorf("%s: kept %q", name, raw)
		}
	}
	a := message(t, `"type":"text","text":{"body":"x"},"context":{"id":"b"}`)
	if !strings.Contains(a.Message.Content.Raw.Reveal(), `"context"`) {
		t.Error("what a text answers is lost")
	}
}

// What was tapped is told by its id as well as by its label, and nothing else has one.
func TestDecodeButtons(t *testing.T) {
	for rest, want := range map[string]string{
		`"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"yes:7","title":"Ja"}}`:        "yes:7",
		`"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":12,"title":"Ja"}}`:             "12",
		`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"row","title":"Kfz"}}`:             "row",
		`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"body":"Sent"}}`:                          "",
		`"type":"button","button":{"payload":"withdraw","text":"Keine Werbung mehr"}`:                                  "withdraw",
		`"type":"button","button":{"text":"Ja"}`:                                                                       "",
		`"type":"text","text":{"body":"withdraw"}`:                                                                     "",
		`"type":"text","text":{"body":"x"},"button":{"payload":"withdraw"}`:                                            "",
		`"type":"text","text":{"body":"x"},"interactive":{"type":"button_reply","button_reply":{"id":"withdraw"}}`:     "",
		`"type":"edit","edit":{"original_message_id":"b","message":{"type":"button","button":{"payload":"withdraw"}}}`: "",
	} {
		if got := message(t, rest).Message.Button.Reveal(); got != want {
			t.Errorf("%s: got %q", rest, got)
		}
	}
}

// One broken item leaves the others alone and is named by its place.
func TestDecodeSetsAsideByPath(t *testing.T) {
	arrivals, _ := decode(t, []byte(`{"entry":[7,{"id":"1","changes":[{"field":"messages","value":{
		"messages":[{"id":"a","from":"49171","type":"text","text":{"body":"x"}},null,{"from":"49171"},{"id":"b","from":"49171","type":"image"}],
		"statuses":[{"status":"sent"},{"id":"c","status":"read"}],"errors":[{"code":130429}]}},
		{"field":"account_update","value":{"event":"x"}},{"field":"messages"}]}]}`))
	const change = "entry[1].changes[0]."
	want := map[string]string{
		"entry[0]": "broken", change + "messages[0]": "message", change + "messages[1]": "broken",
		change + "messages[2]": "broken", change + "messages[3]": "broken", change + "statuses[0]": "broken",
		change + "statuses[1]": "status", change + "errors": "other", "entry[1].changes[1]": "other", "entry[1].changes[2]": "broken",
	}
	if len(arrivals) != len(want) {
		t.Errorf("got %d arrivals, want %d", len(arrivals), len(want))
	}
	for _, a := range arrivals {
		got := "other"
		switch {
		case a.Undecodable && a.Message == nil && a.Status == nil:
			got = "broken"
		case a.Message != nil:
			got = "message"
		case a.Status != nil:
			got = "status"
		}
		if got != want[a.Path] {
			t.Errorf("%s: got %s, want %s", a.Path, got, want[a.Path])
		}
	}
}

// Groups are nobody's conversation: whatever is written there is told of and goes to no Contact.
func TestDecodeGroup(t *testing.T) {
	for _, rest := range []string{`"group_id":"g","type":"text","text":{"body":"x"}`, `"group_id":120363,"type":"reaction","reaction":{"message_id":"b","emoji":"x"}`} {
		a := message(t, rest)
		if a.Message != nil || a.Undecodable || a.Alert == nil || *a.Alert != (desk.ArrivedAlert{Kind: desk.AlertGroup, Code: "MESSAGE", Severity: desk.SeverityWarning}) {
			t.Errorf("got %+v: %+v", a, a.Alert)
		}
	}
	if a := message(t, `"group_id":"","type":"text","text":{"body":"x"}`); a.Message == nil {
		t.Errorf("an empty group takes a message away: %+v", a)
	}
}

func TestDecodeStatus(t *testing.T) {
	ours := desk.NewID[desk.Message]()
	for word, want := range map[whatsapp.StatusWord]desk.Status{
		"sent": desk.StatusSent, "delivered": desk.StatusDelivered, "read": desk.StatusRead, "played": desk.StatusRead,
		"failed": desk.StatusFailed, "deleted": "", "warning": "", "SENT": "", "glitter": "",
	} {
		for callback, reference := range map[string]desk.MessageID{ours.String(): ours, "": {}, "of somebody else": {}} {
			arrivals, _ := decode(t, body(fmt.Sprintf(`{"metadata":{"phone_number_id":"33002"},"statuses":[{"id":"wamid.9","status":%q,"timestamp":"1795003496","recipient_id":"49171","biz_opaque_callback_data":%q}]}`, word, callback)))
			if len(arrivals) != 1 || arrivals[0].Status == nil || arrivals[0].PhoneNumberID != "33002" {
				t.Fatalf("%s: got %+v", word, arrivals)
			}
			s := arrivals[0].Status
			if s.Wamid.Reveal() != "wamid.9" || s.Status != want || s.Reference != reference || !s.At.Equal(noon) {
				t.Errorf("%s: got %+v", word, s)
			}
			if (s.Failure == "unknown") != (word == "failed") {
				t.Errorf("%s: got failure %q", word, s.Failure)
			}
		}
	}
	arrivals, _ := decode(t, body(`{"statuses":[{"id":"a","status":"failed","errors":[{"code":131047,"title":"Erika"},{"code":1}]},{"id":"b","status":"sent","errors":[{"code":2}]}]}`))
	if got := arrivals[0].Status.Failure; got != "131047" {
		t.Errorf("got failure %q", got)
	}
	if got := arrivals[1].Status.Failure; got != "" {
		t.Errorf("a message that was sent failed with %q", got)
	}
}

// What people chose in WhatsApp about advertising is told as such (Meta: Webhooks,
// user_preferences).
func TestDecodePreferences(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("../whatsapp/testdata/webhook/user_preferences.json")
	if err != nil {
		t.Fatal(err)
	}
	got, _ := decode(t, body)
	if len(got) != 2 || got[1].Preference == nil {
		t.Fatalf("got %+v", got)
	}
	p := got[1].Preference
	if !p.Stops || !p.At.Equal(time.Unix(1795030000, 0)) || len(p.From) != 2 || p.From[0].Value.Reveal() != "+491713920080" || got[1].PhoneNumberID != "330022119900776" {
		t.Errorf("got %+v", p)
	}
}

// What the Provider tells beside Messages becomes an Alert with its codes, and is about the
// account that it names.
func TestDecodeAlerts(t *testing.T) {
	arrivals, _ := decode(t, []byte(`{"entry":[{"id":"1","changes":[
		{"field":"account_update","value":{"event":"PARTNER_REMOVED","waba_info":{"waba_id":"2"}}},
		{"field":"security","value":{"event":"PIN_CHANGED","requester":"Canary"}},
		{"field":"calls","value":{"event":"x"}}]}]}`))
	if len(arrivals) != 3 || arrivals[2].Alert != nil {
		t.Fatalf("got %+v", arrivals)
	}
	if a := arrivals[0]; a.WABA != "2" || *a.Alert != (desk.ArrivedAlert{Kind: "account", Code: "PARTNER_REMOVED", Severity: desk.SeverityWarning}) {
		t.Errorf("got %+v: %+v", a, a.Alert)
	}
	if a := arrivals[1]; a.WABA != "1" || *a.Alert != (desk.ArrivedAlert{Kind: "security", Code: "PIN_CHANGED", Severity: desk.SeverityWarning}) {
		t.Errorf("got %+v: %+v", a, a.Alert)
	}
}
