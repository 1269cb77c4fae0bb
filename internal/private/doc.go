// Package private holds values that refuse to print themselves: texts, names
// and numbers of people, and secret keys.
//
// It promises that fmt, log/slog, encoding/json and encoding/text see only a
// mark in place of the value. The value comes out through Reveal alone, so that
// a search for "Reveal(" lists every place where personal data becomes readable;
// a guard test names the packages that may.
package private
