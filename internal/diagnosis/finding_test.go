package diagnosis_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/diagnosis"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// well is a house in which everything is as it should be, on PostgreSQL behind a proxy.
func well() diagnosis.Facts {
	on := func() map[string]string {
		return map[string]string{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on",
			"max_connections": "100", "superuser_reserved_connections": "3", "archive_mode": "off"}
	}
	data, keys := on(), on()
	data["archive_mode"] = "on"
	return diagnosis.Facts{
		At:    noon,
		Clock: &diagnosis.Clock{Ahead: 3 * time.Millisecond},
		Disks: []diagnosis.Disk{{What: "the data directory", Path: "/d", Free: 8 << 30, Keeps: true}},
		Files: []diagnosis.File{{What: "the root key", Path: "/k", Mode: 0o600, Secret: true, Owner: 7, House: 7}},
		Data:  &diagnosis.Database{Name: "postgres://db/d", Found: 5, Known: 5},
		Vault: &diagnosis.Vault{Name: "postgres://v/v", State: diagnosis.VaultOpen},
		Servers: []diagnosis.Server{
			{Name: "postgres://db/d", Keeps: "the data", Data: true, Pool: 24, Version: 170002, Settings: data, Encrypted: true, Used: 30, Limit: -1, Archived: noon},
			{Name: "postgres://v/v", Keeps: "the keys", Keys: true, Pool: 8, Version: 150004, Settings: keys, Local: true, Limit: -1},
		},
		RootKey: diagnosis.RootKey{Path: "/k"},
		Public: diagnosis.Public{URL: "https://desk.example", Secure: true, Status: 200, HSTS: true, Certificate: &diagnosis.Certificate{
			Name: "desk.example", From: noon.Add(-time.Hour), Until: noon.Add(60 * 24 * time.Hour), Named: true}},
		Proxies: diagnosis.Proxies{Trusted: true, Needed: true, Listen: "127.0.0.1:8080"},
		Hosts:   []diagnosis.Host{{Name: "graph.example", Purpose: "WhatsApp messages", Reached: diagnosis.StepAnswer, Status: 400, Took: time.Second}},
		Inboxes: []diagnosis.Inbox{{ID: "1", AppSecrets: 1, AccessToken: true, VerifyTokens: 1}},
		Work:    &diagnosis.Work{},
		Log:     &diagnosis.Log{Entries: 9, Protected: 9, Checkpoint: noon.Add(-time.Hour)},
		Days:    []time.Time{noon.Add(-24 * time.Hour)},
		Serving: diagnosis.Serving{Here: true, Address: "127.0.0.1:8080", Answers: true, Ready: true},
	}
}

func TestWell(t *testing.T) {
	found := diagnosis.Examine(well())
	for _, f := range found {
		if f.Severity != diagnosis.OK || f.Mend != "" || f.Looked == "" || f.Found == "" {
			t.Errorf("a house that is well: %+v", f)
		}
	}
	if got := diagnosis.Worst(found); got != diagnosis.OK {
		t.Errorf("the worst of it is %s", got)
	}
}

type facts = diagnosis.Facts

func pg(setting, value string, server int) func(*facts) {
	return func(f *facts) { f.Servers[server].Settings[setting] = value }
}

func sqlite(s diagnosis.SQLite) func(*facts) {
	return func(f *facts) { f.Data.SQLite, f.Servers = &s, nil }
}

