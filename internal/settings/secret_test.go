package settings_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/hook"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/whatsapp"
)

// rows gives every value of every table, one after the other.
func (w *world) rows(t *testing.T) []byte {
	t.Helper()
	ctx, db := context.Background(), w.database(t)
	list := "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
	if strings.HasPrefix(w.url, "sqlite:") {
		list = "SELECT name FROM sqlite_master WHERE type = 'table'"
	}
	var tables []string
	found, err := db.QueryContext(ctx, list)
	must(t, err)
	for found.Next() {
		var name string
		must(t, found.Scan(&name))
		tables = append(tables, name)
	}
	must(t, found.Err())
	var out bytes.Buffer
	for _, table := range tables {
		found, err := db.QueryContext(ctx, "SELECT * FROM "+table)
		must(t, err)
		columns, err := found.Columns()
		must(t, err)
		for found.Next() {
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			must(t, found.Scan(into...))
			for _, v := range values {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				fmt.Fprintf(&out, "%v\n", v)
			}
		}
		must(t, found.Err())
	}
	if out.Len() < 500 {
		t.Fatalf("%d tables hold %d bytes", len(tables), out.Len())
	}
	return out.Bytes()
}

// files gives what stands in the files of the data (SQLite) and of the vault.
func (w *world) files(t *testing.T) []byte {
	t.Helper()
	var out []byte
	path, ok := strings.CutPrefix(w.url, "sqlite:")
	if !ok {
		return nil
	}
	for _, pattern := range []string{path + "*", filepath.Join(filepath.Dir(filepath.Dir(path)), "*", "vault.db*")} {
		names, err := filepath.Glob(pattern)
		must(t, err)
		for _, name := range names {
			b, err := os.ReadFile(name)
			must(t, err)
			out = append(out, b...)
		}
	}
	if len(out) < 100_000 {
		t.Fatalf("the files hold %d bytes", len(out))
	}
	return out
}

// forms are the ways in which a word may show: as it is, in hexadecimal, in base64 at
// each of its three offsets.
func forms(word string) map[string][]byte {
	out := map[string][]byte{"raw": []byte(word), "hex": []byte(hex.EncodeToString([]byte(word)))}
	for offset := range 3 {
		padded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat(" ", offset) + word))
		out[fmt.Sprintf("base64+%d", offset)] = []byte(padded[(offset*8+5)/6 : len(padded)-1])
	}
	return out
}

// leaves checks that none of the words shows in what was read.
func (w *world) leaves(t *testing.T, read []byte, where string, words ...string) {
	t.Helper()
	for _, word := range words {
		for form, shape := range forms(word) {
			if bytes.Contains(read, shape) {
				t.Errorf("%s shows %q (%s)", where, word, form)
			}
		}
	}
}

// Secrets are written and never read back, not from the database either; and what is
// known of Agents is sealed.
func TestSecretsAreWriteOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		canaries := []string{
			"canary-app-secret-new", "canary-app-secret-old", "canary-access-token", "canary-verify-token", "canary-password-1",
			"canary.agent@muster.example", "Canary Agentin",
		}
		n := w.newInbox()
		n.Secrets = desk.InboxSecrets{
			AppSecrets:  []private.Key{key(canaries[0]), key(canaries[1])},
			AccessToken: key(canaries[2]), VerifyTokens: []private.Key{key(canaries[3])},
		}
		id, err := w.CreateWhatsAppInbox(ctx, shell, n)
		must(t, err)
		agent, err := w.CreateAgent(ctx, shell, settings.NewAgent{Email: text(canaries[5]), Name: text(canaries[6]), Role: desk.RoleAdmin, Password: text(canaries[4])})
		must(t, err)
		must(t, w.ResetPassword(ctx, shell, agent, text(canaries[4])))
		_, token, err := w.CreateToken(ctx, shell, settings.NewToken{Agent: agent})
		must(t, err)
		must(t, w.PauseInbox(ctx, shell, id, "a test"))
		must(t, w.DisableAgent(ctx, shell, agent, "a test"))
		canaries = append(canaries, token.Reveal())
		w.leaves(t, w.rows(t), "a table", canaries...)
		w.leaves(t, w.files(t), "a file", canaries...)

		entry, err := w.directory(t).Inbox(ctx, id)
		must(t, err)
		shown, err := json.Marshal(entry)
		must(t, err)
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
			shown = fmt.Appendf(shown, verb, *entry)
		}
		w.leaves(t, shown, "a print of the inbox", canaries...)
		// What must be known is known all the same, or this test would look for nothing.
		if string(entry.Secrets.AccessToken.Reveal()) != canaries[2] || len(entry.Secrets.AppSecrets) != 2 {
			t.Error("the secrets were not kept")
		}
		for form, shape := range forms("canary-access-token") {
			if !bytes.Contains([]byte("x canary-access-token "+hex.EncodeToString([]byte("canary-access-token"))+
				base64.StdEncoding.EncodeToString([]byte("0canary-access-token"))+base64.StdEncoding.EncodeToString([]byte("01canary-access-token"))+
				base64.StdEncoding.EncodeToString([]byte("canary-access-token"))), shape) {
				t.Errorf("the search for %s finds nothing", form)
			}
		}
	})
}

