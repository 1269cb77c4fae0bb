package main_test

import (
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
)

// canary is personal data or a secret that must not be found in the open: by what it
// is, so that a finding does not repeat it.
type canary struct{ name, text string }

// forms are the ways text may be written down: plain, in hex and in base64, where it
// may begin at any of the three places of a group.
func forms(text string) []string {
	digits := hex.EncodeToString([]byte(text))
	all := []string{text, digits, strings.ToUpper(digits)}
	for shift := range 3 {
		shifted := []byte(strings.Repeat("-", shift) + text)
		from, to := (shift*8+5)/6, len(shifted)*8/6 // characters that no neighbour has a part in
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			all = append(all, e.EncodeToString(shifted)[from:to])
		}
	}
	return all
}

// traces names the canaries that a text holds.
func traces(text string, canaries []canary) []string {
	var found []string
	for _, c := range canaries {
		if slices.ContainsFunc(forms(c.text), func(form string) bool { return strings.Contains(text, form) }) {
			found = append(found, c.name)
		}
	}
	return found
}

// wantNoTraces fails if a text holds a canary.
func wantNoTraces(t testing.TB, where, text string, canaries []canary) {
	t.Helper()
	if found := traces(text, canaries); len(found) > 0 {
		t.Errorf("%s holds in the open: %s", where, strings.Join(found, ", "))
	}
}

// TestForms hides a word at every place of a longer text and finds it again.
func TestForms(t *testing.T) {
	t.Parallel()
	hidden := []canary{{"word", "Kanarienvogel"}}
	for n := range 7 {
		text := []byte(strings.Repeat("x", n) + "Kanarienvogel" + strings.Repeat("?", n))
		for _, written := range []string{
			string(text), fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), base64.StdEncoding.EncodeToString(text), base64.RawURLEncoding.EncodeToString(text),
		} {
			if len(traces(written, hidden)) != 1 {
				t.Errorf("not found in %q", written)
			}
		}
	}
	if got := traces("Kanarienvoge1 4b616e617269656e766f67", hidden); len(got) > 0 {
		t.Error("found where it is not")
	}
}

// outspoken lets the house's servers log everything, as JSON.
func (h *house) outspoken() {
	h.env = append(h.env, "BOTSCHAFT_LOG_LEVEL=debug", "BOTSCHAFT_LOG_FORMAT=json")
}

// secrets are what the house was set up with.
func (h *house) secrets() []canary {
	return []canary{
		{"the app secret", appSecret}, {"the access token", accessToken}, {"the verify token", verifyToken},
		{"the admin's password", adminPassword}, {"the admin's e-mail address", adminEmail}, {"the API token", h.token},
	}
}

// What the customer of TestNothingIsInTheOpen is and says.
const (
	canaryText   = "Mein Beinbruch vom Kanarienberg"
	canaryName   = "Kunigunde Kanari"
	canaryNumber = "4915799887766"
	canaryReply  = "Gute Besserung nach Kanarien"
)

// canaryWamid holds the number in base64, as Meta's do.
var canaryWamid = "wamid.HBgN" + base64.StdEncoding.EncodeToString([]byte(canaryNumber)) + "FQIAEhgUM0E"

// TestNothingIsInTheOpen lets a customer write and an agent reply, and looks for both
// in everything the house leaves behind: log, metrics, files and tables.
func TestNothingIsInTheOpen(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		p := newProvider(t)
		_, webhook := h.inbox(phoneNumberID, p.url)
		h.outspoken()
		metrics := h.measured()
		h.start()
		body := strings.NewReplacer("4915700000001", canaryNumber, "Anna Muster", canaryName, "wamid.said.1", canaryWamid).Replace(said(1, canaryText))
		wantStatus(t, "webhook", h.deliver(webhook, body), http.StatusOK)
		h.awaitTexts(canaryText)
		conversation := h.conversation()
		wantStatus(t, "reply", h.reply(conversation, "1", canaryReply), http.StatusCreated)
		h.awaitStatus(canaryReply, "sent")
		reply := p.sent()[1] // behind the notice
		wantStatus(t, "status", h.deliver(webhook, news(reply, canaryNumber, "delivered")), http.StatusOK)
		h.awaitStatus(canaryReply, "delivered")
		hidden := append(h.secrets(), canary{"the text", canaryText}, canary{"the name", canaryName}, canary{"the number", canaryNumber},
			canary{"the wamid", canaryWamid}, canary{"the reply", canaryReply}, canary{"the reply's wamid", reply})
		wantNoTraces(t, "the metrics", metrics(), hidden)
		h.search(hidden) // with what SQLite keeps beside the database meanwhile
		if status := h.serving.end(t, syscall.SIGTERM); status != 0 {
			t.Errorf("the server ended with status %d", status)
		}
		h.search(hidden)
		wantNoTraces(t, "the log", h.serving.said.String(), hidden)
		wantStructured(t, h.serving.said.String())
	})
}

// wantStructured checks that each line of a log is an object with time, level and
// message, and that there are lines of each request.
func wantStructured(t testing.TB, log string) {
	t.Helper()
	requests := 0
	for line := range strings.Lines(log) {
		var l struct{ Time, Level, Msg, Route string }
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Time == "" || l.Level == "" || l.Msg == "" {
			t.Errorf("a line of the log is not structured: %q", line)
		}
		if l.Msg == "request" && l.Route != "" {
			requests++
		}
	}
	if requests < 5 {
		t.Errorf("the log tells of %d requests:\n%s", requests, log)
	}
}

// search looks into every file of the data directory and every row of a PostgreSQL.
// That it finds the Controller's name, which is no secret, shows that it can see.
func (h *house) search(hidden []canary) {
	h.t.Helper()
	open := []canary{{"the controller", "Muster Versicherung AG"}}
	seen, files := false, 0
	must(h.t, filepath.WalkDir(filepath.Join(h.dir, "data"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		seen = seen || len(traces(string(text), open)) > 0
		wantNoTraces(h.t, "the file "+d.Name(), string(text), hidden)
		return nil
	}))
	for _, database := range h.databases() {
		text := dump(h.t, database)
		files++
		seen = seen || len(traces(text, open)) > 0
		wantNoTraces(h.t, "a PostgreSQL", text, hidden)
	}
	if !seen || files < 2 {
		h.t.Errorf("looked into %d places and saw nothing", files)
	}
}

// databases gives the addresses of the house's PostgreSQL.
func (h *house) databases() []string {
	var found []string
	for _, arg := range h.place {
		if strings.HasPrefix(arg, "postgres://") {
			found = append(found, arg)
		}
	}
	return found
}

// dump gives every row of a database as text; bytes are in hex.
func dump(t testing.TB, url string) string {
	t.Helper()
	db, err := sql.Open("pgx", url)
	must(t, err)
	defer func() { _ = db.Close() }()
	var out strings.Builder
	for _, table := range column(t, db, "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'") {
		for _, row := range column(t, db, "SELECT CAST(t AS TEXT) FROM "+table+" t") {
			out.WriteString(row + "\n")
		}
	}
	return out.String()
}

// column gives the one column of a query.
func column(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var v string
		must(t, rows.Scan(&v))
		all = append(all, v)
	}
	must(t, rows.Err())
	return all
}
