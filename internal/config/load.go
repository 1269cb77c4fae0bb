package config

import (
	"cmp"
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"botschaft/internal/desk"
)

// Sources are where values come from, beside the defaults.
type Sources struct {
	File    string            // path of the TOML file; empty: BOTSCHAFT_CONFIG, else none
	Environ []string          // KEY=value, as os.Environ gives it
	Flags   map[string]string // flags that were set, by name without dashes in front: "public-url"
}

// raw is a value before it is read, and where it came from. It stays private to
// this file's functions and is never printed.
type raw struct {
	value  string
	source string
}

// values collects the raw value of every key; later sources overwrite.
type values map[string]raw

// Load reads the configuration. The error joins one *desk.Error (code invalid,
// Field = TOML key or variable) per mistake; it holds no values.
func Load(s Sources) (Config, error) {
	vals := values{}
	for _, set := range settings {
		if set.preset != "" {
			vals[set.key] = raw{set.preset, "default"}
		}
	}
	env, errs := splitEnviron(s.Environ)
	errs = append(errs, vals.addFile(cmp.Or(s.File, env[configVariable]))...)
	errs = append(errs, vals.addEnviron(env)...)
	errs = append(errs, vals.addFlags(s.Flags)...)
	c, readErrs := vals.read()
	if errs = append(errs, readErrs...); len(errs) == 0 {
		errs = vals.complete(&c)
	}
	if len(errs) > 0 {
		return Config{}, errors.Join(errs...)
	}
	return c, nil
}

// put overwrites the value of a key. The two ways to give the root key exclude
// each other: the later source wins here too.
func (v values) put(key, value, source string) {
	switch key {
	case "root_key":
		delete(v, "root_key_file")
	case "root_key_file":
		delete(v, "root_key")
	}
	v[key] = raw{value, source}
}

// invalid blames a key and names the source of its value.
func (v values) invalid(key, text string) error {
	if from, ok := v[key]; ok {
		text += " (from " + from.source + ")"
	}
	return desk.Invalid(key, text)
}

func (v values) read() (Config, []error) {
	var c Config
	var errs []error
	for _, set := range settings {
		from, ok := v[set.key]
		if !ok {
			continue
		}
		if strings.TrimSpace(from.value) == "" {
			if !set.empty {
				errs = append(errs, v.invalid(set.key, "is empty"))
			}
			continue
		}
		if err := set.read(&c, from.value); err != nil {
			errs = append(errs, v.invalid(set.key, err.Error()))
		}
	}
	return c, errs
}

// complete derives what was not given and checks what belongs together.
func (v values) complete(c *Config) []error {
	v.derive(c)
	var errs []error
	blame := func(bad bool, key, text string) {
		if bad {
			errs = append(errs, v.invalid(key, text))
		}
	}
	blame(c.MetricsListen != "" && c.MetricsListen == c.Listen && !strings.HasSuffix(c.Listen, ":0"),
		"metrics_listen", "must differ from listen")
	blame(c.TLSCertFile != "" && c.TLSKeyFile == "", "tls_key_file", "is missing: tls_cert_file is set")
	blame(c.TLSCertFile == "" && c.TLSKeyFile != "", "tls_cert_file", "is missing: tls_key_file is set")
	blame(c.TLSCertFile != "" && !c.Secure(), "public_url", "must begin with https:// when TLS is configured")
	blame(c.Database.Engine == PostgreSQL && c.Vault.Engine == SQLite,
		"vault_url", "must be a PostgreSQL too: every node needs the same keys")
	blame(c.Database.Engine == SQLite && c.Vault.Path == c.Database.Path,
		"vault_url", "must not be the file of the database: keys live in a store of their own")
	if c.Database.Engine == PostgreSQL || c.Vault.Engine == PostgreSQL {
		blame(c.RootKey.IsEmpty() && c.RootKeyFile == "", "root_key_file",
			"must be configured with PostgreSQL, or the key itself in BOTSCHAFT_ROOT_KEY")
		if c.RootKeyFile != "" {
			if err := readable(c.RootKeyFile); err != nil {
				errs = append(errs, v.invalid("root_key_file", err.Error()))
			}
		}
	}
	return errs
}

func (v values) derive(c *Config) {
	if c.Database.Engine == "" {
		c.Database = Store{Engine: SQLite, Path: filepath.Join(c.DataDir, "botschaft.db")}
	}
	if c.Vault.Engine == "" {
		c.Vault = c.Database
		if c.Database.Engine == SQLite {
			c.Vault = Store{Engine: SQLite, Path: filepath.Join(c.DataDir, "vault.db")}
		}
	}
	onFiles := c.Database.Engine == SQLite && c.Vault.Engine == SQLite
	if c.RootKeyFile == "" && c.RootKey.IsEmpty() && onFiles {
		c.RootKeyFile = filepath.Join(c.DataDir, "root.key")
	}
	if c.NextRootKeyFile == "" && c.RootKeyFile != "" {
		c.NextRootKeyFile = c.RootKeyFile + ".next"
	}
	if c.PublicURL == nil {
		c.PublicURL = ownURL(c.Listen, c.TLSCertFile != "")
	}
}

// ownURL is how this machine reaches its own listener. An address that means
// "all" becomes localhost.
func ownURL(listen string, tls bool) *url.URL {
	scheme := "http"
	if tls {
		scheme = "https"
	}
	host, port, _ := net.SplitHostPort(listen)
	if slices.Contains([]string{"", "0.0.0.0", "::"}, host) {
		host = "localhost"
	}
	return &url.URL{Scheme: scheme, Host: net.JoinHostPort(host, port)}
}
