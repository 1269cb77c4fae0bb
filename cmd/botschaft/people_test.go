package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// logIn tries an e-mail address and a password.
func (h *house) logIn(email, password string) int {
	h.t.Helper()
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)
	return h.ask(http.MethodPost, "/api/v1/session", body, "Content-Type", "application/json").status
}

// me asks who a token acts for.
func (h *house) me(token string) int {
	h.t.Helper()
	return h.ask(http.MethodGet, "/api/v1/me", "", "Authorization", "Bearer "+token).status
}

// want compares.
func want[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// TestAgentCommands takes an Agent from the first day to the last while the server
// runs, which must know at once.
func TestAgentCommands(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		h.start()
		const ben, first, second = "ben@muster.example", "a first password of ben", "a second password of ben"
		h.facts("agent", "agent", "create", "--email", ben, "--name", "Ben Muster", "--controller", h.controller, "--password-file", h.file("ben", first+"\n"))
		want(t, "the first password", h.logIn(ben, first), 204)
		want(t, "no password", h.logIn(ben, ""), 401)
		h.fails("belongs to an agent already", "agent", "create", "--email", ben, "--password-file", h.file("ben", first))
		h.fails("controller is not an id", "agent", "create", "--email", "x@muster.example", "--controller", "x")
		h.fails("controllers must be of this house", "agent", "create", "--email", "x@muster.example", "--controller", "019f0000-0000-7000-8000-000000000000")
		h.fails("password", "agent", "create", "--email", "x@muster.example", "--password-file", h.file("short", "Vogel47"))

		token := h.facts("expires_at id token", "token", "create", "--agent", ben)
		secret := token["token"].(string)
		ends, err := time.Parse(time.RFC3339, token["expires_at"].(string))
		if err != nil || !strings.HasPrefix(secret, "bo_") || time.Until(ends).Round(24*time.Hour) != 90*24*time.Hour {
			t.Errorf("the token: %q %v %v", secret[:3], ends, err)
		}
		want(t, "the token", h.me(secret), 200)
		want(t, "an agent lists what was set aside", h.ask("GET", "/api/v1/deliveries", "", "Authorization", "Bearer "+secret).status, 403)
		other := h.facts("expires_at id token", "token", "create", "--agent", ben, "--lifetime", "1h")
		h.facts("done", "token", "revoke", token["id"].(string))
		want(t, "the revoked token", h.me(secret), 401)
		want(t, "the other token", h.me(other["token"].(string)), 200)
		h.fails("no such token", "token", "revoke", token["id"].(string))
		h.fails("no such agent", "token", "create", "--agent", "nobody@muster.example")

		h.facts("agent", "agent", "reset-password", ben, "--password-file", h.file("ben", second))
		want(t, "the first password after the reset", h.logIn(ben, first), 401)
		want(t, "the second password", h.logIn(ben, second), 204)
		want(t, "the token after the reset", h.me(other["token"].(string)), 401)
		random := h.facts("agent password", "agent", "reset-password", ben)["password"].(string)
		want(t, "the random password", h.logIn(ben, random), 204)
		h.fails("no such agent", "agent", "reset-password", "nobody@muster.example", "--password-file", h.file("ben", second))

		last := h.facts("expires_at id token", "token", "create", "--agent", ben)["token"].(string)
		h.facts("done", "agent", "disable", ben, "--reason", "has left")
		want(t, "the token of a disabled agent", h.me(last), 401)
		want(t, "the password of a disabled agent", h.logIn(ben, random), 401)
		h.fails("disabled already", "agent", "disable", ben)
		h.fails("the agent is disabled", "token", "create", "--agent", ben)
		h.fails("last admin", "agent", "disable", adminEmail)
		want(t, "the admin's token", h.me(h.token), 200)

		created := h.facts("agent password", "agent", "create", "--email", "anna@muster.example", "--role", "dpo")["password"].(string)
		want(t, "a created random password", h.logIn("anna@muster.example", created), 204)
		wantNoTraces(t, "what was printed", h.printed, append(h.secrets(), canary{"the first password", first}, canary{"the second", second}, canary{"a short one", "Vogel47"}))
		log := h.serving.said.String()
		wantNoTraces(t, "the log", log, append(h.secrets(), canary{"the first password", first}, canary{"the random password", random}, canary{"a token", secret}))
	})
}

