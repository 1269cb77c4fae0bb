package auth

import "strings"

// mark is a word in a User-Agent and what it says.
type mark struct{ word, name string }

// Browsers and systems by which an Agent recognises a Session of its own. Order
// matters: Edge calls itself Chrome and Safari, too.
var (
	browsers = []mark{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Chromium/", "Chromium"}, {"Safari/", "Safari"},
	}
	systems = []mark{
		{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"},
		{"Linux", "Linux"},
	}
)

// ClientOf names browser and system of a User-Agent, as in "Firefox · Windows". It
// gives our own words alone: neither versions nor anything else that was sent, which
// together would recognise a person's machine.
func ClientOf(userAgent string) string {
	var parts []string
	for _, marks := range [][]mark{browsers, systems} {
		for _, m := range marks {
			if strings.Contains(userAgent, m.word) {
				parts = append(parts, m.name)
				break
			}
		}
	}
	return strings.Join(parts, " · ")
}
