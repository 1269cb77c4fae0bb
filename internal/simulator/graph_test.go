package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestSendIsAccepted(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	status, answer := w.post(textToAnna)
	var out struct {
		Product  string              `json:"messaging_product"`
		Contacts []map[string]string `json:"contacts"`
		Messages []map[string]string `json:"messages"`
	}
	if err := json.Unmarshal(answer, &out); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s", status, answer)
	}
	if out.Product != "whatsapp" || len(out.Contacts) != 1 || out.Contacts[0]["input"] != "+49 1570 0000001" || out.Contacts[0]["wa_id"] != "4915700000001" {
		t.Errorf("contacts: %s", answer)
	}
	id := out.Messages[0]["id"]
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(id, "wamid."))
	if err != nil || !strings.HasPrefix(id, "wamid.HBg") || !strings.Contains(string(raw), "4915700000001") {
		t.Errorf("wamid %q does not look like Meta's", id)
	}
	sent, total := w.Outbox()
	if total != 1 || sent[0].ID != id || sent[0].CallbackData != "m-1" || !sent[0].Answered || sent[0].Customer != "anna" {
		t.Errorf("outbox: %+v", sent)
	}
}

// to puts a body's own part beside the address.
func to(rest string) string {
	return `{"messaging_product":"whatsapp","to":"+4915700000001",` + rest + `}`
}

func interactive(rest string) string { return to(`"type":"interactive","interactive":{` + rest + `}`) }

func TestSendValidation(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.Numbers[0].Templates = []Template{{Name: "reminder", Language: "de", Category: "utility", Parameters: 1}}
	})
	w.say("Hallo")
	long := func(n int) string { return strings.Repeat("ä", n) }
	cases := map[string]struct {
		body string
		code int
	}{
		"no JSON":                {`{"messaging_product":`, 100},
		"an array":               {`[]`, 100},
		"no product":             {`{"to":"+4915700000001","type":"text","text":{"body":"x"}}`, 100},
		"another product":        {`{"messaging_product":"messenger","to":"+4915700000001","text":{"body":"x"}}`, 100},
		"misspelled key":         {to(`"txt":{"body":"x"}`), 100},
		"no recipient":           {`{"messaging_product":"whatsapp","type":"text","text":{"body":"x"}}`, 100},
		"no phone":               {`{"messaging_product":"whatsapp","to":"Anna","type":"text","text":{"body":"x"}}`, 131009},
		"a group":                {to(`"recipient_type":"group","type":"text","text":{"body":"x"}`), 131009},
		"unknown type":           {to(`"type":"poll","text":{"body":"x"}`), 131051},
		"no object of the type":  {to(`"type":"text"`), 131008},
		"object of another type": {to(`"type":"text","text":{"body":"x"},"image":{"link":"https://example.org/a.jpg"}`), 100},
		"no body":                {to(`"type":"text","text":{}`), 131008},
		"empty body":             {to(`"type":"text","text":{"body":" "}`), 131008},
		"body is null":           {to(`"type":"text","text":{"body":null}`), 100},
		"body too long":          {to(`"type":"text","text":{"body":"` + long(4097) + `"}`), 100},
		"preview_url no boolean": {to(`"type":"text","text":{"body":"x","preview_url":"yes"}`), 100},
		"callback data too long": {to(`"type":"text","text":{"body":"x"},"biz_opaque_callback_data":"` + long(513) + `"`), 100},
		"context without id":     {to(`"type":"text","text":{"body":"x"},"context":{}`), 131008},
		"context is no wamid":    {to(`"type":"text","text":{"body":"x"},"context":{"message_id":"17"}`), 131009},
		"recipient = sender":     {`{"messaging_product":"whatsapp","to":"+49300000001","type":"text","text":{"body":"x"}}`, 131021},
		"not on WhatsApp":        {`{"messaging_product":"whatsapp","to":"+4915709999999","type":"text","text":{"body":"x"}}`, 131026},
		"no plus sign":           {`{"messaging_product":"whatsapp","to":"4915700000001","type":"text","text":{"body":"x"}}`, 131026},
		"id and link":            {to(`"type":"image","image":{"id":"1","link":"https://example.org/a.jpg"}`), 100},
		"neither id nor link":    {to(`"type":"image","image":{"caption":"x"}`), 100},
		"unknown media id":       {to(`"type":"image","image":{"id":"1"}`), 131009},
		"link is no address":     {to(`"type":"image","image":{"link":"file:///a.jpg"}`), 100},
		"caption too long":       {to(`"type":"image","image":{"link":"https://example.org/a.jpg","caption":"` + long(1025) + `"}`), 100},
		"audio with a caption":   {to(`"type":"audio","audio":{"link":"https://example.org/a.ogg","caption":"x"}`), 100},
		"latitude missing":       {to(`"type":"location","location":{"longitude":6}`), 131008},
		"latitude beyond 90":     {to(`"type":"location","location":{"latitude":91,"longitude":6}`), 131009},
		"latitude is NaN":        {to(`"type":"location","location":{"latitude":"NaN","longitude":6}`), 131009},
		"no cards":               {to(`"type":"contacts","contacts":[]`), 131009},
		"card without name part": {to(`"type":"contacts","contacts":[{"name":{"formatted_name":"E"}}]`), 131008},
		"reaction to nothing":    {to(`"type":"reaction","reaction":{"message_id":"wamid.X","emoji":"👍"}`), 131009},
		"reaction with context":  {to(`"type":"reaction","reaction":{"message_id":"wamid.X","emoji":"👍"},"context":{"message_id":"wamid.X"}`), 100},
		"unknown interactive":    {interactive(`"type":"quiz","body":{"text":"x"},"action":{}`), 131009},
		"four buttons":           {interactive(`"type":"button","body":{"text":"x"},"action":{"buttons":[1,2,3,4]}`), 131009},
		"button title too long":  {interactive(`"type":"button","body":{"text":"x"},"action":{"buttons":[{"type":"reply","reply":{"id":"a","title":"` + long(21) + `"}}]}`), 100},
		"same button twice":      {interactive(`"type":"button","body":{"text":"x"},"action":{"buttons":[{"type":"reply","reply":{"id":"a","title":"A"}},{"type":"reply","reply":{"id":"a","title":"B"}}]}`), 131009},
		"list header is media":   {interactive(`"type":"list","header":{"type":"image","image":{}},"body":{"text":"x"},"action":{}`), 131009},
		"template unknown":       {to(`"type":"template","template":{"name":"other","language":{"code":"de"}}`), 132001},
		"template with hyphen":   {to(`"type":"template","template":{"name":"reminder","language":{"code":"de-DE"}}`), 132001},
		"template parameters":    {to(`"type":"template","template":{"name":"reminder","language":{"code":"de"}}`), 132000},
		"read of nothing":        {`{"messaging_product":"whatsapp","status":"read","message_id":"wamid.X"}`, 131009},
		"status is not read":     {`{"messaging_product":"whatsapp","status":"delivered","message_id":"wamid.X"}`, 131009},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			status, answer := w.post(c.body)
			got := refusal(t, answer).Error
			want := http.StatusBadRequest
			if c.code == 132001 {
				want = http.StatusNotFound
			}
			if status != want || got.Code != c.code || got.Type != "OAuthException" || got.Data == nil || got.Data.Details == "" || got.Data.Product != "whatsapp" {
				t.Errorf("got %d, want %d code %d: %s", status, want, c.code, answer)
			}
			if !strings.HasPrefix(got.Message, "(#") || got.Trace == "" {
				t.Errorf("message or trace id: %s", answer)
			}
		})
	}
	if _, total := w.Outbox(); total != 0 {
		t.Errorf("%d of the refused messages were accepted", total)
	}
}

