package config_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"botschaft/internal/config"
)

const canary = "Kanarienvogel4711"

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, s config.Sources) config.Config {
	t.Helper()
	c, err := config.Load(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	dir := t.TempDir()
	c := load(t, config.Sources{Flags: map[string]string{"data-dir": dir}, Environ: []string{"PATH=/bin", "HOME=/"}})
	for name, pair := range map[string][2]string{
		"listen":   {c.Listen, "127.0.0.1:8080"},
		"metrics":  {c.MetricsListen, "127.0.0.1:9464"},
		"public":   {c.PublicURL.String(), "http://127.0.0.1:8080"},
		"database": {c.Database.String(), "sqlite:" + filepath.Join(dir, "botschaft.db")},
		"vault":    {c.Vault.String(), "sqlite:" + filepath.Join(dir, "vault.db")},
		"root key": {c.RootKeyFile, filepath.Join(dir, "root.key")},
		"zone":     {c.TimeZone.String(), "Europe/Berlin"},
		"shutdown": {c.ShutdownTimeout.String(), "20s"},
		"format":   {string(c.LogFormat), "text"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %q, want %q", name, pair[0], pair[1])
		}
	}
	if c.Secure() || c.VaultShared() {
		t.Error("a default server is neither secure nor does it share its vault")
	}
}

func TestLaterSourceWins(t *testing.T) {
	file := write(t, "c.toml", `
listen = "127.0.0.1:1"
log_level = "warn"
time_zone = "UTC"
trusted_proxies = ["10.0.0.0/8", "::1"]
shutdown_timeout = "5s"
root_key_file = "/a"
`)
	c := load(t, config.Sources{
		File:    file,
		Environ: []string{"BOTSCHAFT_LISTEN=127.0.0.1:2", "BOTSCHAFT_LOG_LEVEL=error", "BOTSCHAFT_METRICS_LISTEN=", "BOTSCHAFT_ROOT_KEY=abc"},
		Flags:   map[string]string{"listen": "127.0.0.1:3", "public-url": "https://Desk.example/"},
	})
	if c.Listen != "127.0.0.1:3" || c.LogLevel != slog.LevelError || c.TimeZone != time.UTC || c.MetricsListen != "" {
		t.Errorf("got %v", c)
	}
	if len(c.TrustedProxies) != 2 || c.TrustedProxies[1].String() != "::1/128" || c.PublicURL.String() != "https://desk.example" {
		t.Errorf("got %v", c)
	}
	if c.RootKeyFile != "" || string(c.RootKey.Reveal()) != "abc" {
		t.Error("the environment's root key did not replace the file's")
	}
}

func TestFileFromEnvironment(t *testing.T) {
	file := write(t, "c.toml", `listen = "127.0.0.1:7"`)
	if c := load(t, config.Sources{Environ: []string{"BOTSCHAFT_CONFIG=" + file}}); c.Listen != "127.0.0.1:7" {
		t.Errorf("got %s", c.Listen)
	}
}

func TestPostgres(t *testing.T) {
	key := write(t, "root.key", "k")
	secret := write(t, "url", "postgres://bot:"+canary+"@db.example:5432/botschaft?sslmode=verify-full\n")
	c := load(t, config.Sources{Environ: []string{"BOTSCHAFT_DATABASE_URL_FILE=" + secret, "BOTSCHAFT_ROOT_KEY_FILE=" + key}})
	if !c.VaultShared() || c.Vault.URL.Reveal() != c.Database.URL.Reveal() {
		t.Error("without a vault URL, the keys live in the same server")
	}
	if got, want := c.Database.String(), "postgres://db.example:5432/botschaft"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !strings.HasSuffix(c.Database.URL.Reveal(), "verify-full") {
		t.Error("white space of the secret's file was kept")
	}
}

func TestErrorsNameKeyAndSource(t *testing.T) {
	env := func(kv ...string) config.Sources { return config.Sources{Environ: kv} }
	toml := func(text string) config.Sources { return config.Sources{File: write(t, "c.toml", text)} }
	flag := func(k, v string) config.Sources { return config.Sources{Flags: map[string]string{k: v}} }
	pg := "postgres://u:" + canary + "@h/d"
	for name, tc := range map[string]struct {
		src  config.Sources
		want []string
	}{
		"unknown variable":     {env("BOTSCHAFT_LISTN=" + canary), []string{"BOTSCHAFT_LISTN"}},
		"lower-case variable":  {env("BOTSCHAFT_listen=x"), []string{"BOTSCHAFT_listen"}},
		"file of no secret":    {env("BOTSCHAFT_LISTEN_FILE=x"), []string{"BOTSCHAFT_LISTEN_FILE"}},
		"unknown key":          {toml(`listn = "` + canary + `"`), []string{"listn"}},
		"broken TOML":          {toml("listen = \"a\"\ndatabase_url = " + canary), []string{"config", "line 2"}},
		"wrong type":           {toml(`listen = 80`), []string{"listen", "configuration file"}},
		"root key in TOML":     {toml(`root_key = "` + canary + `"`), []string{"root_key", "environment"}},
		"root key as flag":     {flag("root-key", canary), []string{"--root-key"}},
		"unknown flag":         {flag("colour", canary), []string{"--colour"}},
		"listen":               {flag("listen", canary), []string{"listen", "flag --listen"}},
		"empty":                {env("BOTSCHAFT_DATABASE_URL="), []string{"database_url", "empty", "BOTSCHAFT_DATABASE_URL"}},
		"database scheme":      {env("BOTSCHAFT_DATABASE_URL=mysql://" + canary), []string{"database_url", "BOTSCHAFT_DATABASE_URL"}},
		"password with an at":  {env("BOTSCHAFT_DATABASE_URL=postgres://u:on@" + canary + "@h/d"), []string{"database_url", "percent"}},
		"unencoded password":   {env("BOTSCHAFT_DATABASE_URL=postgres://u:1/" + canary + "@h/d"), []string{"database_url", "percent"}},
		"both forms":           {env("BOTSCHAFT_DATABASE_URL="+pg, "BOTSCHAFT_DATABASE_URL_FILE=x"), []string{"BOTSCHAFT_DATABASE_URL_FILE"}},
		"both root keys":       {env("BOTSCHAFT_ROOT_KEY="+canary, "BOTSCHAFT_ROOT_KEY_FILE=x"), []string{"BOTSCHAFT_ROOT_KEY_FILE"}},
		"postgres without key": {env("BOTSCHAFT_DATABASE_URL=" + pg), []string{"root_key_file"}},
		"sqlite vault":         {env("BOTSCHAFT_DATABASE_URL="+pg, "BOTSCHAFT_VAULT_URL=sqlite:v", "BOTSCHAFT_ROOT_KEY=x"), []string{"vault_url"}},
		"vault in database":    {env("BOTSCHAFT_DATABASE_URL=sqlite:a", "BOTSCHAFT_VAULT_URL=sqlite:./a"), []string{"vault_url"}},
		"plain public":         {flag("public-url", "http://desk.example"), []string{"public_url", "https"}},
		"public with path":     {flag("public-url", "https://desk.example/a"), []string{"public_url"}},
		"half of TLS":          {flag("tls-cert-file", write(t, "c.pem", "x")), []string{"tls_key_file"}},
		"missing file":         {flag("ca-bundle-file", "/nowhere/"+canary), []string{"ca_bundle_file", "does not exist"}},
		"everybody trusted":    {env("BOTSCHAFT_TRUSTED_PROXIES=0.0.0.0/0"), []string{"trusted_proxies"}},
		"proxy words":          {env("BOTSCHAFT_TRUSTED_PROXIES=" + canary), []string{"trusted_proxies"}},
		"egress":               {env("BOTSCHAFT_EGRESS_PROXY_URL=socks5://" + canary), []string{"egress_proxy_url"}},
		"zone":                 {flag("time-zone", "Local"), []string{"time_zone"}},
		"shutdown":             {flag("shutdown-timeout", "1h"), []string{"shutdown_timeout"}},
		"same port":            {flag("metrics-listen", "127.0.0.1:8080"), []string{"metrics_listen"}},
		"two at once":          {env("BOTSCHAFT_LISTEN=x", "BOTSCHAFT_LOG_LEVEL=x"), []string{"listen", "log_level"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Load(tc.src)
			if err == nil {
				t.Fatal("was accepted")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, which does not name %q", err, want)
				}
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("the error repeats the value: %v", err)
			}
		})
	}
}

