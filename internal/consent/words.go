package consent

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Verdict says what a text means for advertising.
type Verdict int

// The verdicts.
const (
	Silent    Verdict = iota // it is about something else
	Unsure                   // it may be a withdrawal: a person decides, and advertising waits
	Withdrawn                // it is one (GDPR Art. 7(3), 21(2); § 7(2) UWG)
)

// Read tells whether a Contact who writes text wants no advertising any more.
func Read(text string) Verdict {
	sentences := split(text)
	verdict := alone(sentences)
	for _, s := range sentences {
		verdict = max(verdict, readSentence(s), min(alone([]string{s}), Unsure))
	}
	return verdict
}

const sentenceEnds = ".!?;\n\r|"

var (
	noEnd  = regexp.MustCompile(`(\d|\b(?:art|abs|nr|no|dr|bzw|ggf|evtl|inkl|vers|z|b|d|h|u|a))\.`)
	folded = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "'", "", "’", "", "`", "", "´", "")
)

// split folds a text to small letters without marks, a sentence each, between two spaces.
func split(text string) (sentences []string) {
	text = folded.Replace(strings.ToLower(norm.NFKC.String(text)))
	if strings.Contains(text, ".") {
		text = noEnd.ReplaceAllString(text, "$1 ")
	}
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(sentenceEnds, r) }) {
		words := strings.FieldsFunc(s, isNoLetter)
		for i, w := range words {
			words[i] = spelled(w)
		}
		if len(words) > 0 {
			sentences = append(sentences, " "+strings.Join(words, " ")+" ")
		}
	}
	return sentences
}

// meant are the words for advertising that a slip of the finger is taken for.
var meant = []string{"werbung", "reklame"}

// others are one letter from those and mean something else.
var others = set(`wertung werbend werbende`)

// spelled takes a slip of the finger for what it should have been.
func spelled(word string) string {
	if len(word) < 6 || len(word) > 9 || others[word] {
		return word
	}
	for _, w := range meant {
		if word == w+"en" || word == w+"s" || word[0] == w[0] && (swapped(word, w) || distance(word, w) <= 1) {
			return w
		}
	}
	return word
}

func isNoLetter(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }

// courtesy are the words that change nothing around a stop word.
var courtesy = set(`bitte danke dank vielen sofort jetzt gleich hallo hi hey moin guten tag morgen abend liebe lieben gruss gruesse gruessen beste besten viele schoene
	mfg lg vg freundliche freundlichen mit please pls plz thanks thank you now hello ok okay und and einfach mal doch endlich
	komplett alles ganz mich me all`)

// stops are the words that, alone, withdraw.
var stops = []string{"stop", "stopp", "abmelden", "abbestellen", "abbestellung", "unsubscribe", "austragen", "optout", "stopall"}

// endings are words that may mean the same, alone. (Abmeldung is as often that of a car.)
var endings = set(`ende end quit cancel aufhoeren beenden schluss kuendigen raus widerruf abmeldung`)

// opposites look like a slip of the finger and mean the opposite.
var opposites = set(`anmelden anmeldung auftragen bestellen subscribe`)

// alone reads a text that consists of a stop word and courtesy.
func alone(sentences []string) Verdict {
	rest := slices.DeleteFunc(strings.Fields(strings.Join(sentences, " ")), func(w string) bool { return courtesy[w] })
	joined := strings.Join(rest, "")
	switch {
	case len(rest) == 0:
		return Silent
	case isStop(joined) || !slices.ContainsFunc(rest, func(w string) bool { return !isStop(w) }):
		return Withdrawn
	case len(rest) == 1 && endings[rest[0]]:
		return Unsure
	case isStop(rest[0]) && len(rest) <= 4:
		return Unsure
	}
	return Silent
}

// isStop tells whether a word is a stop word, or one with a slip of the finger.
func isStop(word string) bool {
	if opposites[word] {
		return false
	}
	if word = squeezed(word, 2); squeezed(word, 1) == "stop" {
		return true
	}
	return slices.ContainsFunc(stops, func(s string) bool {
		return word == s || word == s+"en" || word == s+"e" || word != "" && word[0] == s[0] && swapped(word, s) ||
			len(s) >= 8 && max(len(word)-len(s), len(s)-len(word)) <= len(s)/8 && distance(word, s) <= len(s)/8
	})
}

// squeezed leaves no letter more than n times in a row.
func squeezed(word string, n int) string {
	var b strings.Builder
	same := 0
	for i := range len(word) {
		if same++; i == 0 || word[i] != word[i-1] {
			same = 1
		}
		if same <= n {
			b.WriteByte(word[i])
		}
	}
	return b.String()
}

// swapped tells whether two neighbours changed places.
func swapped(word, s string) bool {
	if len(word) != len(s) {
		return false
	}
	for i := range len(s) - 1 {
		if word[:i]+word[i+1:i+2]+word[i:i+1]+word[i+2:] == s {
			return true
		}
	}
	return false
}

// distance is how many letters must be added, removed or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}
