package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// The headers by which a webhook proves where it comes from.
const (
	metaHeader   = "X-Hub-Signature-256"
	d360Header   = "X-360dialog-Signature"
	secretHeader = "X-Botschaft-Secret"
)

// asideItem is a set-aside item as `botschaft deliveries --json` lists it.
type asideItem struct {
	ID         string    `json:"id"`
	Delivery   string    `json:"delivery"`
	Inbox      string    `json:"inbox"`
	Path       string    `json:"path"`
	Reason     string    `json:"reason"`
	At         time.Time `json:"at"`
	ReceivedAt time.Time `json:"received_at"`
}

// aside lists what was set aside.
func (h *house) aside() []asideItem {
	h.t.Helper()
	var listed struct {
		Items []asideItem `json:"items"`
	}
	h.command(&listed, "deliveries", "--json")
	return listed.Items
}

// awaitAside waits until so many items are set aside.
func (h *house) awaitAside(n int) []asideItem {
	h.t.Helper()
	var items []asideItem
	eventually(h.t, 15*time.Second, fmt.Sprintf("%d items are set aside", n), func() bool {
		items = h.aside()
		return len(items) == n
	})
	return items
}

// saidTo is said to another number.
func saidTo(number string, id int, text string) string {
	return strings.ReplaceAll(said(id, text), phoneNumberID, number)
}

// TestWebhookProofs knocks with every proof, right and wrong.
func TestWebhookProofs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.outspoken()
	second := h.file("second", "the app secret of tomorrow")
	_, meta := h.inbox(phoneNumberID, nowhere)
	_, rotating := h.inbox("100000000000002", nowhere, "--app-secret-file", second)
	_, d360 := h.inbox("100000000000003", nowhere, "--auth", "d360_signature", "--app-secret-file", second)
	_, static := h.inbox("100000000000004", nowhere, "--auth", "secret_header", "--app-secret-file", second)
	h.start()
	texts := []string{}
	for i, c := range []struct {
		what, path, number, header, secret string
		status                             int
	}{
		{"signed", meta, phoneNumberID, metaHeader, appSecret, 200},
		{"forged", meta, phoneNumberID, metaHeader, "a guess", 401},
		{"signed with nothing", meta, phoneNumberID, metaHeader, "", 401},
		{"signed with a secret of another inbox", meta, phoneNumberID, metaHeader, "the app secret of tomorrow", 401},
		{"unsigned", meta, phoneNumberID, "X-Nothing", appSecret, 401},
		{"by 360dialog's header", meta, phoneNumberID, d360Header, appSecret, 401},
		{"by the secret header", meta, phoneNumberID, secretHeader, appSecret, 401},
		{"rotating, old secret", rotating, "100000000000002", metaHeader, appSecret, 200},
		{"rotating, new secret", rotating, "100000000000002", metaHeader, "the app secret of tomorrow", 200},
		{"rotating, forged", rotating, "100000000000002", metaHeader, "a guess", 401},
		{"360dialog, old secret", d360, "100000000000003", d360Header, appSecret, 200},
		{"360dialog, new secret", d360, "100000000000003", d360Header, "the app secret of tomorrow", 200},
		{"360dialog, forged", d360, "100000000000003", d360Header, "a guess", 401},
		{"360dialog, by Meta's header", d360, "100000000000003", metaHeader, appSecret, 401},
		{"static, old secret", static, "100000000000004", secretHeader, appSecret, 200},
		{"static, new secret", static, "100000000000004", secretHeader, "the app secret of tomorrow", 200},
		{"static, wrong", static, "100000000000004", secretHeader, "a guess", 401},
		{"static, by Meta's header", static, "100000000000004", metaHeader, appSecret, 401},
		{"unknown inbox", "/hooks/whatsapp/019f0000-0000-7000-8000-000000000000", phoneNumberID, metaHeader, appSecret, 404},
		{"what is no inbox", "/hooks/whatsapp/1%20OR%201=1", phoneNumberID, metaHeader, appSecret, 404},
		{"no inbox", "/hooks/whatsapp/", phoneNumberID, metaHeader, appSecret, 404},
	} {
		body := saidTo(c.number, i, c.what)
		proof := signature(c.secret, body)
		switch c.header {
		case d360Header:
			proof = strings.TrimPrefix(proof, "sha256=")
		case secretHeader:
			proof = c.secret
		}
		wantStatus(t, c.what, h.ask(http.MethodPost, c.path, body, c.header, proof), c.status)
		if c.status == http.StatusOK {
			texts = append(texts, c.what)
		}
	}
	tampered := strings.Replace(said(90, "tampered"), "tampered", "tempered", 1)
	wantStatus(t, "tampered", h.ask(http.MethodPost, meta, tampered, metaHeader, signature(appSecret, said(90, "tampered"))), http.StatusUnauthorized)
	wantStatus(t, "another method", h.ask(http.MethodPut, meta, said(91, "put"), metaHeader, signature(appSecret, said(91, "put"))), http.StatusNotFound)
	h.awaitTexts(texts...)
	h.wantQuiet()
}

