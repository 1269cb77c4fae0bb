package desk_test

import (
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

func TestNumbersInEverySpelling(t *testing.T) {
	for typed, want := range map[string]string{
		"0171 1234567":                "+491711234567",
		"0171/1234567":                "+491711234567",
		"0171-123 45 67":              "+491711234567",
		"(0171) 1234567":              "+491711234567",
		"(0)171 1234567":              "+491711234567",
		"0049 171 1234567":            "+491711234567",
		"0049 (0)171 1234567":         "+491711234567",
		"+49 (0)171 1234567":          "+491711234567",
		"+49 0171 1234567":            "+491711234567",
		"+49 171 1234567":             "+491711234567",
		"+491711234567":               "+491711234567",
		"tel:+49-171-1234567":         "+491711234567",
		"\u202a+49 171 1234567\u202c": "+491711234567",
		"49 171 1234567":              "+491711234567",
		"491711234567":                "+491711234567 +49491711234567",
		"1711234567":                  "+1711234567 +491711234567",
		"0221 123456":                 "+49221123456",
		"030 12345":                   "+493012345",
		"+39 06 12345678":             "+390612345678", // the nought belongs to Italian numbers
		"+41 (0)44 123 45 67":         "+41441234567",
		"+55 11 91234-5678":           "+5511912345678", // 9 and then 1 to 5: no such mobile without it
		"+55 11 98765-4321":           "+5511987654321 +551187654321",
		"551187654321":                "+551187654321 +5511987654321 +49551187654321",
		"+55 11 3456-7890":            "+551134567890", // a landline
		"+52 1 55 1234 5678":          "+5215512345678 +525512345678",
		"+52 55 1234 5678":            "+525512345678 +5215512345678",
		"+54 9 11 2345-6789":          "+5491123456789 +541123456789",
		"+54 11 2345-6789":            "+541123456789 +5491123456789",
		"+54 11 15 2345-6789":         "+54111523456789 +5491123456789 +541123456789",
		"DE.1349183":                  "",
		"DE.ENT.118":                  "",
		"US.15551234567":              "",
		"0171 CALL ME":                "",
		"":                            "",
		"+":                           "",
		"0000":                        "",
		"+49 171 1234567 1234567 1":   "",
		"anna":                        "",
		"٠١٧١١٢٣٤٥٦٧":                 "",
	} {
		got := strings.Join(desk.Numbers(typed), " ")
		if typed == "49 171 1234567" {
			got, _, _ = strings.Cut(got, " ")
		}
		if got != want {
			t.Errorf("%q may mean %q, want %q", typed, got, want)
		}
	}
}

func TestUserIDsAreNoNumbers(t *testing.T) {
	for s, want := range map[string]bool{
		"DE.1349183": true, "DE.ENT.118x": true, "US.15551234567": true, "DE.": false, "de.134": false, "D.134": false, "DE134": false,
		"+49.171": false, "DE.13 4": false, "DE.1é": false,
	} {
		if desk.IsUserID(s) != want {
			t.Errorf("IsUserID(%q) is not %v", s, want)
		}
		if want {
			kinds, values := desk.Sought(" " + s)
			if !slices.Equal(kinds, []desk.IdentityKind{desk.IdentityBSUID, desk.IdentityParent}) || values[0] != s {
				t.Errorf("%q is sought as %v %v", s, kinds, values)
			}
		}
	}
}

// Whatever is typed, what comes out is a number that means itself, and no id is ever one.
func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"0171 1234567", "+55 11 98765-4321", "DE.134", "+49 (0)171", "00", "+54 11 15 2345-6789"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all := desk.Numbers(s)
		if desk.IsUserID(s) && all != nil {
			t.Errorf("%q is an id and was read as a number", s)
		}
		for _, n := range all {
			if !desk.IsNumber(strings.TrimPrefix(n, "+")) || n[0] != '+' {
				t.Errorf("%q gives %q, which is no number", s, n)
			}
			if again := desk.Numbers(n); len(again) == 0 || again[0] != n && !strings.HasPrefix(n, "+490") {
				t.Errorf("%q gives %q, which means %q", s, n, again)
			}
			for _, same := range desk.SameLines(n) {
				if !desk.IsNumber(same[1:]) {
					t.Errorf("%q is written %q, which is no number", n, same)
				}
			}
		}
	})
}