// cases each spoil one thing in a house that is well.
var cases = map[string]struct {
	spoil func(*facts)
	want  string // "severity check: words", one per line
}{
	"configuration": {func(f *facts) { f.Settings = []string{"listen is wrong", "time_zone is wrong"} },
		"problem configuration: listen is wrong\nproblem configuration: time_zone is wrong"},
	"clock":       {func(f *facts) { f.Clock.Ahead = -2100 * time.Millisecond }, "problem clock: -2.1s ahead"},
	"clock mute":  {func(f *facts) { f.Clock.Trouble = "does not answer" }, "problem clock: does not answer"},
	"clock edge":  {func(f *facts) { f.Clock.Ahead = 2 * time.Second }, ""},
	"disk full":   {func(f *facts) { f.Disks[0].Free = 63 << 20 }, "problem disk: 63 MiB"},
	"disk low":    {func(f *facts) { f.Disks[0].Free = 900 << 20 }, "warning disk: 900 MiB"},
	"temp low":    {func(f *facts) { f.Disks[0].Free, f.Disks[0].Keeps = 900<<20, false }, ""},
	"disk gone":   {func(f *facts) { f.Disks[0].Trouble = "no such directory" }, "problem disk: no such directory"},
	"disk memory": {func(f *facts) { f.Disks[0].System = "tmpfs" }, "problem disk: memory"},
	"disk layer":  {func(f *facts) { f.Disks[0].System = "overlay" }, "warning disk: container"},
	"nfs": {func(f *facts) {
		sqlite(diagnosis.SQLite{Journal: "wal", Intact: "ok"})(f)
		f.Disks[0].System = "nfs"
	}, "problem disk: network file system (nfs)"},
	"nfs beside PostgreSQL": {func(f *facts) { f.Disks[0].System = "nfs" }, ""},
	"secret readable":       {func(f *facts) { f.Files[0].Mode = 0o640 }, "problem file_rights: 0640: others may read"},
	"credential":            {func(f *facts) { f.Files[0].Mode, f.Files[0].Given, f.Files[0].Owner = 0o440, true, 0 }, ""},
	"database readable":     {func(f *facts) { f.Files[0].Mode, f.Files[0].Secret = 0o644, false }, "warning file_rights: look into"},
	"writable":              {func(f *facts) { f.Files[0].Mode, f.Files[0].Secret = 0o602, false }, "problem file_rights: write"},
	"somebody else's":       {func(f *facts) { f.Files[0].Owner = 0 }, "warning file_rights: belongs to user 0"},
	"no database":           {func(f *facts) { f.Data.Trouble = "connection refused" }, "problem database: connection refused"},
	"no house":              {func(f *facts) { f.Data.Found = 0 }, "problem schema: no house"},
	"older schema":          {func(f *facts) { f.Data.Found = 4 }, "note schema: version 4"},
	"one ahead":             {func(f *facts) { f.Data.Found = 6 }, "warning schema: version 6"},
	"two ahead":             {func(f *facts) { f.Data.Found = 7 }, "problem schema: version 7"},
	"journal":               {sqlite(diagnosis.SQLite{Journal: "delete", Intact: "ok"}), "note database_settings: delete"},
	"damaged":               {sqlite(diagnosis.SQLite{Journal: "wal", Intact: "row 3 missing"}), "problem integrity: row 3"},
	"large":                 {sqlite(diagnosis.SQLite{Journal: "wal", Patience: time.Second}), "note integrity: within 1s"},
	"unreadable":            {sqlite(diagnosis.SQLite{Trouble: "not a database"}), "problem database_settings: not a database"},
	"old server":            {func(f *facts) { f.Servers[0].Version = 140011 }, "problem database_settings: version 14"},
	"replica":               {func(f *facts) { f.Servers[0].Replica = true }, "problem database_settings: replica"},
	"server away":           {func(f *facts) { f.Servers[1].Trouble = "connection refused" }, "problem database_settings: refused"},
	"fsync":                 {pg("fsync", "off", 0), "problem database_settings: fsync is off"},
	"synchronous":           {pg("synchronous_commit", "off", 1), "problem database_settings: synchronous_commit is off"},
	"local commit":          {pg("synchronous_commit", "local", 1), ""},
	"torn pages":            {pg("full_page_writes", "off", 0), "warning database_settings: full_page_writes"},
	"autovacuum":            {pg("autovacuum", "off", 0), "warning database_settings: autovacuum"},
	"autovacuum of keys":    {pg("autovacuum", "off", 1), "problem database_settings: autovacuum"},
	"in the clear":          {func(f *facts) { f.Servers[0].Encrypted = false }, "warning database_settings: in the clear"},
	"few connections":       {pg("max_connections", "20", 0), "problem connections: 17 are allowed"},
	"one node":              {pg("max_connections", "40", 0), "note connections: enough for 1"},
	"limited role":          {func(f *facts) { f.Servers[1].Limit = 4 }, "problem connections: 4 are allowed"},
	"shared":                {func(f *facts) { f.Shared = true }, "warning archive: aged out"},
	"archive of keys":       {pg("archive_mode", "on", 1), "note archive: destroyed key"},
	"no archive":            {pg("archive_mode", "off", 0), "note archive: last backup"},
	"archive fails":         {func(f *facts) { f.Servers[0].Failed = noon.Add(time.Minute) }, "problem archive: fails since"},
	"no vault":              {func(f *facts) { f.Vault.State = diagnosis.VaultNone }, "problem vault: no vault"},
	"wrong key":             {func(f *facts) { f.Vault.State = diagnosis.VaultWrongKey }, "problem vault: not the one"},
	"foreign":               {func(f *facts) { f.Vault.State = diagnosis.VaultForeign }, "problem vault: another installation"},
	"newer vault":           {func(f *facts) { f.Vault.State = diagnosis.VaultTooNew }, "problem vault: newer"},
	"vault away": {func(f *facts) { f.Vault.State, f.Vault.Trouble = diagnosis.VaultAway, "connection refused" },
		"problem vault: refused"},
	"key missing":       {func(f *facts) { f.RootKey.Missing, f.Vault = true, nil }, "problem root_key: missing"},
	"key not made yet":  {func(f *facts) { f.RootKey.Missing, f.Vault.State = true, diagnosis.VaultNone }, "note root_key: none yet\nproblem vault: no vault"},
	"key damaged":       {func(f *facts) { f.RootKey.Trouble = "holds no key" }, "problem root_key: holds no key"},
	"key in variable":   {func(f *facts) { f.RootKey.Environment = true }, "note root_key: variable"},
	"key beside data":   {func(f *facts) { f.RootKey.Beside = true }, "note root_key: data directory"},
	"this machine only": {func(f *facts) { f.Public = diagnosis.Public{URL: "http://localhost", Loopback: true} }, "note public_url: this machine"},
	"not https":         {func(f *facts) { f.Public.Secure, f.Public.Certificate = false, nil }, "problem public_url: not https"},
	"unreachable":       {func(f *facts) { f.Public.Trouble, f.Public.Certificate = "no such host", nil }, "warning public_url: no such host"},
	"mute":              {func(f *facts) { f.Public.Status = 0 }, "warning public_url: no answer"},
	"wrong answer":      {func(f *facts) { f.Public.Status = 404 }, "problem public_url: status 404"},
	"no server behind": {func(f *facts) { f.Public.Status, f.Serving = 502, diagnosis.Serving{} },
		"warning public_url: 502\nnote serving: none runs"},
	"HSTS":         {func(f *facts) { f.Public.HSTS = false }, "warning public_url: Strict-Transport-Security"},
	"ended":        {func(f *facts) { f.Public.Certificate.Until = noon.Add(-time.Minute) }, "problem certificate: ended"},
	"ends soon":    {func(f *facts) { f.Public.Certificate.Until = noon.Add(20 * 24 * time.Hour) }, "warning certificate: 20 days"},
	"begins later": {func(f *facts) { f.Public.Certificate.From = noon.Add(time.Hour) }, "problem certificate: begins"},
	"other name":   {func(f *facts) { f.Public.Certificate.Named = false }, "problem certificate: not for desk.example"},
	"chain":        {func(f *facts) { f.Public.Certificate.Chain = "unknown authority" }, "problem certificate: not trusted"},
	"no pair":      {func(f *facts) { f.Pair = &diagnosis.Pair{Trouble: "key does not match"} }, "problem certificate: match"},
	"pair of one's own": {func(f *facts) {
		f.Pair = &diagnosis.Pair{Certificate: *f.Public.Certificate}
		f.Pair.Certificate.Chain = "unknown"
	}, "warning certificate: not trusted"},
	"no proxy trusted": {func(f *facts) { f.Proxies.Trusted = false }, "warning trusted_proxies: one caller"},
	"no proxy needed":  {func(f *facts) { f.Proxies.Trusted, f.Proxies.Needed = false, false }, ""},
	"open":             {func(f *facts) { f.Proxies.Open = true }, "note trusted_proxies: beyond this machine"},
	"denied":           {func(f *facts) { f.Hosts[0].Reached = diagnosis.StepDenied }, "problem egress: refuses"},
	"no name":          {func(f *facts) { f.Hosts[0].Reached = diagnosis.StepNone }, "problem egress: name"},
	"no connection":    {func(f *facts) { f.Hosts[0].Reached = diagnosis.StepName }, "problem egress: no connection"},
	"no TLS":           {func(f *facts) { f.Hosts[0].Reached = diagnosis.StepConnect }, "problem egress: no TLS"},
	"no answer":        {func(f *facts) { f.Hosts[0].Reached = diagnosis.StepTLS }, "problem egress: no answer"},
	"proxy login":      {func(f *facts) { f.Hosts[0].Status = 407 }, "problem egress: login"},
	"provider ill":     {func(f *facts) { f.Hosts[0].Status = 503 }, "warning egress: 503"},
	"no inbox":         {func(f *facts) { f.Inboxes = nil }, "note inboxes: none"},
	"paused":           {func(f *facts) { f.Inboxes[0].Paused = noon }, "warning paused: since"},
	"no app secret":    {func(f *facts) { f.Inboxes[0].AppSecrets = 0 }, "problem secrets: app secret"},
	"no token":         {func(f *facts) { f.Inboxes[0].AccessToken = false }, "problem secrets: access token"},
	"no verify token":  {func(f *facts) { f.Inboxes[0].VerifyTokens = 0 }, "warning secrets: verify token"},
	"none to verify":   {func(f *facts) { f.Inboxes[0].VerifyTokens, f.Inboxes[0].NoVerify = 0, true }, ""},
	"closed":           {func(f *facts) { f.Inboxes[0].Closed = true }, "problem secrets: do not open"},
	"set aside":        {func(f *facts) { f.Work.SetAside, f.Work.OldestAside = 2, noon.Add(-time.Hour) }, "warning set_aside: 2 wait"},
	"set aside long":   {func(f *facts) { f.Work.SetAside, f.Work.OldestAside = 1, noon.Add(-25*24*time.Hour) }, "problem set_aside: lost in 5 days"},
	"work unread":      {func(f *facts) { f.Work.Trouble = "no such table" }, "problem set_aside: no such table"},
	"young doubt":      {func(f *facts) { f.Work.Doubt = noon.Add(-time.Minute) }, "note doubt: may settle"},
	"doubt":            {func(f *facts) { f.Work.Doubt = noon.Add(-time.Hour) }, "warning doubt: since"},
	"lag":              {func(f *facts) { f.Work.Inbound, f.Work.OldestInbound = 5, noon.Add(-30*time.Second) }, "warning waiting: 30s"},
	"stuck":            {func(f *facts) { f.Work.Inbound, f.Work.OldestInbound = 5, noon.Add(-time.Hour) }, "problem waiting: 1h0m0s"},
	"a moment":         {func(f *facts) { f.Work.Inbound, f.Work.OldestInbound = 5, noon.Add(-time.Second) }, ""},
	"waits for a server": {func(f *facts) {
		f.Work.Inbound, f.Work.OldestInbound, f.Serving = 5, noon.Add(-time.Hour), diagnosis.Serving{}
	}, "warning waiting: 5, the oldest\nnote serving: none runs"},
	"piles up":        {func(f *facts) { f.Work.Outbound = 1001 }, "warning waiting: 1001"},
	"unsigned":        {func(f *facts) { f.Log.Entries, f.Log.Unprotected = 10, noon.Add(-4*time.Minute) }, "problem checkpoint: although a server runs"},
	"unsigned lately": {func(f *facts) { f.Log.Entries, f.Log.Unprotected = 10, noon.Add(-2*time.Minute) }, ""},
	"unsigned, alone": {func(f *facts) {
		f.Log.Entries, f.Log.Unprotected, f.Serving = 10, noon.Add(-4*time.Minute), diagnosis.Serving{}
	}, "note checkpoint: protected up to 9\nnote serving: none runs"},
	"cut off":      {func(f *facts) { f.Log.Entries = 8 }, "problem checkpoint: fewer entries"},
	"log unread":   {func(f *facts) { f.Log.Trouble = "no such table" }, "problem checkpoint: no such table"},
	"old days":     {func(f *facts) { f.Days[0] = noon.Add(-32 * 24 * time.Hour) }, "problem day_keys: 1 are older"},
	"not ready":    {func(f *facts) { f.Serving.Ready, f.Serving.Checks = false, map[string]string{"disk": "is full"} }, "problem serving: disk: is full"},
	"locked, mute": {func(f *facts) { f.Serving.Answers, f.Serving.Trouble = false, "connection refused" }, "warning serving: refused"},
	"nothing there": {func(f *facts) {
		*f = facts{Serving: diagnosis.Serving{Trouble: "refused"}, RootKey: f.RootKey, Public: f.Public, At: noon}
	}, "note serving: none runs"},
}