func TestForeignVariablesAreIgnored(t *testing.T) {
	load(t, config.Sources{Environ: []string{
		"BOTSCHAFT_SERVICE_HOST=10.0.0.1", "BOTSCHAFT_SERVICE_PORT=80", "BOTSCHAFT_SERVICE_PORT_HTTP=80",
		"BOTSCHAFT_PORT=tcp://10.0.0.1:80", "BOTSCHAFT_PORT_80_TCP_ADDR=10.0.0.1", "BOTSCHAFT_WEB_PORT_80_TCP=tcp://x",
		"BOTSCHAFT_TEST_POSTGRES=x",
	}})
	if _, err := config.Load(config.Sources{Environ: []string{"BOTSCHAFT_PORT=8080"}}); err == nil {
		t.Error("a mistaken BOTSCHAFT_PORT was ignored")
	}
}

func TestPrintsWithoutSecrets(t *testing.T) {
	c := load(t, config.Sources{Environ: []string{
		"BOTSCHAFT_DATABASE_URL=postgres://" + canary + ":" + canary + "@h:1/d?password=" + canary,
		"BOTSCHAFT_ROOT_KEY=" + canary, "BOTSCHAFT_EGRESS_PROXY_URL=http://u:" + canary + "@p:3128",
	}})
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("configuration", "config", c, "pointer", &c)
	slog.New(slog.NewTextHandler(&out, nil)).Info("configuration", "config", c)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		fmt.Fprintf(&out, verb, c)
		fmt.Fprintf(&out, verb, &c)
		fmt.Fprintf(&out, verb, c.Database)
	}
	hexed := fmt.Sprintf("%x", canary)
	for _, form := range []string{canary, hexed, strings.ToUpper(hexed)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("a secret was printed:\n%s", out.String())
		}
	}
}

func TestSQLitePaths(t *testing.T) {
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"sqlite:a.db": filepath.Join(wd, "a.db"), "sqlite:/x/a.db": "/x/a.db", "sqlite:///x/a.db": "/x/a.db",
	} {
		c := load(t, config.Sources{Flags: map[string]string{"database-url": url}})
		if c.Database.Path != want {
			t.Errorf("%s: got %s, want %s", url, c.Database.Path, want)
		}
	}
	for _, url := range []string{"sqlite:", "sqlite://x/a.db", "sqlite::memory:", "sqlite:a?mode=rw", "sqlite:dir/"} {
		if _, err := config.Load(config.Sources{Flags: map[string]string{"database-url": url}}); err == nil {
			t.Errorf("%s was accepted", url)
		}
	}
}