func TestEveryKindIsAccepted(t *testing.T) {
	w := newWorld(t, nil)
	w.change(func(s *Settings) { s.IgnorePairRate = true })
	in := w.say("Hallo")
	reply := `{"type":"reply","reply":{"id":"a","title":"A"}}`
	bodies := []string{
		to(`"text":{"body":"ohne type"}`),
		to(`"recipient_type":"individual","type":"text","text":{"body":"x","preview_url":true},"context":{"message_id":"` + in.ID + `"}`),
		to(`"type":"text","text":{"body":"` + strings.Repeat("ä", 4096) + `"}`),
		to(`"type":"image","image":{"link":"https://example.org/a.jpg","caption":"x"}`),
		to(`"type":"audio","audio":{"link":"https://example.org/a.ogg","voice":true}`),
		to(`"type":"document","document":{"link":"https://example.org/a.pdf","filename":"a.pdf"}`),
		to(`"type":"location","location":{"latitude":"50.9","longitude":6.9,"name":"Köln"}`),
		to(`"type":"contacts","contacts":[{"name":{"formatted_name":"Erika Muster","first_name":"Erika"}}]`),
		to(`"type":"reaction","reaction":{"message_id":"` + in.ID + `","emoji":"👍"}`),
		interactive(`"type":"button","body":{"text":"x"},"action":{"buttons":[` + reply + `]}`),
		interactive(`"type":"list","body":{"text":"x"},"action":{"button":"Mehr","sections":[{"rows":[{"id":"1","title":"Eins"}]}]}`),
		interactive(`"type":"cta_url","body":{"text":"x"},"action":{"name":"cta_url","parameters":{"display_text":"Zur Seite","url":"https://example.org"}}`),
		interactive(`"type":"location_request_message","body":{"text":"x"},"action":{"name":"send_location"}`),
		to(`"type":"template","template":{"name":"reminder","language":{"code":"de"},"components":[{"type":"body","parameters":[{"type":"text","text":"morgen"}]}]}`),
	}
	for _, body := range bodies {
		w.sent(body)
	}
	if sent, total := w.Outbox(); total != len(bodies) || sent[len(sent)-1].Text != "[reminder] morgen" {
		t.Errorf("%d accepted, last %+v", total, sent[len(sent)-1])
	}
}

