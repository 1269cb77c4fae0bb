package channel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
	"botschaft/internal/private"
)

// provider is a Graph API that answers as told and keeps the last request.
type provider struct {
	*httptest.Server
	asked  atomic.Int32
	path   string
	header http.Header
	body   map[string]any
}

func newProvider(t *testing.T, answer http.HandlerFunc) *provider {
	t.Helper()
	p := &provider{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.asked.Add(1)
		p.path, p.header, p.body = r.URL.Path, r.Header, nil
		if err := json.NewDecoder(r.Body).Decode(&p.body); err != nil {
			t.Error(err)
		}
		answer(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func says(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

const accepted = `{"messaging_product":"whatsapp","contacts":[{"wa_id":"491713920001"}],"messages":[{"id":"wamid.7"}]}`

// permit is one for m that ends at the given time.
func permit(t *testing.T, m desk.Outgoing, until time.Time) policy.Permit {
	t.Helper()
	d := policy.Decide(policy.Facts{Now: until.Add(-policy.Life), WindowUntil: until.Add(time.Hour)},
		policy.Draft{Message: m.Reference, Kind: m.Kind, Origin: desk.OriginAgent, Class: policy.ClassService})
	if d.Permit == nil || !d.Permit.Until().Equal(until) {
		t.Fatalf("got %+v", d)
	}
	return d.Permit
}

func alias(kind desk.IdentityKind, value string) desk.Alias {
	return desk.Alias{Kind: kind, Value: private.NewText(value)}
}

func outgoing(url string, to ...desk.Alias) desk.Outgoing {
	if len(to) == 0 {
		to = []desk.Alias{alias(desk.IdentityPhone, "+491713920001")}
	}
	return desk.Outgoing{
		GraphURL: url, GraphVersion: "v25.0", PhoneNumberID: "33002", Token: private.NewKey([]byte("EAAtoken")),
		To: to, Kind: desk.KindText, Content: desk.Content{Text: private.NewText("Guten Tag <&>")}, Reference: desk.NewID[desk.Message](),
	}
}

func sender(client *http.Client) *WhatsApp {
	return NewWhatsApp(client, func() time.Time { return noon }, func(string, int) {})
}

func TestSend(t *testing.T) {
	phone, user, parent := alias(desk.IdentityPhone, "+491713920001"), alias(desk.IdentityBSUID, "DE.13491"), alias(desk.IdentityParent, "DE.ENT.118")
	for name, tc := range map[string]struct {
		to              []desk.Alias
		phone, receiver any
	}{
		"phone":         {[]desk.Alias{phone}, "+491713920001", nil},
		"user id":       {[]desk.Alias{user}, nil, "DE.13491"},
		"phone first":   {[]desk.Alias{phone, user, parent}, "+491713920001", nil},
		"phone last":    {[]desk.Alias{user, phone}, "+491713920001", nil},
		"without phone": {[]desk.Alias{parent, user}, nil, "DE.13491"},
		"parent alone":  {[]desk.Alias{parent}, nil, "DE.ENT.118"},
		"new phone":     {[]desk.Alias{alias(desk.IdentityPhone, "+491713920002"), phone}, "+491713920001", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t, says(200, accepted))
			m := outgoing(p.URL, tc.to...)
			receipt, err := sender(p.Client()).Send(t.Context(), m, permit(t, m, noon.Add(time.Nanosecond)))
			if err != nil || receipt.Wamid.Reveal() != "wamid.7" {
				t.Fatalf("got %q, %v", receipt.Wamid.Reveal(), err)
			}
			if p.path != "/v25.0/33002/messages" || p.header.Get("Authorization") != "Bearer EAAtoken" {
				t.Errorf("asked for %s as %s", p.path, p.header.Get("Authorization"))
			}
			if p.body["to"] != tc.phone || p.body["recipient"] != tc.receiver || p.body["type"] != "text" || p.body["biz_opaque_callback_data"] != m.Reference.String() {
				t.Errorf("sent %v", p.body)
			}
			if text, _ := p.body["text"].(map[string]any); text["body"] != "Guten Tag <&>" || text["preview_url"] != false {
				t.Errorf("sent %v", p.body["text"])
			}
		})
	}
}

// A Message with buttons goes out as an interactive one, with our ids on them.
func TestSendButtons(t *testing.T) {
	p := newProvider(t, says(200, accepted))
	m := outgoing(p.URL)
	m.Kind, m.Content.Buttons = desk.KindInteractive, []desk.Button{{ID: "consent:yes:1", Title: private.NewText("Ja, gern")}}
	if _, err := sender(p.Client()).Send(t.Context(), m, permit(t, m, noon.Add(time.Nanosecond))); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%v %v", p.body["type"], p.body["interactive"]),
		"interactive map[action:map[buttons:[map[reply:map[id:consent:yes:1 title:Ja, gern] type:reply]]] body:map[text:Guten Tag <&>] type:button]"; got != want {
		t.Errorf("sent %s", got)
	}
}

// sendFails sends and gives the *desk.SendError.
func sendFails(t *testing.T, ctx context.Context, w *WhatsApp, m desk.Outgoing, p policy.Permit) *desk.SendError {
	t.Helper()
	receipt, err := w.Send(ctx, m, p)
	var failed *desk.SendError
	if !errors.As(err, &failed) || !receipt.Wamid.IsEmpty() {
		t.Fatalf("got %v", err)
	}
	text := fmt.Sprintf("%v %v", err, failed.Err)
	for _, secret := range []string{"EAAtoken", "Guten Tag", "491713920001", "/messages", "secret"} {
		if strings.Contains(text, secret) {
			t.Errorf("the error shows %s: %s", secret, text)
		}
	}
	return failed
}

func TestSendNeedsAPermit(t *testing.T) {
	p := newProvider(t, says(200, accepted))
	m := outgoing(p.URL)
	for name, permit := range map[string]policy.Permit{
		"none": nil, "ended": permit(t, m, noon.Add(-time.Hour)), "ends now": permit(t, m, noon), "for another": permit(t, outgoing(p.URL), noon.Add(time.Second)),
	} {
		if got := sendFails(t, t.Context(), sender(p.Client()), m, permit); got.Outcome != desk.SendNotWritten || !errors.Is(got, errNoPermit) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if n := p.asked.Load(); n != 0 {
		t.Errorf("the provider was asked %d times", n)
	}
}

func TestSendRejected(t *testing.T) {
	for code, want := range map[int]desk.SendError{
		190:    {Stop: true},
		10:     {Stop: true},
		368:    {Stop: true},
		100:    {Mend: true},
		131047: {},
		131050: {},
		131056: {Retry: true, Slows: desk.SlowsPair, After: 4 * time.Second},
		130429: {Retry: true, Slows: desk.SlowsInbox, After: 2 * time.Second},
		131016: {Retry: true, After: 2 * time.Second},
		999999: {},
	} {
		want.Outcome, want.Code = desk.SendRejected, code
		p := newProvider(t, says(400, fmt.Sprintf(`{"error":{"message":"secret","code":%d,"error_data":{"details":"secret"}}}`, code)))
		m := outgoing(p.URL)
		got := *sendFails(t, t.Context(), sender(p.Client()), m, permit(t, m, noon.Add(time.Second)))
		got.Err = nil
		if got != want {
			t.Errorf("%d: got %+v, want %+v", code, got, want)
		}
	}
	p := newProvider(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "90")
		says(429, `{"error":{"code":130429}}`)(w, nil)
	})
	m := outgoing(p.URL)
	if got := sendFails(t, t.Context(), sender(p.Client()), m, permit(t, m, noon.Add(time.Second))); got.After != 90*time.Second {
		t.Errorf("got %+v", got)
	}
}

// What cannot be sent by anybody is refused as Meta would, and nobody is asked.
func TestSendMalformed(t *testing.T) {
	p := newProvider(t, says(200, accepted))
	for name, change := range map[string]func(*desk.Outgoing){
		"to nobody":       func(m *desk.Outgoing) { m.To = nil },
		"number of words": func(m *desk.Outgoing) { m.To = []desk.Alias{alias(desk.IdentityPhone, "secret")} },
		"no text":         func(m *desk.Outgoing) { m.Content.Text = private.Text{} },
		"text too long":   func(m *desk.Outgoing) { m.Content.Text = private.NewText(strings.Repeat("ä", 4097)) },
		"no token":        func(m *desk.Outgoing) { m.Token = private.Key{} },
		"token of lines":  func(m *desk.Outgoing) { m.Token = private.NewKey([]byte("EAAtoken\r\nX: y")) },
		"path as number":  func(m *desk.Outgoing) { m.PhoneNumberID = "../secret" },
		"version":         func(m *desk.Outgoing) { m.GraphVersion = "latest" },
		"address":         func(m *desk.Outgoing) { m.GraphURL = "ftp://secret" },
	} {
		m := outgoing(p.URL)
		change(&m)
		got := sendFails(t, t.Context(), sender(p.Client()), m, permit(t, m, noon.Add(time.Second)))
		if got.Outcome != desk.SendRejected || got.Code != bugCode || got.Retry {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if n := p.asked.Load(); n != 0 {
		t.Errorf("the provider was asked %d times", n)
	}
}

// A provider that heard the request may have acted on it.
func TestSendInDoubt(t *testing.T) {
	cut := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for name, answer := range map[string]http.HandlerFunc{
		"cut": cut, "nothing": says(200, ""), "no id": says(200, `{"messages":[{}]}`), "a page": says(502, "<html>secret"),
		"no code": says(500, `{"error":{"message":"secret"}}`), "redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/secret", http.StatusTemporaryRedirect)
		},
	} {
		p := newProvider(t, answer)
		m := outgoing(p.URL)
		got := sendFails(t, t.Context(), sender(p.Client()), m, permit(t, m, noon.Add(time.Second)))
		if got.Outcome != desk.SendUnknown || got.Retry || got.Code != 0 {
			t.Errorf("%s: got %+v", name, got)
		}
		if n := p.asked.Load(); n != 1 {
			t.Errorf("%s: asked %d times", name, n)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	p := newProvider(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	m := outgoing(p.URL)
	if got := sendFails(t, ctx, sender(p.Client()), m, permit(t, m, noon.Add(time.Second))); got.Outcome != desk.SendUnknown {
		t.Errorf("cancelled: got %+v", got)
	}
}

func TestSendNotWritten(t *testing.T) {
	p := newProvider(t, says(200, accepted))
	url := p.URL
	p.Close()
	m := outgoing(url)
	if got := sendFails(t, t.Context(), sender(&http.Client{Transport: &http.Transport{}}), m, permit(t, m, noon.Add(time.Second))); got.Outcome != desk.SendNotWritten {
		t.Errorf("nobody listens: got %+v", got)
	}
	if got := sendError(errors.New("of another kind")); got.Outcome != desk.SendUnknown {
		t.Errorf("got %+v", got)
	}
}

func TestClientsAreKept(t *testing.T) {
	c := &sender(http.DefaultClient).clients
	one := c.at(address{"https://a.example", "v25.0"})
	if c.at(address{"https://a.example", "v25.0"}) != one || c.at(address{"https://a.example", "v26.0"}) == one {
		t.Error("one client per address and version")
	}
	if c.at(address{"https://waba-v2.360dialog.io", ""}).Provider == one.Provider {
		t.Error("360dialog is spoken to as Meta")
	}
}
