package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"botschaft/internal/desk"
)

const (
	prefix = "BOTSCHAFT_"
	// configVariable names the TOML file, as --config does.
	configVariable = prefix + "CONFIG"
	// testPrefix marks variables of the test suite, which are not ours to judge.
	testPrefix = prefix + "TEST_"
)

// injected matches what Kubernetes adds for a Service called botschaft or
// botschaft-…: BOTSCHAFT_SERVICE_HOST, BOTSCHAFT_PORT_8080_TCP_ADDR and the like.
var injected = regexp.MustCompile(`^BOTSCHAFT_(.+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)

// splitEnviron picks our variables and refuses those that mean nothing.
func splitEnviron(environ []string) (map[string]string, []error) {
	env := map[string]string{}
	for _, line := range environ {
		if name, value, _ := strings.Cut(line, "="); strings.HasPrefix(name, prefix) {
			env[name] = value
		}
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if !known(name, env[name]) {
			errs = append(errs, desk.Invalid(name, "is not a variable of Botschaft"))
		}
	}
	return env, errs
}

func known(name, value string) bool {
	if name == configVariable || strings.HasPrefix(name, testPrefix) || injected.MatchString(name) {
		return true
	}
	if strings.HasSuffix(name, "_PORT") && regexp.MustCompile(`^(tcp|udp|sctp)://`).MatchString(value) {
		return true // Kubernetes again
	}
	key := strings.ToLower(strings.TrimPrefix(name, prefix))
	if name != prefix+strings.ToUpper(key) {
		return false
	}
	if find(key) != nil {
		return true
	}
	set := find(strings.TrimSuffix(key, "_file"))
	return strings.HasSuffix(key, "_file") && set != nil && set.secret
}

// addEnviron adds the variables. Both forms of one secret at once are an error:
// which was meant cannot be known.
func (v values) addEnviron(env map[string]string) []error {
	var errs []error
	if _, both := env["BOTSCHAFT_ROOT_KEY"]; both {
		if _, both = env["BOTSCHAFT_ROOT_KEY_FILE"]; both {
			errs = append(errs, desk.Invalid("BOTSCHAFT_ROOT_KEY", "and BOTSCHAFT_ROOT_KEY_FILE are both set"))
		}
	}
	for _, set := range settings {
		name := prefix + strings.ToUpper(set.key)
		value, given := env[name]
		if given {
			v.put(set.key, value, "environment variable "+name)
		}
		path, byFile := env[name+"_FILE"]
		if !set.secret || !byFile {
			continue
		}
		if given {
			errs = append(errs, desk.Invalid(name, "and "+name+"_FILE are both set"))
			continue
		}
		secret, err := readSecret(path)
		if err != nil {
			errs = append(errs, desk.Invalid(name+"_FILE", err.Error()))
			continue
		}
		v.put(set.key, secret, "the file of environment variable "+name+"_FILE")
	}
	return errs
}

// readSecret reads a secret from a file; surrounding white space does not count.
func readSecret(path string) (string, error) {
	if err := readable(path); err != nil {
		return "", err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fileError(err)
	}
	if len(b) > 64<<10 {
		return "", errors.New("names a file too large for a secret")
	}
	return strings.TrimSpace(string(b)), nil
}

// addFlags adds the flags that were set.
func (v values) addFlags(flags map[string]string) []error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		set := find(strings.ReplaceAll(name, "-", "_"))
		if set == nil || set.envOnly || strings.Contains(name, "_") {
			errs = append(errs, desk.Invalid("--"+name, "is not a flag of the configuration"))
			continue
		}
		v.put(set.key, flags[name], "flag --"+name)
	}
	return errs
}

// addFile adds the keys of the TOML file at path; no path adds nothing.
func (v values) addFile(path string) []error {
	if path == "" {
		return nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return []error{desk.Invalid("config", fileError(err).Error())}
	}
	doc := map[string]any{}
	if err := toml.Unmarshal(b, &doc); err != nil {
		return []error{desk.Invalid("config", "is not valid TOML"+lineOf(err))}
	}
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		set := find(key)
		switch {
		case set == nil:
			errs = append(errs, desk.Invalid(key, "is not a key of the configuration file"))
		case set.envOnly:
			errs = append(errs, desk.Invalid(key, "belongs into the environment, not into the configuration file"))
		default:
			text, err := scalar(doc[key])
			if err != nil {
				errs = append(errs, desk.Invalid(key, err.Error()+" (from the configuration file)"))
				continue
			}
			v.put(key, text, "the configuration file")
		}
	}
	return errs
}

// lineOf says where the syntax breaks; the parser's own message may quote the
// line, and with it a password.
func lineOf(err error) string {
	var p toml.ParseError
	if errors.As(err, &p) {
		return fmt.Sprintf(" (line %d)", p.Position.Line)
	}
	return ""
}

// scalar turns a TOML value into the text the settings read.
func scalar(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case []any:
		parts := make([]string, 0, len(v))
		for _, item := range v {
			s, ok := item.(string)
			if !ok {
				return "", errors.New("must be a list of strings")
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, ","), nil
	}
	return "", errors.New("must be a string or a list of strings")
}
