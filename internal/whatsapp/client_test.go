package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	testToken  = "EAAtoken-that-must-not-show"
	testNumber = "330022119900776"
)

var testMessage = Outgoing{To: "+491713920001", Content: said("Guten Tag <Anna> & Co."), Callback: "cb-1"}

// provider starts a server that answers as told, and a client for it.
func provider(t *testing.T, handler http.HandlerFunc) (*Client, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return &Client{HTTP: server.Client(), BaseURL: server.URL, Version: "v25.0"}, &calls
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func TestSendRequest(t *testing.T) {
	accepted := `{"messaging_product":"whatsapp","contacts":[{"input":"+491713920001","wa_id":"491713920001"}],"messages":[{"id":"wamid.A","message_status":"accepted"}]}`
	tests := []struct {
		name     string
		provider Provider
		msg      Outgoing
		path     string
		body     string
	}{
		{
			"phone", Meta, testMessage, "/v25.0/" + testNumber + "/messages",
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491713920001","biz_opaque_callback_data":"cb-1","type":"text","text":{"preview_url":false,"body":"Guten Tag <Anna> & Co."}}`,
		},
		{
			"user id, reply, preview", Meta,
			Outgoing{Recipient: "DE.13", Content: Content{Type: "text", Text: &Text{Body: "ä", PreviewURL: true}}, ReplyTo: "wamid.B", IdentityKeyHash: "k"},
			"/v25.0/" + testNumber + "/messages",
			`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"DE.13","recipient_identity_key_hash":"k","context":{"message_id":"wamid.B"},"type":"text","text":{"preview_url":true,"body":"ä"}}`,
		},
		{
			"buttons", Meta, Outgoing{To: "+491713920001", Content: asks("Ja?", ReplyButton{"yes", "Ja"}, ReplyButton{"no", "Nein"})},
			"/v25.0/" + testNumber + "/messages",
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491713920001","type":"interactive","interactive":{"type":"button","body":{"text":"Ja?"},"action":{"buttons":[{"type":"reply","reply":{"id":"yes","title":"Ja"}},{"type":"reply","reply":{"id":"no","title":"Nein"}}]}}}`,
		},
		{
			"360dialog", Dialog360, testMessage, "/messages",
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+491713920001","biz_opaque_callback_data":"cb-1","type":"text","text":{"preview_url":false,"body":"Guten Tag <Anna> & Co."}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client, calls := provider(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.Method != http.MethodPost || r.URL.Path != tt.path || string(body) != tt.body {
					t.Errorf("got %s %s\n%s\nwant %s\n%s", r.Method, r.URL.Path, body, tt.path, tt.body)
				}
				want := http.Header{"Authorization": {"Bearer " + testToken}}
				if tt.provider == Dialog360 {
					want = http.Header{"D360-Api-Key": {testToken}}
				}
				for _, name := range []string{"Authorization", "D360-Api-Key"} {
					if got := r.Header.Get(name); got != want.Get(name) {
						t.Errorf("%s: got %q, want %q", name, got, want.Get(name))
					}
				}
				if r.Header.Get("User-Agent") != "botschaft" || r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("got %v", r.Header)
				}
				io.WriteString(w, accepted)
			})
			client.Provider = tt.provider
			got, err := client.Send(t.Context(), testNumber, testToken, tt.msg)
			want := SendResult{MessageID: "wamid.A", MessageStatus: "accepted", WAID: "491713920001"}
			if err != nil || got != want || calls.Load() != 1 {
				t.Errorf("got %+v %v after %d calls, want %+v", got, err, calls.Load(), want)
			}
		})
	}
}

func TestSendAnswers(t *testing.T) {
	graph := func(code string) string {
		return `{"error":{"message":"(#1) ` + testToken + `","type":"OAuthException","code":` + code + `,"error_subcode":7,"is_transient":true,"error_data":{"messaging_product":"whatsapp","details":"about +491713920001"},"fbtrace_id":"T"}}`
	}
	tests := []struct {
		name   string
		status int
		body   string
		code   int // -1: in doubt, -2: accepted
	}{
		{"refused", 400, graph("131047"), 131047},
		{"refused with a code in quotes", 400, graph(`"131047"`), 131047},
		{"token expired", 401, graph("190"), 190},
		{"code zero", 401, graph("0"), 0},
		{"trouble with a code", 500, graph("131000"), 131000},
		{"trouble without a code", 500, `{"error":{"message":"x"}}`, -1},
		{"code that is none", 400, `{"error":{"code":[]}}`, -1},
		{"refused with status 200", 200, graph("100"), 100},
		{"page of a proxy", 502, "<html>Bad gateway</html>", -1},
		{"page with 404", 404, "not here", -1},
		{"empty", 500, "", -1},
		{"JSON without error", 500, `{}`, -1},
		{"garbage with 200", 200, "OK", -1},
		{"no message id", 200, `{"messages":[]}`, -1},
		{"not an object", 200, `[]`, -1},
		{"too long", 200, `{"messages":[{"id":"a"}],"x":"` + strings.Repeat("x", maxAnswer) + `"}`, -1},
		{"user id only", 200, `{"contacts":[{"input":"DE.1","user_id":"DE.1"}],"messages":[{"id":"a"}]}`, -2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client, calls := provider(t, answering(tt.status, tt.body))
			_, err := client.Send(t.Context(), testNumber, testToken, testMessage)
			if calls.Load() != 1 {
				t.Errorf("got %d calls, want 1", calls.Load())
			}
			if tt.code == -2 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			failed := sendError(t, err)
			if !failed.Written || failed.Status != tt.status || failed.InDoubt() != (tt.code == -1) {
				t.Errorf("got %+v", failed)
			}
			var api *Error
			if found := errors.As(err, &api); found != (tt.code >= 0) {
				t.Fatalf("got API error %v", api)
			}
			if api != nil && (api.Code != tt.code || api.HTTPStatus != tt.status) {
				t.Errorf("got %d %d, want %d %d", api.Code, api.HTTPStatus, tt.code, tt.status)
			}
		})
	}
}