// wantQuiet checks that the log holds nothing of what webhooks brought.
func (h *house) wantQuiet() {
	h.t.Helper()
	log := h.serving.said.String()
	if !strings.Contains(log, `"route":"/hooks/whatsapp/{inbox}"`) {
		h.t.Error("the log tells of no webhook")
	}
	wantNoTraces(h.t, "the log", log, append(h.secrets(),
		canary{"the text", "says something"}, canary{"the number", "4915700000001"}, canary{"the name", "Anna Muster"}, canary{"the wamid", "wamid.said."},
		canary{"the second secret", "the app secret of tomorrow"}, canary{"the malformed body", "Kanarienvogel"}, canary{"a proof", "sha256="}))
}

// TestHandshake answers Meta's verification request.
func TestHandshake(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.outspoken()
	_, webhook := h.inbox(phoneNumberID, nowhere, "--verify-token-file", h.file("verify2", "the token of tomorrow"))
	h.start()
	for what, c := range map[string]struct {
		mode, token string
		status      int
	}{
		"right":        {"subscribe", verifyToken, 200},
		"the other":    {"subscribe", "the token of tomorrow", 200},
		"wrong":        {"subscribe", "a guess", 403},
		"cut short":    {"subscribe", verifyToken[:5], 403},
		"none":         {"subscribe", "", 403},
		"another mode": {"unsubscribe", verifyToken, 403},
	} {
		q := url.Values{"hub.mode": {c.mode}, "hub.challenge": {"<1158201444>"}, "hub.verify_token": {c.token}}
		a := h.ask(http.MethodGet, webhook+"?"+q.Encode(), "")
		wantStatus(t, what, a, c.status)
		if (a.body == "<1158201444>") != (c.status == http.StatusOK) || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: answered %q as %s", what, a.body, a.header.Get("Content-Type"))
		}
	}
	wantStatus(t, "unknown inbox", h.ask(http.MethodGet, "/hooks/whatsapp/019f0000-0000-7000-8000-000000000000?hub.mode=subscribe", ""), http.StatusNotFound)
	wantNoTraces(t, "the log", h.serving.said.String(), append(h.secrets(), canary{"a token", "the token of tomorrow"}, canary{"the challenge", "1158201444"}))
}

// longest is the longest body that is taken.
const longest = 3 << 20

