package desk

// Occasion is when a Contact is told a line more than the Notice says, because it matters then
// (GDPR Art. 13, in layers).
type Occasion string

// The Occasions. Nobody starts a bot or translates yet; what will be said then is known.
const (
	OccasionPhoto       Occasion = "photo" // or a film
	OccasionVoice       Occasion = "voice"
	OccasionDocument    Occasion = "document"
	OccasionLocation    Occasion = "location"
	OccasionBot         Occasion = "bot"
	OccasionTranslation Occasion = "translation"
)

// Occasions are all of them, in the order in which they are shown.
var Occasions = []Occasion{OccasionPhoto, OccasionVoice, OccasionDocument, OccasionLocation, OccasionBot, OccasionTranslation}

// Occasion is the one at which a Contact sends something of this kind; empty if it is none.
func (k Kind) Occasion() Occasion {
	switch k {
	case KindImage, KindVideo:
		return OccasionPhoto
	case KindAudio:
		return OccasionVoice
	case KindDocument:
		return OccasionDocument
	case KindLocation:
		return OccasionLocation
	default:
		return ""
	}
}