// Exactly the Findings of each case come.
func TestFindings(t *testing.T) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := well()
			c.spoil(&f)
			var got []string
			for _, x := range diagnosis.Examine(f) {
				if x.Severity == diagnosis.OK {
					continue
				}
				got = append(got, fmt.Sprintf("%s %s: %s", x.Severity, x.Check, x.Found))
				if x.Mend == "" && x.Severity != diagnosis.Note || x.Looked == "" && x.Check != "certificate" {
					t.Errorf("without a mend, or not saying what was looked at: %+v", x)
				}
			}
			compare(t, got, strings.FieldsFunc(c.want, func(r rune) bool { return r == '\n' }))
		})
	}
}

// compare wants each of want among got, by its head and words, and nothing else there.
func compare(t *testing.T, got, want []string) {
	t.Helper()
	left := slices.Clone(got)
	for _, w := range want {
		head, words, _ := strings.Cut(w, ": ")
		at := slices.IndexFunc(left, func(g string) bool { return strings.HasPrefix(g, head+": ") && strings.Contains(g, words) })
		if at < 0 {
			t.Errorf("missing %q among %q", w, got)
			continue
		}
		left = slices.Delete(left, at, at+1)
	}
	if len(left) > 0 {
		t.Errorf("not expected: %q", left)
	}
}

func TestWorst(t *testing.T) {
	for want, found := range map[diagnosis.Severity][]diagnosis.Finding{
		diagnosis.OK:      nil,
		diagnosis.Note:    {{Severity: diagnosis.Note}, {Severity: diagnosis.OK}},
		diagnosis.Problem: {{Severity: diagnosis.Warning}, {Severity: diagnosis.Problem}, {Severity: diagnosis.Note}},
	} {
		if got := diagnosis.Worst(found); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