// TestWebhookBodies sends bodies of every length and at every pace.
func TestWebhookBodies(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.outspoken()
	_, webhook := h.inbox(phoneNumberID, nowhere)
	h.start()
	padded := func(id int, text string, size int) string {
		body := said(id, text)
		return body + strings.Repeat(" ", size-len(body))
	}
	wantStatus(t, "3 MiB", h.deliver(webhook, padded(1, "as long as can be", longest)), http.StatusOK)
	wantStatus(t, "a byte more", h.deliver(webhook, padded(2, "too long", longest+1)), http.StatusRequestEntityTooLarge)
	endless := padded(3, "too long, in pieces", longest+1)
	a, err := h.do(http.MethodPost, webhook, io.MultiReader(strings.NewReader(endless)), metaHeader, signature(appSecret, endless)) // its length is not told
	must(t, err)
	wantStatus(t, "a byte more, in pieces", a, http.StatusRequestEntityTooLarge)
	for i, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "image/png", "application/json; charset=utf-16"} {
		body := said(10+i, kind)
		wantStatus(t, kind, h.ask(http.MethodPost, webhook, body, metaHeader, signature(appSecret, body), "Content-Type", kind), http.StatusOK)
	}
	again := said(20, "says something again")
	for range 3 {
		wantStatus(t, "the same again", h.deliver(webhook, again), http.StatusOK)
	}
	slow := said(30, "slowly")
	c := h.knock(webhook, len(slow), signature(appSecret, slow))
	for part := range slices.Chunk([]byte(slow), 30) {
		c.say(string(part))
		time.Sleep(10 * time.Millisecond) // the pace is what is tested
	}
	if got := c.status(); got != http.StatusOK {
		t.Errorf("slowly: got %d", got)
	}
	partial := said(31, "half of it")
	c = h.knock(webhook, len(partial), signature(appSecret, partial))
	c.say(partial[:len(partial)/2])
	must(t, c.CloseWrite())
	if got := c.status(); got != http.StatusBadRequest {
		t.Errorf("half a body: got %d", got)
	}
	half := said(32, "the other half")
	c = h.knock(webhook, len(half), signature(appSecret, half))
	c.say(half[:len(half)/2])
	must(t, c.Close()) // nobody is there to be answered
	wantStatus(t, "the last", h.deliver(webhook, said(40, "the last")), http.StatusOK)
	h.awaitTexts("as long as can be", "text/plain", "application/x-www-form-urlencoded", "image/png", "application/json; charset=utf-16",
		"says something again", "slowly", "the last")
	if items := h.aside(); len(items) > 0 {
		t.Errorf("set aside: %+v", items)
	}
	h.wantQuiet()
}

// Whoever does not sign is sent away before the body is read.
func TestUnsignedIsNotRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, webhook := h.inbox(phoneNumberID, nowhere)
	h.start()
	for _, path := range []string{webhook, "/hooks/whatsapp/019f0000-0000-7000-8000-000000000000"} {
		want := http.StatusUnauthorized
		if path != webhook {
			want = http.StatusNotFound
		}
		if got := h.knock(path, longest, "").status(); got != want {
			t.Errorf("of a body that is only announced: got %d, want %d", got, want)
		}
		began := time.Now()
		if got := h.knock(path, 100, "").status(); got != want || time.Since(began) > 30*time.Second {
			t.Errorf("of a short body that never comes: got %d after %s, want %d", got, time.Since(began), want)
		}
		if got := h.knock(path, 100, "", "Expect: 100-continue").status(); got != want {
			t.Errorf("the body was asked for: got %d, want %d", got, want)
		}
	}
	signed := said(1, "asked for")
	c := h.knock(webhook, len(signed), signature(appSecret, signed), "Expect: 100-continue")
	if got := c.status(); got != http.StatusContinue {
		t.Fatalf("a signed body was not asked for: got %d", got)
	}
	c.say(signed)
	if got := c.status(); got != http.StatusOK {
		t.Errorf("a signed body: got %d", got)
	}
}

// connection is a conversation with the server, word by word.
type connection struct {
	*net.TCPConn
	t      testing.TB
	answer *bufio.Reader
}

// knock sends the head of a webhook of so many bytes.
func (h *house) knock(path string, length int, proof string, header ...string) *connection {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.listen)
	must(h.t, err)
	h.t.Cleanup(func() { _ = conn.Close() })
	must(h.t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	c := &connection{conn.(*net.TCPConn), h.t, bufio.NewReader(conn)}
	head := []string{"POST " + path + " HTTP/1.1", "Host: desk.example", fmt.Sprintf("Content-Length: %d", length)}
	if proof != "" {
		head = append(head, metaHeader+": "+proof)
	}
	c.say(strings.Join(append(head, header...), "\r\n") + "\r\n\r\n")
	return c
}

