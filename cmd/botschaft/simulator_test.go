package main_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"time"
)

// TestSimulatorCommand lets a customer on the simulator's phones write to a server
// beside it, and an agent reply.
func TestSimulatorCommand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	phones := &house{t: t, dir: h.dir, listen: freeAddress(t), client: h.client}
	_, webhook := h.inbox(phoneNumberID, "http://"+phones.listen)
	h.start()
	sim := begin(t, nil, "simulator", "--listen", phones.listen, "--webhook-url", "http://"+h.listen+webhook,
		"--app-secret-file", h.file("app", appSecret), "--access-token-file", h.file("access", accessToken), "--verify-token-file", h.file("verify", verifyToken))
	t.Cleanup(func() { sim.end(t, syscall.SIGKILL) })
	eventually(t, 10*time.Second, "the simulator answers", func() bool {
		a, err := phones.do(http.MethodGet, "/sim/state", http.NoBody)
		return err == nil && a.status == http.StatusOK
	})
	wantStatus(t, "handshake", phones.ask(http.MethodPost, "/sim/numbers/"+phoneNumberID+"/handshake", "{}", "Content-Type", "application/json"), http.StatusOK)
	wantStatus(t, "anna writes", phones.ask(http.MethodPost, "/sim/customers/anna/messages",
		`{"number":"`+phoneNumberID+`","kind":"text","text":"Guten Tag"}`, "Content-Type", "application/json"), http.StatusOK)
	h.awaitTexts("Guten Tag")
	wantStatus(t, "reply", h.reply(h.conversation(), "1", "Was können wir tun?"), http.StatusCreated)
	eventually(t, 10*time.Second, "anna has the reply", func() bool {
		var thread page[struct{ From, Text string }]
		must(t, json.Unmarshal([]byte(phones.ask(http.MethodGet, "/sim/customers/anna/messages", "").body), &thread))
		return slices.Contains(thread.Items, struct{ From, Text string }{"business", "Was können wir tun?"})
	})
	h.awaitStatus("Was können wir tun?", "delivered")
	want(t, "its end", sim.end(t, syscall.SIGTERM), 0)
	wantNoTraces(t, "what it said", sim.said.String(), h.secrets())
}