// While a secret is rotated both are accepted, at the handshake as well.
func TestSeveralSecrets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		n := w.newInbox()
		n.Secrets.AppSecrets = []private.Key{key("the new secret"), key("the old secret")}
		n.Secrets.VerifyTokens = []private.Key{key("new token"), key("old token")}
		id, err := w.CreateWhatsAppInbox(t.Context(), shell, n)
		must(t, err)
		entry, err := w.directory(t).Inbox(t.Context(), id)
		must(t, err)
		if first := entry.Secrets.AppSecrets[0].Reveal(); string(first) != "the new secret" {
			t.Errorf("the first secret is %q", first)
		}
		running, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		intake := hook.NewIntake(w.store)
		go func() { ended <- intake.Run(running) }()
		defer func() { stop(); must(t, <-ended) }()
		mux := http.NewServeMux()
		hook.New(w.directory(t), w.vault, intake, func(string, int) {}, silent).Routes(mux)
		asks := func(r *http.Request) int {
			answer := httptest.NewRecorder()
			mux.ServeHTTP(answer, r)
			return answer.Code
		}
		path := "/hooks/whatsapp/" + id.String()
		for secret, want := range map[string]int{"the new secret": 200, "the old secret": 200, "another": 401, "": 401} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader("{}"))
			r.Header.Set(whatsapp.SignatureHeader, whatsapp.Sign([]byte(secret), []byte("{}")))
			if got := asks(r); got != want {
				t.Errorf("signed with %q: status %d, want %d", secret, got, want)
			}
		}
		for token, want := range map[string]int{"new%20token": 200, "old%20token": 200, "another": 403, "": 403} {
			if got := asks(httptest.NewRequest(http.MethodGet, path+"?hub.mode=subscribe&hub.challenge=1&hub.verify_token="+token, nil)); got != want {
				t.Errorf("handshake with %q: status %d, want %d", token, got, want)
			}
		}
	})
}

// A new access token lets an Inbox try again that the Provider's errors paused, and not one
// that somebody paused; other secrets change nothing.
func TestANewTokenResumes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, id := t.Context(), w.inbox(t)
		paused := func() bool {
			t.Helper()
			all, err := w.Inboxes(ctx)
			must(t, err)
			return slices.ContainsFunc(all, func(in settings.InboxFacts) bool { return in.ID == id && in.Pause != nil })
		}
		token := desk.InboxSecrets{AccessToken: key("another-token")}
		in, err := w.Inbox(ctx, id)
		must(t, err)
		must(t, w.store.Update(ctx, func(tx *store.Tx) error {
			_, err := tx.PauseInbox(ctx, in.Controller, id, "190", tx.Now())
			return err
		}))
		must(t, w.ReplaceSecrets(ctx, shell, id, desk.InboxSecrets{VerifyTokens: []private.Key{key("verify")}}))
		if !paused() {
			t.Error("another verify token resumed it")
		}
		fresh := w.written(t, func() { must(t, w.ReplaceSecrets(ctx, shell, id, token)) })
		if paused() {
			t.Error("a new token did not resume it")
		}
		if got := acts(fresh); !slices.Contains(got, string(desk.ActInboxResumed)) {
			t.Errorf("audited: %v", got)
		}
		must(t, w.PauseInbox(ctx, shell, id, "Wartung"))
		must(t, w.ReplaceSecrets(ctx, shell, id, token))
		if !paused() {
			t.Error("a new token ended somebody's pause")
		}
	})
}
