package desk

import (
	"strings"
	"unicode/utf8"

	"botschaft/internal/private"
)

// CheckWords trims what somebody typed and refuses what is too long, in characters, or missing
// where needed.
func CheckWords(field string, words private.Text, limit int, needed bool) (private.Text, error) {
	s := strings.TrimSpace(words.Reveal())
	switch {
	case needed && s == "":
		return private.Text{}, Invalid(field, "is missing")
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		return private.Text{}, Invalid(field, "must be valid text")
	case utf8.RuneCountInString(s) > limit:
		return private.Text{}, Invalid(field, "is too long")
	case s == "":
		return private.Text{}, nil
	}
	return private.NewText(s), nil
}
