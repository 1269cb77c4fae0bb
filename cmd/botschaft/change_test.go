package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A slip in the name of a directory makes no second house.
func TestCommandsMakeNoHouse(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "typo")
	status, out, said := execute(t, nil, "deliveries", "--data-dir", dir)
	if status == 0 || out != "" || !strings.Contains(said, "data_dir") || !strings.Contains(said, "setup") {
		t.Errorf("status %d, printed %q, said %q", status, out, said)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the directory was made: %v", err)
	}
}

// A secret is replaced while the server runs: both are accepted during a rotation, and
// the old one no longer afterwards.
func TestSecretsAreReplaced(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		id, webhook := h.inbox(phoneNumberID, nowhere)
		h.start()
		fresh := h.file("fresh", "the fresh secret")
		post := func(secret string, n int) int {
			body := said(n, "signed with "+secret)
			return h.ask(http.MethodPost, webhook, body, "X-Hub-Signature-256", signature(secret, body)).status
		}
		if got := post("the fresh secret", 1); got != http.StatusUnauthorized {
			t.Errorf("a secret that is not known yet: %d", got)
		}
		var done struct{ Done bool }
		h.command(&done, "inbox", "secrets", id, "--json", "--app-secret-file", fresh, "--app-secret-file", h.file("app", appSecret))
		eventually(t, 5*time.Second, "the fresh secret is known", func() bool { return post("the fresh secret", 2) == http.StatusOK })
		if got := post(appSecret, 3); got != http.StatusOK {
			t.Errorf("the old secret during the rotation: %d", got)
		}
		h.command(&done, "inbox", "secrets", id, "--json", "--app-secret-file", fresh)
		eventually(t, 5*time.Second, "the old secret is forgotten", func() bool { return post(appSecret, 4) == http.StatusUnauthorized })
		if status, out, said := h.run("inbox", "secrets", id); status == 0 || out != "" || !strings.Contains(said, "secrets") {
			t.Errorf("no secret given: status %d, %q, %q", status, out, said)
		}
	})
}

// The facts of a Controller that was named alone follow later.
func TestFactsFollow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var done struct{ Done bool }
	h.command(&done, "controller", "change", h.controller, "--json", "--controller-file", h.file("controller.toml", `
name = "Muster Versicherung AG"
address = "Musterstraße 1, 50667 Köln"
seat = "Köln"
land = "NW"
authority = "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen"
privacy_url = "https://muster-versicherung.example/datenschutz"
alternative = "Telefon 0221 000000"
[dpo]
name = "Datenschutzbeauftragte der Muster Versicherung AG"
email = "datenschutz@muster-versicherung.example"
[[purposes]]
name = "Vertrags- und Schadenbearbeitung"
basis = "6(1)(b)"
`))
	h.start()
	if a := h.call(http.MethodGet, "/me", ""); !strings.Contains(a.body, "Muster Versicherung AG") {
		t.Errorf("the house is called %s", a.body)
	}
}
