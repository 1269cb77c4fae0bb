package desk

import (
	"slices"
	"strings"
)

// The plans of the countries whose numbers are written in several ways. There is no library of
// all numbering plans here: WhatsApp says which number an account has, so that only what people
// type must be understood, and that only so far as to find the account again.
const (
	home      = "49" // whose numbers are typed without a country
	brazil    = "55"
	mexico    = "52"
	argentina = "54"
)

// IsNumber tells whether digits can be a telephone number with its country (ITU-T E.164).
func IsNumber(digits string) bool {
	return 5 <= len(digits) && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

// Numbers gives the telephone numbers that somebody may mean who typed s, as +491701234567, the
// likeliest first: 0171 1234567, 0049 171 1234567, +49 (0)171 1234567 and 491711234567 are the
// same one. None, if s is no number; what looks like a business-scoped user id is none.
func Numbers(s string) []string {
	digits, international, ok := dialled(s)
	if !ok {
		return nil
	}
	var all []string
	add := func(digits string) {
		if !IsNumber(digits) {
			return
		}
		for _, d := range append([]string{digits}, lines(digits)...) {
			if !slices.Contains(all, "+"+d) {
				all = append(all, "+"+d)
			}
		}
	}
	switch {
	case international:
		add(trunkless(digits))
	case strings.HasPrefix(digits, "0"):
		add(home + digits[1:])
	default: // as WhatsApp writes it, or without its nought
		add(trunkless(digits))
		add(home + digits)
	}
	return all
}

// dialled reduces what was typed to digits. International numbers lose their + or 00.
func dialled(s string) (digits string, international, ok bool) {
	s = strings.TrimSpace(strings.TrimPrefix(strings.ToLower(clean(s)), "tel:"))
	if international = strings.HasPrefix(s, "+"); international {
		s = s[1:]
	}
	nought := strings.Contains(s, "(0)")
	var b strings.Builder
	for _, r := range strings.Replace(s, "(0)", "", 1) {
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case !strings.ContainsRune(" -–—‐‑./()\u00a0\u202f", r):
			return "", false, false
		}
	}
	digits = b.String()
	if after, cut := strings.CutPrefix(digits, "00"); cut && !international {
		digits, international = after, true
	}
	if nought && !international {
		digits = "0" + digits // (0)171 is 0171
	}
	return digits, international, digits != ""
}

// clean leaves out what copying a number takes along unseen.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff' || '\u200e' <= r && r <= '\u200f' || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069':
			return -1
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		}
		return r
	}, s)
}

// trunkless takes the nought away that Germans leave behind their country: no number there
// begins with one.
func trunkless(digits string) string {
	if rest, ok := strings.CutPrefix(digits, home+"0"); ok {
		return home + rest
	}
	return digits
}

// SameLines gives the other ways in which WhatsApp may write the account of a number, such as
// +491701234567; for most countries there is none.
func SameLines(number string) []string {
	other := lines(strings.TrimPrefix(number, "+"))
	for i := range other {
		other[i] = "+" + other[i]
	}
	return other
}

// lines knows three plans that were changed while accounts kept their old number: the ninth
// digit of Brazilian mobiles, the 1 that Mexico no longer dials, the 9 and the 15 of Argentine
// mobiles. Landlines are left alone.
func lines(digits string) []string {
	switch {
	case strings.HasPrefix(digits, brazil):
		return brazilian(digits[2:])
	case strings.HasPrefix(digits, mexico+"1") && len(digits) == 13:
		return []string{mexico + digits[3:]}
	case strings.HasPrefix(digits, mexico) && len(digits) == 12:
		return []string{mexico + "1" + digits[2:]}
	case strings.HasPrefix(digits, argentina+"9") && len(digits) == 13:
		return []string{argentina + digits[3:]}
	case strings.HasPrefix(digits, argentina) && len(digits) == 12:
		return []string{argentina + "9" + digits[2:]}
	case strings.HasPrefix(digits, argentina) && len(digits) == 14 && digits[2] != '9':
		return argentine(digits[2:])
	}
	return nil
}

// brazilian: two digits of the area, then eight, before which mobiles have got a 9. What begins
// with 2 to 5 stands on a wall.
func brazilian(national string) []string {
	switch {
	case len(national) == 11 && national[2] == '9' && national[3] >= '6':
		return []string{brazil + national[:2] + national[3:]}
	case len(national) == 10 && national[2] >= '6':
		return []string{brazil + national[:2] + "9" + national[2:]}
	}
	return nil
}

// argentine: an area of two to four digits, then the 15 that is dialled within the country.
func argentine(national string) (out []string) {
	for area := 2; area <= 4; area++ {
		if national[area:area+2] == "15" {
			short := national[:area] + national[area+2:]
			out = append(out, argentina+"9"+short, argentina+short)
		}
	}
	return out
}

// Sought gives the Identities by which somebody may be known, of whom s was typed: ids as they
// are, numbers in every spelling. None, if s is neither.
func Sought(s string) (kinds []IdentityKind, values []string) {
	if s = strings.TrimSpace(clean(s)); IsUserID(s) {
		return []IdentityKind{IdentityBSUID, IdentityParent}, []string{s, s}
	}
	for _, number := range Numbers(s) {
		kinds, values = append(kinds, IdentityPhone), append(values, number)
	}
	return kinds, values
}