func TestReadReceiptsAndTyping(t *testing.T) {
	w := newWorld(t, nil)
	w.say("eins")
	second := w.say("zwei")
	third := w.say("drei")
	status, answer := w.post(`{"messaging_product":"whatsapp","status":"read","message_id":"` + second.ID + `","typing_indicator":{"type":"text"}}`)
	if status != http.StatusOK || string(answer) != `{"success":true}` {
		t.Fatalf("%d %s", status, answer)
	}
	list, err := w.Messages("anna", "")
	if err != nil {
		t.Fatal(err)
	}
	read := slices.DeleteFunc(list, func(m MessageView) bool { return m.Status != "read" })
	if len(read) != 2 || slices.ContainsFunc(read, func(m MessageView) bool { return m.ID == third.ID }) {
		t.Errorf("read: %+v", read)
	}
}

func TestGraphRouting(t *testing.T) {
	w := newWorld(t, nil)
	cases := map[string]struct {
		method, path, token string
		status, code        int
		kind, message       string
	}{
		"no token":       {"POST", "/v25.0/" + testNumber + "/messages", "-", 401, 190, "OAuthException", "Invalid OAuth access token"},
		"wrong token":    {"POST", "/v25.0/" + testNumber + "/messages", "Bearer wrong", 401, 190, "OAuthException", "Invalid OAuth access token"},
		"old version":    {"POST", "/v19.0/" + testNumber + "/messages", "", 400, 2635, "OAuthException", "(#2635) You are calling a deprecated version of the API"},
		"no version":     {"POST", "/v25/" + testNumber + "/messages", "", 400, 100, "OAuthException", "(#100) Invalid parameter"},
		"unknown number": {"POST", "/v25.0/123/messages", "", 400, 100, "GraphMethodException", "Unsupported post request. Object with ID '123' does not exist, cannot be loaded due to missing permissions, or does not support this operation."},
		"unknown edge":   {"POST", "/v25.0/" + testNumber + "/message", "", 400, 2500, "GraphMethodException", "(#2500) Unknown path components"},
		"wrong method":   {"GET", "/v25.0/" + testNumber + "/messages", "", 400, 2500, "GraphMethodException", "(#2500) Unknown path components"},
		"unknown field":  {"GET", "/v25.0/" + testNumber + "?fields=colour", "", 400, 100, "OAuthException", "(#100) Invalid parameter"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			token := "Bearer " + testToken
			if c.token != "" {
				token = strings.TrimPrefix(c.token, "-")
			}
			status, answer, header := w.request(c.method, c.path, textToAnna, "Authorization", token)
			got := refusal(t, answer).Error
			if status != c.status || got.Code != c.code || got.Type != c.kind || got.Message != c.message {
				t.Errorf("%d %s", status, answer)
			}
			if status == 401 && !strings.Contains(header.Get("WWW-Authenticate"), "invalid_token") {
				t.Error("401 without WWW-Authenticate")
			}
		})
	}
	if status, answer, _ := w.request("POST", "/v25.0/"+testNumber+"/messages", textToAnna, "Content-Type", "text/plain"); status != 400 {
		t.Errorf("text/plain: %d %s", status, answer)
	}
	status, answer, _ := w.request("GET", "/v25.0/"+testNumber+"?fields=verified_name,throughput,is_on_biz_app", "")
	if status != 200 || string(answer) != `{"id":"`+testNumber+`","is_on_biz_app":false,"throughput":{"level":"STANDARD"},"verified_name":"Muster Versicherung AG"}` {
		t.Errorf("%d %s", status, answer)
	}
}

// TestErrorStatuses holds the HTTP status of each code to Meta's list.
func TestErrorStatuses(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	statuses := map[int]int{
		1: 400, 2: 503, 3: 500, 4: 400, 10: 403, 100: 400, 190: 401, 200: 403, 368: 403, 80007: 400, 130429: 400, 130472: 400, 130497: 403,
		131000: 500, 131005: 403, 131008: 400, 131009: 400, 131016: 500, 131021: 400, 131026: 400, 131031: 403, 131042: 400, 131047: 400,
		131048: 400, 131049: 400, 131050: 400, 131051: 400, 131056: 400, 131057: 500, 132001: 404, 133004: 503, 133010: 400, 999999: 400,
	}
	shape := regexp.MustCompile(`^\{"error":\{"code":\d+,.*"fbtrace_id":"A[\w-]+",.*"message":".+","type":"OAuthException"\}\}$`)
	for code, want := range statuses {
		w.fault(Fault{Kind: FailError, Code: code})
		status, answer, header := w.request("POST", "/v25.0/"+testNumber+"/messages", textToAnna)
		got := refusal(t, answer).Error
		if status != want || got.Code != code || got.Transient != (want >= 500) || (code != 190 && !shape.Match(answer)) {
			t.Errorf("code %d: got %d, want %d: %s", code, status, want, answer)
		}
		if told := header.Get("x-business-use-case-usage") != ""; told != (code == 4 || code == 80007) {
			t.Errorf("code %d: usage header %v", code, told)
		}
	}
}
