package consent

import "testing"

// A slip of the finger in the word for advertising hides no withdrawal, and weariness of what
// comes is left to a person; what only looks like either is not touched (GDPR Art. 7(3)).
func TestSlipsOfTheFinger(t *testing.T) {
	for text, want := range map[string]Verdict{
		"bitte keine werbng mehr":                   Withdrawn,
		"keine Werbungen":                           Withdrawn,
		"keine Webrung":                             Withdrawn,
		"keine Werbug mehr":                         Withdrawn,
		"keine werbnug mehr":                        Withdrawn,
		"keine Werbun":                              Withdrawn,
		"keine reklme mehr":                         Withdrawn,
		"keine Infos mehr":                          Unsure,
		"Ich will diese Nachrichten nicht mehr":     Unsure,
		"Ich möchte nichts mehr von Ihnen hören":    Unsure,
		"Melden Sie mich ab":                        Unsure,
		"Ich will abgemeldet werden":                Unsure,
		"Es gab keine Wertung mehr":                 Silent,
		"keine Wertung":                             Silent,
		"Das Auto ist abgemeldet":                   Silent,
		"Ich habe keine Nachrichten mehr bekommen":  Silent,
		"Melden Sie mich bitte zum Rückruf an":      Silent,
		"Ich habe nichts mehr von der Polizei":      Silent,
		"Die Bewertung der Werkstatt war nicht gut": Silent,
	} {
		if got := Read(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
