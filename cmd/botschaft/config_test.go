package main_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// configCanary stands where a secret could; an error must not repeat it.
const configCanary = "Kanarienvogel4711"

// TestConfigErrors gives wrong values from every source: the error names key and
// source, and never the value, which may be a password in the wrong place.
func TestConfigErrors(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		toml  string
		env   []string
		flags []string
		words []string
	}{
		"unknown key":            {toml: `lisen = "` + configCanary + `"`, words: []string{"lisen", "not a key"}},
		"broken TOML":            {toml: "listen = \"127.0.0.1:1\"\ndatabase_url = " + configCanary, words: []string{"not valid TOML", "line 2"}},
		"listen, file":           {toml: `listen = "` + configCanary + `"`, words: []string{"listen", "host:port", "configuration file"}},
		"listen, environment":    {env: []string{"BOTSCHAFT_LISTEN=" + configCanary}, words: []string{"listen", "host:port", "BOTSCHAFT_LISTEN"}},
		"listen, flag":           {flags: []string{"--listen", configCanary}, words: []string{"listen", "host:port", "--listen"}},
		"duration, file":         {toml: `shutdown_timeout = "` + configCanary + `"`, words: []string{"shutdown_timeout", "10m", "configuration file"}},
		"duration, environment":  {env: []string{"BOTSCHAFT_SHUTDOWN_TIMEOUT=" + configCanary}, words: []string{"shutdown_timeout", "BOTSCHAFT_SHUTDOWN_TIMEOUT"}},
		"number for a duration":  {toml: "shutdown_timeout = 20", words: []string{"shutdown_timeout", "string"}},
		"URL, file":              {toml: `public_url = "` + configCanary + `"`, words: []string{"public_url", "https://", "configuration file"}},
		"URL, environment":       {env: []string{"BOTSCHAFT_PUBLIC_URL=http://" + configCanary}, words: []string{"public_url", "https://", "BOTSCHAFT_PUBLIC_URL"}},
		"URL, flag":              {flags: []string{"--public-url", "https://desk.example/" + configCanary}, words: []string{"public_url", "no path", "--public-url"}},
		"database, file":         {toml: `database_url = "mysql://erika:` + configCanary + `@db/x"`, words: []string{"database_url", "postgres://", "configuration file"}},
		"database, environment":  {env: []string{"BOTSCHAFT_DATABASE_URL=postgres://erika:" + configCanary + "@db"}, words: []string{"database_url", "database after the host"}},
		"database, flag":         {flags: []string{"--database-url", "postgres://erika:#" + configCanary + "@db/x"}, words: []string{"database_url", "percent-encoded", "--database-url"}},
		"vault, flag":            {flags: []string{"--vault-url", configCanary}, words: []string{"vault_url", "sqlite:", "--vault-url"}},
		"root key, file":         {toml: `root_key = "` + configCanary + `"`, words: []string{"root_key", "environment"}},
		"root key, environment":  {env: []string{"BOTSCHAFT_ROOT_KEY=" + configCanary}, words: []string{"root_key", "32 bytes", "base64"}},
		"unknown variable":       {env: []string{"BOTSCHAFT_DATABSE_URL=" + configCanary}, words: []string{"BOTSCHAFT_DATABSE_URL", "not a variable"}},
		"secret of no file":      {env: []string{"BOTSCHAFT_DATABASE_URL_FILE=" + configCanary}, words: []string{"BOTSCHAFT_DATABASE_URL_FILE", "does not exist"}},
		"proxies":                {env: []string{"BOTSCHAFT_TRUSTED_PROXIES=" + configCanary}, words: []string{"trusted_proxies", "CIDR"}},
		"outgoing proxy":         {env: []string{"BOTSCHAFT_EGRESS_PROXY_URL=erika:" + configCanary + "@proxy"}, words: []string{"egress_proxy_url", "proxy"}},
		"log level":              {env: []string{"BOTSCHAFT_LOG_LEVEL=" + configCanary}, words: []string{"log_level", "debug, info, warn or error"}},
		"time zone":              {toml: `time_zone = "` + configCanary + `"`, words: []string{"time_zone", "Europe/Berlin"}},
		"certificate":            {toml: `tls_cert_file = "` + configCanary + `"`, words: []string{"tls_cert_file", "does not exist"}},
		"metrics on the same":    {env: []string{"BOTSCHAFT_METRICS_LISTEN=127.0.0.1:4711"}, flags: []string{"--listen", "127.0.0.1:4711"}, words: []string{"metrics_listen", "differ"}},
		"two mistakes at a time": {toml: `log_format = "` + configCanary + `"`, flags: []string{"--listen", configCanary}, words: []string{"log_format", "--listen"}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := &house{t: t, dir: t.TempDir()}
			args := append([]string{"serve", "--data-dir", filepath.Join(h.dir, "data")}, c.flags...)
			if c.toml != "" {
				args = append(args, "--config", h.file("botschaft.toml", c.toml))
			}
			status, out, said := execute(t, c.env, args...)
			wantRefusal(t, what, status, out, said, c.words...)
			wantNoTraces(t, what, said, []canary{{"the value", configCanary}})
		})
	}
}

// The file is read, the environment overrules it, and a flag both.
func TestConfigSources(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	chosen := freeAddress(t)
	file := h.file("botschaft.toml", "listen = \"192.0.2.1:1\"\nlog_level = \"info\"\nlog_format = \"json\"\npublic_url = \"https://desk.example\"\nshutdown_timeout = \"5s\"\n")
	h.env = append(h.env, "BOTSCHAFT_LISTEN=192.0.2.2:2", "BOTSCHAFT_LOG_LEVEL=debug", "BOTSCHAFT_CONFIG="+file)
	h.listen = chosen
	h.start()
	if a := h.ask("GET", "/healthz", ""); !strings.HasPrefix(a.header.Get("Strict-Transport-Security"), "max-age=") {
		t.Errorf("people come by https, and the answer does not say so: %v", a.header)
	}
	want(t, "the end", h.serving.end(t, syscall.SIGTERM), 0)
	log := h.serving.said.String()
	for _, want := range []string{`"address":"` + chosen + `"`, `"public_url":"https://desk.example"`, `"level":"DEBUG"`} {
		if !strings.Contains(log, want) {
			t.Errorf("%s is missing in:\n%s", want, log)
		}
	}
}