func (c *connection) say(text string) {
	c.t.Helper()
	_, err := c.Write([]byte(text))
	must(c.t, err)
}

// status reads the next answer's status.
func (c *connection) status() int {
	c.t.Helper()
	resp, err := http.ReadResponse(c.answer, nil)
	must(c.t, err)
	if resp.StatusCode != http.StatusContinue {
		drain(resp)
	}
	return resp.StatusCode
}

// TestSetAside sets items aside and decides on them.
func TestSetAside(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		h.outspoken()
		inbox, webhook := h.inbox(phoneNumberID, nowhere)
		h.start()
		wantStatus(t, "malformed", h.deliver(webhook, `{"Kanarienvogel":`), http.StatusOK)
		first := h.awaitAside(1)[0]
		if first.Reason != "malformed" || first.Path != "" || first.Inbox != inbox || first.Delivery == "" || time.Since(first.ReceivedAt).Abs() > time.Minute {
			t.Errorf("got %+v", first)
		}
		h.command(&struct{}{}, "deliveries", "retry", "--json", first.ID)
		eventually(t, 15*time.Second, "it is set aside anew", func() bool {
			items := h.aside()
			return len(items) == 1 && items[0].ID != first.ID && items[0].Delivery == first.Delivery && items[0].Reason == "malformed"
		})
		var batch map[string]any
		must(t, json.Unmarshal([]byte(said(1, "to us")), &batch))
		var stranger map[string]any
		must(t, json.Unmarshal([]byte(saidTo("100000000000009", 2, "to a stranger")), &stranger))
		batch["entry"] = append(batch["entry"].([]any), stranger["entry"].([]any)...)
		both, err := json.Marshal(batch)
		must(t, err)
		wantStatus(t, "unknown number", h.deliver(webhook, string(both)), http.StatusOK)
		h.awaitTexts("to us")
		items := h.awaitAside(2)
		unknown := items[1]
		if unknown.Reason != "unknown_number" || !strings.HasPrefix(unknown.Path, "entry[1]") || strings.Contains(unknown.Path, "100000000000009") {
			t.Errorf("got %+v", unknown)
		}
		if a := h.call(http.MethodGet, "/deliveries", ""); a.status != http.StatusOK || !strings.Contains(a.body, unknown.ID) || !strings.Contains(a.body, items[0].ID) {
			t.Errorf("the API lists %d %s", a.status, a.body)
		}
		h.decide(webhook, items[0].ID, unknown.ID)
		h.wantQuiet()
	})
}

// decide drops the malformed item and takes the other in once its number is ours.
func (h *house) decide(webhook, malformed, unknown string) {
	h.t.Helper()
	if status, out, said := h.run("deliveries", "drop", "--json", malformed); status != 2 || out != "" || !strings.Contains(said, "--reason") {
		h.t.Errorf("dropped without a reason: %d %q %q", status, out, said)
	}
	h.command(&struct{}{}, "deliveries", "drop", "--json", "--reason", "sent by a scanner", malformed)
	for _, args := range [][]string{{"deliveries", "retry", malformed}, {"deliveries", "drop", "--reason", "again", malformed}} {
		if status, _, said := h.run(args...); status != 1 || !strings.Contains(said, "no such set-aside item") {
			h.t.Errorf("%s of an item that is decided: %d %q", args[1], status, said)
		}
	}
	_, other := h.inbox("100000000000009", nowhere)
	wantStatus(h.t, "the new inbox", h.deliver(other, saidTo("100000000000009", 3, "says something else")), http.StatusOK)
	h.command(&struct{}{}, "deliveries", "retry", "--json", unknown)
	h.awaitTexts("to us", "to a stranger", "says something else")
	h.awaitAside(0)
}
