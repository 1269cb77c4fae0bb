package config

import (
	"log/slog"
	"net/netip"
	"net/url"
	"time"
	_ "time/tzdata" // time zones are part of the binary

	"botschaft/internal/private"
)

// Format is how log lines are written.
type Format string

// The log formats.
const (
	FormatText Format = "text"
	FormatJSON Format = "json"
)

// Config is what one server process needs to know. Load makes it; every path in
// it is absolute.
type Config struct {
	Listen          string         // host:port of the product; TOML listen
	MetricsListen   string         // host:port of /metrics; empty = off
	PublicURL       *url.URL       // scheme and host people use; no path, https unless loopback
	DataDir         string         // everything the server keeps outside a PostgreSQL
	Database        Store          // nouns, jobs, events, audit
	Vault           Store          // keys; a store of its own
	RootKeyFile     string         // file with the root key; empty if RootKey is given
	NextRootKeyFile string         // file with the root key that takes its place, if there is one
	RootKey         private.Key    // the root key as text, undecoded; only from the environment
	TLSCertFile     string         // PEM; empty = plain HTTP
	TLSKeyFile      string         // PEM; set together with TLSCertFile
	TrustedProxies  []netip.Prefix // whose forwarded headers count
	EgressProxy     private.Text   // http(s) URL of the corporate proxy, may hold a password; empty = none
	CABundleFile    string         // further PEM roots for outgoing TLS; empty = the system's alone
	PricesFile      string         // TOML with what the provider asks for, by day; empty = unknown
	LogLevel        slog.Level     // least severe line that is written
	LogFormat       Format         // text or json
	TimeZone        *time.Location // what the house shows
	ShutdownTimeout time.Duration  // how long open requests may finish
}

// Secure tells whether people reach the server by HTTPS, through a proxy or not.
func (c Config) Secure() bool { return c.PublicURL != nil && c.PublicURL.Scheme == "https" }

// VaultShared tells whether data and keys live in the same PostgreSQL server, so
// that erasure completes only when the server's archive has aged out.
func (c Config) VaultShared() bool {
	return c.Database.Engine == PostgreSQL && c.Vault.Engine == PostgreSQL && c.Database.host == c.Vault.host
}

// LogValue logs the configuration without secrets.
func (c Config) LogValue() slog.Value {
	public := ""
	if c.PublicURL != nil {
		public = c.PublicURL.String()
	}
	zone := ""
	if c.TimeZone != nil {
		zone = c.TimeZone.String()
	}
	return slog.GroupValue(
		slog.String("listen", c.Listen),
		slog.String("metrics_listen", c.MetricsListen),
		slog.String("public_url", public),
		slog.String("data_dir", c.DataDir),
		slog.String("database_url", c.Database.String()),
		slog.String("vault_url", c.Vault.String()),
		slog.String("root_key_file", c.RootKeyFile),
		slog.String("next_root_key_file", c.NextRootKeyFile),
		slog.Bool("root_key_given", !c.RootKey.IsEmpty()),
		slog.String("tls_cert_file", c.TLSCertFile),
		slog.String("tls_key_file", c.TLSKeyFile),
		slog.Any("trusted_proxies", c.TrustedProxies),
		slog.Bool("egress_proxy_given", !c.EgressProxy.IsEmpty()),
		slog.String("ca_bundle_file", c.CABundleFile),
		slog.String("prices_file", c.PricesFile),
		slog.String("log_level", c.LogLevel.String()),
		slog.String("log_format", string(c.LogFormat)),
		slog.String("time_zone", zone),
		slog.Duration("shutdown_timeout", c.ShutdownTimeout),
	)
}

// String is the configuration without secrets, for fmt.
func (c Config) String() string { return c.LogValue().String() }
