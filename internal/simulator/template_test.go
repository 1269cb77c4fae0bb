package simulator

import (
	"reflect"
	"testing"
	"time"
)

// TestTemplateIsShownWhole: the phone shows header, footer and buttons as approved, with what was sent.
func TestTemplateIsShownWhole(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.Numbers[0].Templates = []Template{{
			Name: "termin", Language: "de", Category: "utility", Parameters: 1, Header: "Termin {{1}}", Body: "Am {{1}}.", Footer: "Muster",
			Buttons: []TemplateButton{{Kind: "quick_reply", Text: "Passt"}, {Kind: "url", Text: "Mehr", Value: "https://muster.example/{{1}}"}, {Kind: "copy_code", Text: "Code"}},
		}, {Name: "anfahrt", Language: "de", Category: "utility", HeaderKind: "location"}, {Name: "police", Language: "de", Category: "utility", HeaderKind: "document"}}
	})
	send := func(name, components string) string {
		return to(`"type":"template","template":{"name":"` + name + `","language":{"code":"de"},"components":[` + components + `]}`)
	}
	button := func(index, kind, parameter string) string {
		return `{"type":"button","sub_type":"` + kind + `","index":"` + index + `","parameters":[` + parameter + `]}`
	}
	w.sent(send("termin", `{"type":"header","parameters":[{"type":"text","text":"in Köln"}]},{"type":"body","parameters":[{"type":"text","text":"Montag"}]},`+
		button("0", "quick_reply", `{"type":"payload","payload":"ok"}`)+`,`+button("1", "url", `{"type":"text","text":"4711"}`)+`,`+
		button("2", "copy_code", `{"type":"coupon_code","coupon_code":"KFZ"}`)))
	w.sent(send("anfahrt", `{"type":"header","parameters":[{"type":"location","location":{"latitude":"50.9","longitude":"6.9","name":"Büro"}}]}`))
	list, err := w.Messages("anna", "")
	if err != nil || len(list) != 2 {
		t.Fatalf("%d messages, %v", len(list), err)
	}
	want := &TemplateView{HeaderKind: "text", Header: "Termin in Köln", Footer: "Muster", Buttons: []TemplateButton{
		{"quick_reply", "Passt", "ok"}, {"url", "Mehr", "https://muster.example/4711"}, {"copy_code", "Code", "KFZ"},
	}}
	got := list[0].Template
	got.given = nil
	if list[0].Text != "Am Montag." || !reflect.DeepEqual(got, want) {
		t.Errorf("%q %+v", list[0].Text, got)
	}
	if got := list[1].Template; got.HeaderKind != "location" || got.Header != "Büro" {
		t.Errorf("%+v", got)
	}
	w.wantRefused(send("anfahrt", ""), 400, 132012)
	w.wantRefused(send("termin", `{"type":"body","parameters":[{"type":"text","text":"Montag"}]}`), 400, 132000)
	w.wantRefused(send("anfahrt", `{"type":"header","parameters":[{"type":"hologram","text":"x"}]}`), 400, 132012)
	w.wantRefused(send("anfahrt", `{"type":"header","parameters":[{"type":"image","image":{}}]}`), 400, 100)
	w.wantRefused(send("anfahrt", button("10", "url", `{"type":"text","text":"x"}`)), 400, 131009)
	w.wantRefused(send("anfahrt", button("0", "copy_code", `{"type":"coupon_code","coupon_code":"ABCDEFGHIJKLMNOP"}`)), 400, 100)
}