// TestInboxCommands makes an Inbox, pauses and resumes it while the server runs.
func TestInboxCommands(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		p := newProvider(t)
		h.start()
		create := func(number, graph string, more ...string) []string {
			return append([]string{"inbox", "create", "whatsapp", "--controller", h.controller, "--name", "Kundenservice", "--phone-number-id", number, "--waba-id", wabaID,
				"--graph-url", graph, "--app-secret-file", h.file("app", appSecret+"\n"), "--access-token-file", h.file("access", accessToken)}, more...)
		}
		verify := []string{"--verify-token-file", h.file("verify", verifyToken)}
		made := h.facts("inbox webhook_path", create(phoneNumberID, p.url, verify...)...)
		inbox, webhook := made["inbox"].(string), made["webhook_path"].(string)
		want(t, "the path", webhook, "/hooks/whatsapp/"+inbox)
		wantStatus(t, "at once", h.deliver(webhook, said(1, "hello")), http.StatusOK)
		h.awaitTexts("hello")

		h.fails("another inbox has this phone number id", create(phoneNumberID, p.url, verify...)...)
		h.fails("phone_number_id is not", create("+49 30 1", p.url, verify...)...)
		h.fails("verify_tokens are missing", create("2", p.url)...)
		h.fails("graph_url must begin with https://", create("2", "http://graph.example", verify...)...)
		h.fails("app-secret-file cannot be read", create("2", p.url, append(verify, "--app-secret-file", h.dir+"/none")...)...)
		h.fails("access-token-file names an empty file", create("2", p.url, append(verify, "--access-token-file", h.file("empty", ""))...)...)
		h.fails("controller is not an id", create("2", p.url, append(verify, "--controller", "x")...)...)
		h.fails("graph_version is not", create("2", p.url, append(verify, "--graph-version", "latest")...)...)

		h.facts("done", "inbox", "pause", inbox, "--reason", "the number is being moved")
		h.fails("paused already", "inbox", "pause", inbox, "--reason", "again")
		h.fails("no such inbox", "inbox", "pause", "019f0000-0000-7000-8000-000000000000", "--reason", "which?")
		conversation := h.conversation()
		a := h.reply(conversation, "1", "too soon")
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"code":"refused"`) || !strings.Contains(a.body, "the number is being moved") && !strings.Contains(a.body, "paused") {
			t.Errorf("a reply while it is paused: %d %s", a.status, a.body)
		}
		wantStatus(t, "receiving goes on", h.deliver(webhook, said(2, "anybody there?")), http.StatusOK)
		h.awaitTexts("hello", "anybody there?")
		h.facts("done", "inbox", "resume", inbox)
		h.fails("not paused", "inbox", "resume", inbox)
		wantStatus(t, "a reply after that", h.reply(conversation, "2", "here we are"), http.StatusCreated)
		h.awaitStatus("here we are", "sent")
		want(t, "messages that left, the notice among them", len(p.sent()), 2)
		h.facts("items", "deliveries")
		wantNoTraces(t, "what was printed", h.printed, h.secrets())
	})
}

// A command that shows a secret shows it once, and people are told so.
func TestShownOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, args := range [][]string{{"token", "create", "--agent", adminEmail}, {"agent", "create", "--email", "ben@muster.example"}, {"agent", "reset-password", "ben@muster.example"}} {
		status, out, said := h.run(args...)
		_, secret, found := strings.Cut(out, "hown this once: ")
		if secret = strings.TrimSpace(secret); status != 0 || said != "" || !found || len(secret) < 16 || strings.Count(out, secret) != 1 {
			t.Errorf("%v: %d, said %q, printed %d bytes", args, status, said, len(out))
		}
		h.search([]canary{{"what was shown once", secret}})
	}
	status, out, said := h.run("deliveries")
	want(t, "nothing set aside, for people", fmt.Sprintf("%d%s%s", status, out, said), "0Nothing is set aside.\n")
}
