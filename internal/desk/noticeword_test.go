package desk_test

import (
	"testing"

	"botschaft/internal/desk"
)

// The word asks for the Notice alone or with courtesy, and not within a sentence.
func TestNoticeWord(t *testing.T) {
	for text, want := range map[string]string{
		"DATENSCHUTZ": "de", "Datenschutz bitte": "de", "Bitte Datenschutzhinweise!": "de", "privacy, please": "en", "Please privacy notice.": "en",
		"Was ist mit dem Datenschutz?": "", "bitte": "", "": "", "Datenschutzbeauftragte": "",
	} {
		if got, ok := desk.NoticeWord(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t", text, got, ok)
		}
	}
}