// sendError checks what every failure promises.
func sendError(t *testing.T, err error) *SendError {
	t.Helper()
	var failed *SendError
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want a SendError", err)
	}
	for _, secret := range []string{testToken, "4917139", "Guten Tag", "cb-1"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("error shows %s: %v", secret, err)
		}
	}
	return failed
}

func TestSendNotWritten(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	tlsServer := httptest.NewUnstartedServer(answering(200, "{}"))
	tlsServer.Config.ErrorLog = log.New(io.Discard, "", 0)
	tlsServer.StartTLS()
	defer tlsServer.Close()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		base string
	}{
		{"nobody listens", t.Context(), "http://" + closed.Addr().String()},
		{"certificate not trusted", t.Context(), tlsServer.URL},
		{"cancelled before", cancelled, tlsServer.URL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client := &Client{HTTP: &http.Client{Transport: &http.Transport{}}, BaseURL: tt.base}
			_, err := client.Send(tt.ctx, testNumber, testToken, testMessage)
			if failed := sendError(t, err); failed.Written || failed.InDoubt() || errors.Is(err, ErrOutgoing) {
				t.Errorf("got %+v, want not written", failed)
			}
		})
	}
}

// said is a text.
func said(body string) Content { return Content{Type: "text", Text: &Text{Body: body}} }

// asks is a text with buttons.
func asks(body string, buttons ...ReplyButton) Content {
	o := &Offer{Type: OfferButtons, Body: &OfferText{body}}
	for _, b := range buttons {
		o.Action.Buttons = append(o.Action.Buttons, OfferButton{"reply", b})
	}
	return Content{Type: "interactive", Interactive: o}
}

// offer has a button for each id.
func offer(body string, ids ...string) Outgoing {
	var buttons []ReplyButton
	for _, id := range ids {
		buttons = append(buttons, ReplyButton{id, "Ja " + id})
	}
	return Outgoing{To: "+491713920001", Content: asks(body, buttons...)}
}

func TestSendNotSendable(t *testing.T) {
	text := said("x")
	good := func() *Client { return &Client{HTTP: http.DefaultClient, BaseURL: "http://127.0.0.1:1"} }
	tests := map[string]struct {
		client        *Client
		number, token string
		msg           Outgoing
	}{
		"nobody":             {good(), testNumber, testToken, Outgoing{Content: text}},
		"two addresses":      {good(), testNumber, testToken, Outgoing{To: "+49171", Recipient: "DE.1", Content: text}},
		"phone without plus": {good(), testNumber, testToken, Outgoing{To: "491713920001", Content: text}},
		"phone with letters": {good(), testNumber, testToken, Outgoing{To: "+49x1713920001", Content: text}},
		"phone as user id":   {good(), testNumber, testToken, Outgoing{Recipient: "+491713920001", Content: text}},
		"no text":            {good(), testNumber, testToken, Outgoing{To: "+491713920001"}},
		"empty text":         {good(), testNumber, testToken, Outgoing{To: "+491713920001", Content: said("")}},
		"long text":          {good(), testNumber, testToken, Outgoing{To: "+491713920001", Content: said(strings.Repeat("ä", 4097))}},
		"long callback":      {good(), testNumber, testToken, Outgoing{To: "+491713920001", Content: text, Callback: strings.Repeat("x", 513)}},
		"four buttons":       {good(), testNumber, testToken, offer("x", "a", "b", "c", "d")},
		"same button twice":  {good(), testNumber, testToken, offer("x", "a", "a")},
		"button without id":  {good(), testNumber, testToken, offer("x", "")},
		"long button":        {good(), testNumber, testToken, Outgoing{To: "+491713920001", Content: asks("x", ReplyButton{"a", strings.Repeat("ä", 21)})}},
		"long text, buttons": {good(), testNumber, testToken, offer(strings.Repeat("ä", 1025), "a")},
		"no token":           {good(), testNumber, "", testMessage},
		"token with newline": {good(), testNumber, testToken + "\n", testMessage},
		"number with path":   {good(), "1/../2", testToken, testMessage},
		"no number":          {good(), "", testToken, testMessage},
		"odd version":        {&Client{HTTP: http.DefaultClient, Version: "../v1.0"}, testNumber, testToken, testMessage},
		"odd base":           {&Client{HTTP: http.DefaultClient, BaseURL: "ftp://x"}, testNumber, testToken, testMessage},
		"no HTTP":            {&Client{}, testNumber, testToken, testMessage},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := tt.client.Send(t.Context(), tt.number, tt.token, tt.msg)
			if failed := sendError(t, err); failed.Written || !errors.Is(err, ErrOutgoing) {
				t.Errorf("got %+v, want not sendable", failed)
			}
		})
	}
	most := Outgoing{To: "+491713920001", Content: said(strings.Repeat("ä", 4096)), Callback: strings.Repeat("x", 512)}
	if body, err := most.body(); err != nil || !json.Valid(body) {
		t.Errorf("the longest message: %v", err)
	}
}

