package auth

import (
	"crypto/rand"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// Length of a password, in characters. Length is the only rule: NIST SP 800-63B
// advises against prescribing kinds of characters.
const (
	minPassword = 10
	maxPassword = 256
)

// CheckPassword tells whether password may become one; the error's field is
// "password".
func CheckPassword(password private.Text) error {
	s := password.Reveal()
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return desk.Invalid("password", "must be valid text")
	}
	switch n := utf8.RuneCountInString(norm.NFC.String(s)); {
	case n < minPassword:
		return desk.Invalid("password", "must have at least 10 characters")
	case n > maxPassword:
		return desk.Invalid("password", "must have at most 256 characters")
	}
	if first, size := utf8.DecodeRuneInString(s); strings.Count(s, string(first))*size == len(s) {
		return desk.Invalid("password", "must not repeat one character")
	}
	return nil
}

// RandomPassword makes a password a person can copy: four groups of five
// characters that are not mistaken for one another, 98 bits in all.
func RandomPassword() private.Text {
	const alphabet = "abcdefghjkmnpqrstuvwxyz23456789" // 31, without i, l, o, 0, 1
	var s strings.Builder
	var b [1]byte
	for n := 0; n < 20; {
		_, _ = rand.Read(b[:]) // never fails
		if int(b[0]) >= 256/len(alphabet)*len(alphabet) {
			continue // would favour the first letters
		}
		if n > 0 && n%5 == 0 {
			s.WriteByte('-')
		}
		s.WriteByte(alphabet[int(b[0])%len(alphabet)])
		n++
	}
	return private.NewText(s.String())
}