// TestTemplateBelowAFile: a header that is a file takes what was uploaded for it, and nothing else.
func TestTemplateBelowAFile(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.Numbers[0].Templates = []Template{
			{Name: "police", Language: "de", Category: "utility", HeaderKind: "document", Body: "Ihre Police."},
			{Name: "bild", Language: "de", Category: "utility", HeaderKind: "image"}, {Name: "nur_text", Language: "de", Category: "utility"},
		}
	})
	send := func(name, parameter string) string {
		return to(`"type":"template","template":{"name":"` + name + `","language":{"code":"de"},"components":[{"type":"header","parameters":[` + parameter + `]}]}`)
	}
	uploaded := func(mime string, data []byte) string {
		status, answer := w.upload(mime, data)
		if status != 200 {
			t.Fatalf("%d %s", status, answer)
		}
		return decode[map[string]string](t, answer)["id"]
	}
	pdf, text := uploaded("application/pdf", []byte("%PDF-1.4")), uploaded("text/plain", []byte("Police"))
	_, data := sampleFile("image")
	picture := uploaded("image/jpeg", data)
	document := func(id string) string {
		return `{"type":"document","document":{"id":"` + id + `","filename":"Police.pdf"}}`
	}
	w.sent(send("police", document(pdf)))
	w.sent(send("bild", `{"type":"image","image":{"id":"`+picture+`"}}`))
	list, err := w.Messages("anna", "")
	if err != nil || len(list) != 2 {
		t.Fatalf("%d messages, %v", len(list), err)
	}
	if got := list[0].Template; got.HeaderKind != "document" || got.Header != "Police.pdf" || got.Media != pdf || list[0].Text != "Ihre Police." {
		t.Errorf("%q %+v", list[0].Text, got)
	}
	w.wantRefused(send("police", document("4711")), 400, 131009)
	w.wantRefused(send("police", document(text)), 400, 132012)
	w.wantRefused(send("police", document(picture)), 400, 132012)
	w.wantRefused(send("police", `{"type":"image","image":{"id":"`+picture+`"}}`), 400, 132012)
	w.wantRefused(send("bild", `{"type":"image","image":{"id":"`+picture+`","filename":"x.jpg"}}`), 400, 100)
	w.wantRefused(send("bild", `{"type":"image","image":{"id":"`+picture+`","caption":"x"}}`), 400, 100)
	w.wantRefused(send("nur_text", document(pdf)), 400, 132000)
}

// TestAFormIsNamedOnce: a Flow by its id or its name, with the button that opens it.
func TestAFormIsNamedOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	flow := func(parameters string) string {
		return to(`"type":"interactive","interactive":{"type":"flow","body":{"text":"x"},"action":{"name":"flow","parameters":{"flow_message_version":"3",` + parameters + `}}}`)
	}
	w.sent(flow(`"flow_id":"77","flow_cta":"Los","flow_action":"navigate","flow_action_payload":{"screen":"START"}`))
	w.sent(flow(`"flow_name":"schaden","flow_cta":"Los"`))
	for name, parameters := range map[string]string{
		"no form": `"flow_cta":"Los"`, "two": `"flow_id":"77","flow_name":"x","flow_cta":"Los"`, "no button": `"flow_id":"77"`,
		"another action": `"flow_id":"77","flow_cta":"Los","flow_action":"jump"`, "no screen": `"flow_id":"77","flow_cta":"Los","flow_action_payload":{}`,
	} {
		if status, body, _ := w.request("POST", "/v25.0/"+testNumber+"/messages", flow(parameters)); status != 400 {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
}

// TestAMessageThatWasLongOnItsWay: it opens the window from when it was written.
func TestAMessageThatWasLongOnItsWay(t *testing.T) {
	w := newWorld(t, nil)
	if _, err := w.Send("anna", "", Inbound{Text: "gestern", Ago: 24*60*60 - 30}); err != nil {
		t.Fatal(err)
	}
	text := to(`"type":"text","text":{"body":"x"}`)
	w.sent(text)
	w.Advance(31 * time.Second)
	w.wantRefused(text, 400, 131047)
	w.say("jetzt")
	if _, err := w.Send("anna", "", Inbound{Text: "noch aelter", Ago: 2 * 24 * 60 * 60}); err != nil {
		t.Fatal(err)
	}
	w.sent(text)
	if _, err := w.Send("anna", "", Inbound{Text: "x", Ago: -1}); err == nil {
		t.Error("a message of tomorrow was taken")
	}
}

// TestWhereAMessageComesFrom: forwarded ones and those from an advertisement say so in the webhook.
func TestWhereAMessageComesFrom(t *testing.T) {
	w := newWorld(t, nil)
	for _, in := range []Inbound{{Text: "a", Forwarded: "once"}, {Text: "b", Forwarded: "often"}, {Text: "c", FromAd: true}, {Kind: "order"}} {
		if _, err := w.Send("anna", "", in); err != nil {
			t.Fatal(err)
		}
	}
	w.idle()
	list := w.hook.messages(t)
	if c, _ := list[0]["context"].(map[string]any); c["forwarded"] != true {
		t.Errorf("once: %v", list[0])
	}
	if c, _ := list[1]["context"].(map[string]any); c["frequently_forwarded"] != true {
		t.Errorf("often: %v", list[1])
	}
	if r, _ := list[2]["referral"].(map[string]any); r["source_type"] != "ad" || r["ctwa_clid"] == "" {
		t.Errorf("from an advertisement: %v", list[2])
	}
	if list[3]["order"] == nil {
		t.Errorf("order: %v", list[3])
	}
	for _, bad := range []Inbound{{Text: "x", Forwarded: "maybe"}, {Text: "x", Forwarded: "once", ReplyTo: "wamid.x"}} {
		if _, err := w.Send("anna", "", bad); err == nil {
			t.Errorf("taken: %+v", bad)
		}
	}
}
