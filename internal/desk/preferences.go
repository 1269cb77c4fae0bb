package desk

import (
	"maps"
	"slices"
	"strings"
)

// Theme is how the workspace is coloured.
type Theme string

// The themes.
const (
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Density is how close things stand.
type Density string

// The densities.
const (
	DensityComfortable Density = "comfortable"
	DensityCompact     Density = "compact"
)

// SendKey is which key sends what was typed.
type SendKey string

// The keys that send.
const (
	SendEnter     SendKey = "enter"
	SendCtrlEnter SendKey = "ctrl_enter"
)

// Preferences are how one Agent wants the workspace.
type Preferences struct {
	Language      string            `json:"language"` // "de", "en", or empty: the browser's
	Theme         Theme             `json:"theme"`
	Density       Density           `json:"density"`
	SendKey       SendKey           `json:"send_key"`
	Shortcuts     bool              `json:"shortcuts"` // single keys act
	Keys          map[string]string `json:"keys"`      // other keys, by command
	Sound         bool              `json:"sound"`
	Notifications bool              `json:"notifications"`
	Announce      bool              `json:"announce"` // new messages are read out
	Panel         Panel             `json:"panel"`
}

// Panel is how an Agent arranged the side panel.
type Panel struct {
	Order     []string `json:"order"`
	Collapsed []string `json:"collapsed"`
}

// DefaultPreferences are those of an Agent who has chosen none.
func DefaultPreferences() Preferences {
	return Preferences{
		Theme: ThemeSystem, Density: DensityComfortable, SendKey: SendEnter, Shortcuts: true, Announce: true,
		Keys: map[string]string{}, Panel: Panel{Order: []string{}, Collapsed: []string{}},
	}
}

// Bounds of what Preferences hold.
const (
	maxKeys     = 200
	maxSections = 40
	maxWord     = 64
)

// Check tells the first preference that is none.
func (p Preferences) Check() error {
	switch {
	case !slices.Contains([]string{"", "de", "en"}, p.Language):
		return Invalid("language", "is not one of de and en")
	case !slices.Contains([]Theme{ThemeSystem, ThemeLight, ThemeDark}, p.Theme):
		return Invalid("theme", "is not one of system, light and dark")
	case p.Density != DensityComfortable && p.Density != DensityCompact:
		return Invalid("density", "is not one of comfortable and compact")
	case p.SendKey != SendEnter && p.SendKey != SendCtrlEnter:
		return Invalid("send_key", "is not one of enter and ctrl_enter")
	case len(p.Keys) > maxKeys || !areWords(slices.Collect(maps.Keys(p.Keys))) || !areWords(slices.Collect(maps.Values(p.Keys))):
		return Invalid("keys", "are not commands with their keys")
	case len(p.Panel.Order) > maxSections || !areWords(p.Panel.Order):
		return Invalid("panel.order", "is not a list of sections")
	case len(p.Panel.Collapsed) > maxSections || !areWords(p.Panel.Collapsed):
		return Invalid("panel.collapsed", "is not a list of sections")
	}
	return nil
}

// areWords tells whether all are short names of ours or of keys.
func areWords(list []string) bool {
	return !slices.ContainsFunc(list, func(s string) bool {
		return len(s) > maxWord || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\ufffd' })
	})
}
