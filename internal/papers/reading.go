package papers

import (
	"regexp"
	"strings"
)

var (
	webAddress  = regexp.MustCompile(`https?://\S+|\S+@\S+`)
	sentenceEnd = regexp.MustCompile(`[.!?:\n]+(?:\s|$)`)
	aWord       = regexp.MustCompile(`[\p{L}]+`)
	syllable    = regexp.MustCompile(`(?i)[aeiouyäöü]+`)
)

// ReadingEase tells how easily a text is read, 0 to 100: the formula of Flesch, in German
// with the weights of Amstad. Addresses do not count; nobody reads them word by word.
func ReadingEase(text string, lang Language) float64 {
	text = webAddress.ReplaceAllString(text, "")
	sentences, words, syllables := 0, 0, 0
	for _, s := range sentenceEnd.Split(text, -1) {
		found := aWord.FindAllString(s, -1)
		if len(found) == 0 {
			continue
		}
		sentences++
		words += len(found)
		for _, w := range found {
			syllables += syllablesOf(w, lang)
		}
	}
	if words == 0 {
		return 0
	}
	length, weight := float64(words)/float64(sentences), float64(syllables)/float64(words)
	if lang == German {
		return 180 - length - 58.5*weight
	}
	return 206.835 - 1.015*length - 84.6*weight
}

// syllablesOf counts groups of vowels, which in English includes no silent e at the end.
func syllablesOf(word string, lang Language) int {
	n := len(syllable.FindAllString(word, -1))
	if lang != German && n > 1 && strings.HasSuffix(strings.ToLower(word), "e") && !strings.HasSuffix(strings.ToLower(word), "le") {
		n--
	}
	return max(1, n)
}
