package main_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// accept takes an invitation up and gives status and cookie.
func (h *house) accept(secret, password string) answer {
	h.t.Helper()
	body := fmt.Sprintf(`{"secret":%q,"password":%q}`, secret, password)
	return h.ask(http.MethodPost, "/api/v1/invitations/acceptance", body, "Content-Type", "application/json")
}

// agentNamed gives what the list says of an Agent.
func (h *house) agentNamed(email string) map[string]any {
	h.t.Helper()
	for _, item := range h.facts("items", "agent", "list")["items"].([]any) {
		if a := item.(map[string]any); a["email"] == email {
			return a
		}
	}
	h.t.Fatalf("%s is not listed", email)
	return nil
}

// TestInvitationCommands takes an Agent from the link to another role while the server
// runs, which must know at once.
func TestInvitationCommands(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		h.start()
		const ben, first, second = "ben@muster.example", "a first password of ben", "a second password of ben"
		inbox, _ := h.inbox(phoneNumberID, newProvider(t).url)
		made := h.facts("agent expires_at url", "agent", "invite", "--email", ben, "--name", "Ben Muster", "--inbox", inbox)
		link := made["url"].(string)
		before, secret, found := strings.Cut(link, "/invitation#")
		if !found || !strings.HasPrefix(before, "http") || len(secret) != 43 {
			t.Fatalf("the link has %d characters and begins with %q", len(link), before)
		}
		h.fails("belongs to an agent already", "agent", "invite", "--email", ben)
		h.fails("inbox is not an id", "agent", "invite", "--email", "x@muster.example", "--inbox", "x")
		h.fails("inboxes must be of this house", "agent", "invite", "--email", "x@muster.example", "--inbox", "019f0000-0000-7000-8000-000000000000")
		h.fails("no such agent", "agent", "invite", "--again", "--email", "nobody@muster.example")
		want(t, "the state", h.agentNamed(ben)["state"], any("invited"))
		want(t, "no password yet", h.logIn(ben, ""), 401)
		want(t, "too short a password", h.accept(secret, "short").status, 422)
		taken := h.accept(secret, first)
		want(t, "taking it up", taken.status, 204)
		want(t, "twice", h.accept(secret, second).status, 404)
		want(t, "the password", h.logIn(ben, first), 204)
		want(t, "the state", h.agentNamed(ben)["state"], any("active"))

		sessions := h.facts("items", "session", "list", ben)["items"].([]any)
		want(t, "sessions", len(sessions), 2)
		h.facts("done", "session", "revoke", sessions[0].(map[string]any)["id"].(string))
		want(t, "sessions, one less", len(h.facts("items", "session", "list", ben)["items"].([]any)), 1)
		h.fails("no such session", "session", "revoke", sessions[0].(map[string]any)["id"].(string))
		h.facts("done", "session", "revoke-all", ben)
		want(t, "sessions, none", len(h.facts("items", "session", "list", ben)["items"].([]any)), 0)

		places := h.facts("controllers inboxes", "agent", "members", ben)
		want(t, "where", fmt.Sprint(places), fmt.Sprintf("map[controllers:[] inboxes:[%s]]", inbox))
		h.facts("controllers inboxes", "agent", "members", ben, "--controller", h.controller)
		want(t, "where now", fmt.Sprint(h.agentNamed(ben)["controllers"], h.agentNamed(ben)["inboxes"]), fmt.Sprintf("[%s] []", h.controller))
		h.facts("controllers inboxes", "agent", "members", ben, "--nowhere")
		want(t, "nowhere", fmt.Sprint(h.agentNamed(ben)["controllers"]), "[]")
		h.facts("done", "agent", "rename", ben, "Benjamin Muster")
		h.facts("done", "agent", "role", ben, "admin")
		want(t, "what ben is", fmt.Sprintf("%v, %v", h.agentNamed(ben)["name"], h.agentNamed(ben)["role"]), "Benjamin Muster, admin")
		token := h.facts("expires_at id token", "token", "create", "--agent", ben, "--name", "monthly figures")
		listed := h.facts("items", "token", "list", "--agent", ben)["items"].([]any)
		want(t, "tokens", len(listed), 1)
		want(t, "the token's name", listed[0].(map[string]any)["name"], any("monthly figures"))
		want(t, "the token", h.me(token["token"].(string)), 200)

		again := h.facts("agent expires_at url", "agent", "invite", "--again", "--email", ben)
		want(t, "the old password", h.logIn(ben, first), 401)
		want(t, "the token, after it", h.me(token["token"].(string)), 401)
		h.fails("last admin", "agent", "role", adminEmail, "agent")
		h.fails("last admin", "agent", "invite", "--again", "--email", adminEmail)
		h.facts("done", "agent", "disable", ben, "--reason", "on leave")
		_, other, _ := strings.Cut(again["url"].(string), "#")
		want(t, "the link of a disabled agent", h.accept(other, second).status, 404)
		h.fails("enable it first", "agent", "invite", "--again", "--email", ben)
		h.facts("done", "agent", "enable", ben)
		h.fails("not disabled", "agent", "enable", ben)
		hidden := []canary{{"a link's secret", secret}, {"another", other}, {"a password", first}, {"a token's name", "monthly figures"}}
		wantNoTraces(t, "the log", h.serving.said.String(), hidden)
		h.search(hidden)
	})
}

// A slip in the first set-up makes nothing: no stores, and above all no root key.
func TestSetupChecksFirst(t *testing.T) {
	t.Parallel()
	dir, files := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"good": "a good password", "short": "short"} {
		if err := os.WriteFile(files+"/"+name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for words, args := range map[string][]string{
		"email is not an e-mail address": {"--controller", "Muster", "--email", "erika", "--password-file", files + "/good"},
		"password must have":             {"--controller", "Muster", "--email", "erika@muster.example", "--password-file", files + "/short"},
		"name is missing":                {"--controller", "  ", "--email", "erika@muster.example", "--password-file", files + "/good"},
	} {
		status, out, said := execute(t, []string{"BOTSCHAFT_DATA_DIR=" + dir + "/house"}, append([]string{"setup"}, args...)...)
		if status != 1 || out != "" || !strings.Contains(said, words) {
			t.Errorf("%v: status %d, printed %q, said %q", args, status, out, said)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("a slip left %v (%v)", left, err)
	}
}
