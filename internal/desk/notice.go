package desk

import (
	"encoding/base64"
	"strings"
	"time"
)

// Notice is one version of the information of GDPR Art. 13 that an Inbox gives, in one
// language. A version is activated whole, in all its languages, and never changed.
type Notice struct {
	ID         NoticeID
	Controller ControllerID
	Inbox      InboxID
	Version    int64
	Language   string // de, en
	Tone       string // sie, du
	Digest     string // SHA-256 of every letter, in hex
	Short      string // layer 1; PageMark stands where layer 2 is
	Long       string // layer 2: JSON of its sections
	At         time.Time
	By         string // an Agent's id, or the kind of Actor
	Material   bool   // people who have seen an older one are shown this one, too
}

// Giving is the Notice that an Inbox gives at a moment: the SHA-256 of its newest version by
// language; none: it gives no Notice, and nothing leaves it.
type Giving struct {
	Inbox   InboxID
	Name    string
	Digests map[string]string
}

// PageMark stands in layer 1 for the address of layer 2, which is known when it is sent.
// It is as long as an address may be expected to be.
const PageMark = "https://nachrichten.versicherung.invalid/n/AAAAAAAAAAAAAAAAAAAAAA"

// NoticePath is where the pages of an Inbox's Notice are, below the house's public URL. It
// is short, since layer 1 has little room.
func (i *Inbox) NoticePath() string { return "/n/" + base64.RawURLEncoding.EncodeToString(i.ID[:]) }

// ParseNoticePath reads the last part of such a path.
func ParseNoticePath(text string) (InboxID, error) {
	var id InboxID
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != len(id) {
		return id, NotFound("notice")
	}
	copy(id[:], raw)
	return id, nil
}

// Showing is the evidence that a Contact was shown a Notice, or told a line more on an Occasion.
// It is never a consent.
type Showing struct {
	Message   MessageID // that carried it
	Notice    NoticeID
	Contact   ContactID
	Inbox     InboxID
	Version   int64
	At        time.Time
	Accepted  time.Time // by the Provider
	Delivered time.Time
	Read      time.Time
	Occasion  Occasion // empty: it was the Notice itself
	Line      string   // SHA-256 of the line, in hex; empty of the Notice
}

// SheetQuery says which sheet of evidence about a Contact is made.
type SheetQuery struct {
	Contact  ContactID
	Language string // de, en
	PDF      bool
	On       string // a day, 2026-11-30: which Notice the Contact had been shown by its end; empty: nobody asks
}

// NoticeLife is how long a Notice that was shown counts, unless policy says otherwise.
const NoticeLife = 365 * 24 * time.Hour

// noticeWords ask for the Notice, alone, in the language they are of.
var noticeWords = map[string]string{
	"datenschutz": "de", "datenschutzhinweis": "de", "datenschutzhinweise": "de", "datenschutzerklärung": "de", "datenschutzerklaerung": "de",
	"privacy": "en", "privacy notice": "en", "privacy policy": "en",
}

// noticeMarks may stand around such a word.
const noticeMarks = " \t\r\n.,!?\"'„“"

// NoticeWord tells whether a text asks for the Notice, and in which language.
func NoticeWord(text string) (language string, ok bool) {
	if len(text) > 64 {
		return "", false
	}
	text = strings.ToLower(strings.Trim(text, noticeMarks))
	for _, courtesy := range []string{"bitte", "please"} {
		text = strings.Trim(strings.TrimSuffix(strings.TrimPrefix(text, courtesy+" "), " "+courtesy), noticeMarks)
	}
	language, ok = noticeWords[text]
	return language, ok
}
