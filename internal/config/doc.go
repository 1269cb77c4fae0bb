// Package config reads the server's configuration: defaults, then a TOML file,
// then the environment, then flags; the later source wins.
//
// It promises a Config that is complete and consistent, or errors that name
// every offending key and where its value came from. It refuses unknown keys and
// unknown BOTSCHAFT_* variables, and it never repeats a value: one typed into the
// wrong place may be a password. A Config prints itself without secrets.
package config