func TestSendInDoubt(t *testing.T) {
	hangUp := func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}
	redirect := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}
	cutShort := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, `{"messages":[{"id":"a"}]}`)
	}
	for name, handler := range map[string]http.HandlerFunc{"hangs up": hangUp, "redirects": redirect, "answer cut short": cutShort} {
		t.Run(name, func(t *testing.T) {
			client, calls := provider(t, handler)
			_, err := client.Send(t.Context(), testNumber, testToken, testMessage)
			if failed := sendError(t, err); !failed.InDoubt() || calls.Load() != 1 {
				t.Errorf("got %+v after %d calls, want in doubt after one", failed, calls.Load())
			}
		})
	}
}

func TestSendTimeout(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	client, _ := provider(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
	})
	defer close(release)
	ctx, cancel := context.WithCancelCause(t.Context())
	late := errors.New("late")
	go func() {
		<-arrived
		cancel(late)
	}()
	_, err := client.Send(ctx, testNumber, testToken, testMessage)
	if failed := sendError(t, err); !failed.InDoubt() || !errors.Is(context.Cause(ctx), late) {
		t.Errorf("got %+v, want in doubt", failed)
	}
}

// dying is a connection on which, once dead, nothing can be written.
type dying struct {
	net.Conn
	dead *atomic.Bool
}

func (c dying) Write(p []byte) (int, error) {
	if c.dead.Load() {
		return 0, errors.New("broken pipe")
	}
	return c.Conn.Write(p)
}

// A kept connection that turns out dead before a byte was written costs
// neither a message nor a doubt.
func TestSendOnDeadConnection(t *testing.T) {
	client, calls := provider(t, answering(200, `{"messages":[{"id":"a"}]}`))
	dead, unreachable := &atomic.Bool{}, &atomic.Bool{}
	client.HTTP = &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if unreachable.Load() {
				return nil, errors.New("network unreachable")
			}
			conn, err := new(net.Dialer).DialContext(ctx, network, addr)
			mine := dead
			dead = &atomic.Bool{}
			return dying{conn, mine}, err
		},
	}}
	defer client.HTTP.CloseIdleConnections()
	first := dead
	send := func() error {
		_, err := client.Send(t.Context(), testNumber, testToken, testMessage)
		return err
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	first.Store(true)
	second := dead
	if err := send(); err != nil {
		t.Fatalf("a fresh connection was there to take: %v", err)
	}
	second.Store(true)
	unreachable.Store(true)
	if failed := sendError(t, send()); failed.Written {
		t.Errorf("got %+v, want not written", failed)
	}
	if calls.Load() != 2 {
		t.Errorf("got %d calls, want 2", calls.Load())
	}
}

type chatty struct{}

func (chatty) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("refused: " + r.Header.Get("Authorization"))
}

func TestSendTransportNamesToken(t *testing.T) {
	client := &Client{HTTP: &http.Client{Transport: chatty{}}}
	_, err := client.Send(t.Context(), testNumber, testToken, testMessage)
	sendError(t, err)
}

func TestRetryAfter(t *testing.T) {
	for want, h := range map[time.Duration]http.Header{
		0:                {"Retry-After": {"soon"}},
		90 * time.Second: {"Retry-After": {"90"}},
		24 * time.Hour:   {"Retry-After": {"99999999999"}},
		19 * time.Minute: {"X-Business-Use-Case-Usage": {`{"1":[{"type":"whatsapp","call_count":100,"estimated_time_to_regain_access":19}],"2":[]}`}},
	} {
		if got := retryAfter(h); got != want {
			t.Errorf("%v: got %v, want %v", h, got, want)
		}
	}
}
