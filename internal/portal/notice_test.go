package portal_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/papers"
	"botschaft/internal/portal"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
	"botschaft/internal/storetest"
	"botschaft/internal/vault"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// notices are what an Inbox had and has in use.
type notices []desk.Notice

func (n notices) Notices(context.Context, desk.InboxID) ([]desk.Notice, error) {
	return slices.Clone(n), nil
}

func versions(t *testing.T, inbox desk.InboxID) (all notices) {
	t.Helper()
	for version := int64(2); version > 0; version-- {
		for language, words := range map[string]string{"de": "Deutsche Worte", "en": "English words"} {
			long, err := json.Marshal([]papers.Section{
				{Item: "13(1)(a)", Title: "Wer", Text: []string{words, "Fassung <" + string(rune('0'+version)) + ">"}}, {Item: "21(4)", Title: "Widerspruch", Text: []string{"jederzeit"}},
			})
			must(t, err)
			all = append(all, desk.Notice{
				ID: desk.NewID[desk.Notice](), Inbox: inbox, Version: version, Language: language, Short: "Kurz. Alles: " + desk.PageMark, Long: string(long),
				At: time.Date(2026, 11, int(version), 12, 0, 0, 0, time.UTC),
			})
		}
	}
	return all
}

// open serves the pages of one Inbox.
func open(t *testing.T) (*http.Client, string, desk.Inbox) {
	t.Helper()
	ctx := t.Context()
	s := storetest.Open(t, storetest.MigratedSQLite(t), nil)
	v, err := vault.Open(ctx, vault.Config{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: private.NewKey([]byte(strings.Repeat("k", 32))), Clock: s.Now,
	})
	must(t, err)
	t.Cleanup(func() { _ = v.Close() })
	inbox := desk.Inbox{ID: desk.NewID[desk.Inbox](), Controller: desk.NewID[desk.Controller]()}
	must(t, v.AddController(ctx, inbox.Controller))
	secrets, err := vault.Seal(ctx, v, vault.ControllerOwner(inbox.Controller), vault.SecretsPlace(inbox.ID), desk.InboxSecrets{})
	must(t, err)
	must(t, s.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AddController(ctx, rows.AddControllerParams{ID: inbox.Controller, Name: "Muster AG", Facts: "{}", CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		return tx.AddInbox(ctx, rows.AddInboxParams{ID: inbox.ID, Controller: inbox.Controller, Channel: desk.ChannelWhatsApp, Secrets: secrets, CreatedAt: tx.Stamp()})
	}))
	d, err := directory.New(ctx, s, v)
	must(t, err)
	mux := http.NewServeMux()
	portal.New(d, versions(t, inbox.ID), time.UTC, slog.New(slog.DiscardHandler)).Routes(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.Client(), server.URL, inbox
}

// Everybody reads the Notice without a login, in the language of their browser, as a page and
// as PDF, each version of it (GDPR Art. 12(1), 13).
func TestNoticesArePublic(t *testing.T) {
	t.Parallel()
	client, url, inbox := open(t)
	for _, c := range []struct {
		path, accepts string
		status        int
		kind          string
		has, not      []string
	}{
		{inbox.NoticePath(), "fr, en;q=0.5", 200, "text/html", []string{`lang="en"`, "English words", "Version 2 of 2 November 2026"}, []string{"Deutsche", "no longer in force", desk.PageMark}},
		{inbox.NoticePath(), "de-AT", 200, "text/html", []string{`lang="de"`, "Deutsche Worte", "Fassung &lt;2&gt;", "?version=1", "/en?version=2", "notice.pdf?version=2"}, []string{"English words"}},
		{inbox.NoticePath() + "/de?version=1", "", 200, "text/html", []string{"Fassung &lt;1&gt;", "nicht mehr gilt"}, []string{"Fassung &lt;2&gt;"}},
		{inbox.NoticePath() + "/en/notice.pdf?version=1", "", 200, "application/pdf", []string{"%PDF-"}, nil},
		{"/papers/style.css", "", 200, "text/css", []string{"prefers-color-scheme"}, nil},
		{inbox.NoticePath() + "/de?version=9", "de", 404, "text/html", []string{"kein Datenschutzhinweis"}, nil},
		{inbox.NoticePath() + "/fr", "en", 404, "text/html", []string{"There is no privacy notice here"}, nil},
		{(&desk.Inbox{ID: desk.NewID[desk.Inbox]()}).NoticePath() + "/de", "de", 404, "text/html", []string{"kein Datenschutzhinweis"}, nil},
		{"/n/nonsense", "de", 404, "text/html", []string{"kein Datenschutzhinweis"}, nil},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+c.path, nil)
		must(t, err)
		r.Header.Set("Accept-Language", c.accepts)
		resp, err := client.Do(r)
		must(t, err)
		body, err := io.ReadAll(resp.Body)
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != c.status || !strings.HasPrefix(resp.Header.Get("Content-Type"), c.kind) || len(resp.Cookies()) > 0 {
			t.Errorf("%s: %d %v", c.path, resp.StatusCode, resp.Header)
		}
		for _, w := range c.has {
			if !strings.Contains(string(body), w) {
				t.Errorf("%s does not say %q", c.path, w)
			}
		}
		for _, w := range append(c.not, "<script") {
			if strings.Contains(string(body), w) {
				t.Errorf("%s says %q", c.path, w)
			}
		}
	}
}
