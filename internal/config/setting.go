package config

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/private"
)

// setting is one key of the configuration. Its TOML key is key, its variable
// BOTSCHAFT_KEY, its flag the key with dashes.
type setting struct {
	key     string
	preset  string // the default; empty = none, or derived from other keys
	empty   bool   // an empty value means "none"
	secret  bool   // may be read from a file named by BOTSCHAFT_KEY_FILE
	envOnly bool   // a flag would show it to every process, a TOML file to every backup
	read    func(*Config, string) error
}

// settings is the whole configuration in one table.
var settings = []setting{
	{key: "listen", preset: "127.0.0.1:8080", read: func(c *Config, v string) error { return readAddress(&c.Listen, v) }},
	{key: "metrics_listen", preset: "127.0.0.1:9464", empty: true, read: func(c *Config, v string) error { return readAddress(&c.MetricsListen, v) }},
	{key: "public_url", empty: true, read: readPublicURL},
	{key: "data_dir", preset: "botschaft-data", read: func(c *Config, v string) error { return readPath(&c.DataDir, v) }},
	{key: "database_url", secret: true, read: func(c *Config, v string) error { return readStore(&c.Database, v) }},
	{key: "vault_url", secret: true, read: func(c *Config, v string) error { return readStore(&c.Vault, v) }},
	{key: "root_key_file", read: func(c *Config, v string) error { return readPath(&c.RootKeyFile, v) }},
	{key: "next_root_key_file", read: func(c *Config, v string) error { return readPath(&c.NextRootKeyFile, v) }},
	{key: "root_key", envOnly: true, read: readRootKey},
	{key: "tls_cert_file", empty: true, read: func(c *Config, v string) error { return readFile(&c.TLSCertFile, v) }},
	{key: "tls_key_file", empty: true, read: func(c *Config, v string) error { return readFile(&c.TLSKeyFile, v) }},
	{key: "trusted_proxies", empty: true, read: readProxies},
	{key: "egress_proxy_url", empty: true, secret: true, read: readEgressProxy},
	{key: "ca_bundle_file", empty: true, read: func(c *Config, v string) error { return readFile(&c.CABundleFile, v) }},
	{key: "prices_file", empty: true, read: func(c *Config, v string) error { return readFile(&c.PricesFile, v) }},
	{key: "log_level", preset: "info", read: readLevel},
	{key: "log_format", preset: "text", read: readFormat},
	{key: "time_zone", preset: "Europe/Berlin", read: readZone},
	{key: "shutdown_timeout", preset: "20s", read: readShutdown},
}

// find gives the setting of a key, nil if there is none.
func find(key string) *setting {
	for i := range settings {
		if settings[i].key == key {
			return &settings[i]
		}
	}
	return nil
}

func readAddress(to *string, v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		return errors.New("must be host:port")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return errors.New("must end in a port between 0 and 65535")
	}
	*to = v
	return nil
}

func readPublicURL(c *Config, v string) error {
	u, err := url.Parse(v)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Opaque != "":
		return errors.New("must be https:// and a host")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return errors.New("must have no path, query or fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return errors.New("must begin with https:// unless the host is this machine: logins would travel in the clear")
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("must begin with https://")
	}
	c.PublicURL = &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}
	return nil
}

func isLoopback(host string) bool {
	host = strings.ToLower(host)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

func readPath(to *string, v string) error {
	abs, err := filepath.Abs(v)
	if err != nil {
		return errors.New("is not a usable path")
	}
	*to = abs
	return nil
}

// readFile wants a file that is there and readable now, so that a mistake shows
// at the start.
func readFile(to *string, v string) error {
	if err := readPath(to, v); err != nil {
		return err
	}
	return readable(*to)
}

func readable(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fileError(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return errors.New("names a directory, not a file")
	}
	return nil
}

// fileError says what is wrong without the path, which may be a secret in the
// wrong variable.
func fileError(err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return errors.New("names a file that does not exist")
	case errors.Is(err, os.ErrPermission):
		return errors.New("names a file that this process may not read")
	}
	return errors.New("names a file that cannot be read")
}

func readStore(to *Store, v string) (err error) {
	*to, err = parseStore(v)
	return err
}

func readRootKey(c *Config, v string) error {
	c.RootKey = private.NewKey([]byte(strings.TrimSpace(v)))
	return nil
}

func readProxies(c *Config, v string) error {
	for field := range strings.SplitSeq(v, ",") {
		field = strings.TrimSpace(field)
		p, err := netip.ParsePrefix(field)
		if a, addrErr := netip.ParseAddr(field); addrErr == nil && a.Zone() == "" {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return errors.New("must be addresses or CIDR ranges, separated by commas")
		}
		if p.Bits() == 0 {
			return errors.New("would trust everybody's forwarded headers; name the proxies")
		}
		if p.Addr().Is4In6() {
			return errors.New("must name IPv4 ranges in IPv4 form")
		}
		c.TrustedProxies = append(c.TrustedProxies, p.Masked())
	}
	return nil
}

func readEgressProxy(c *Config, v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return errors.New("must be the http:// or https:// URL of a proxy")
	}
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("must have no path, query or fragment; special characters of a password must be percent-encoded")
	}
	c.EgressProxy = private.NewText(v)
	return nil
}

func readLevel(c *Config, v string) error {
	switch v {
	case "debug":
		c.LogLevel = slog.LevelDebug
	case "info":
		c.LogLevel = slog.LevelInfo
	case "warn":
		c.LogLevel = slog.LevelWarn
	case "error":
		c.LogLevel = slog.LevelError
	default:
		return errors.New("must be debug, info, warn or error")
	}
	return nil
}

func readFormat(c *Config, v string) error {
	c.LogFormat = Format(v)
	if c.LogFormat != FormatText && c.LogFormat != FormatJSON {
		return errors.New("must be text or json")
	}
	return nil
}

func readZone(c *Config, v string) error {
	l, err := time.LoadLocation(v)
	if err != nil || v == "Local" {
		return errors.New(`must be the name of a time zone, such as "Europe/Berlin"`)
	}
	c.TimeZone = l
	return nil
}

func readShutdown(c *Config, v string) error {
	d, err := time.ParseDuration(v)
	if err != nil || d < time.Second || d > 10*time.Minute {
		return errors.New(`must be between "1s" and "10m"`)
	}
	c.ShutdownTimeout = d
	return nil
}
