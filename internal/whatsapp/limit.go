package whatsapp

import (
	"slices"
	"time"
	"unicode/utf8"
)

// Limits of what goes out, in characters unless another unit is named.
// Source: Meta, the pages of each type of message.
const (
	MaxText           = 4096 // Text.Body, and the body of a list
	MaxCallback       = 512  // Outgoing.Callback
	MaxOffer          = 1024 // the body of any other Offer
	MaxFooter         = 60
	MaxCaption        = 1024
	MaxButtons        = 3 // buttons
	MaxButtonTitle    = 20
	MaxButtonID       = 256
	MaxRows           = 10 // rows of all sections of a list
	MaxRowTitle       = 24 // and the title of a section
	MaxRowDescription = 72
	MaxFlowLabel      = 30
	MaxCoupon         = 15 // of a template's button that copies a code
	maxRowID          = 200
	MaxHeader         = 60  // a line above an Offer
	maxContacts       = 257 // contacts
	maxEmoji          = 32  // an emoji may be joined of many characters
	maxFilename       = 240
	maxPlaceText      = 1000
	maxAddress        = 2000 // bytes of a web address
)

// span is a Fault if a text is shorter or longer than it may be.
func span(field, text string, least, most int) *Fault {
	n := utf8.RuneCountInString(text)
	switch {
	case n < least:
		return fault(field, "is missing")
	case n > most:
		return fault(field, "is longer than %d characters", most)
	case !utf8.ValidString(text):
		return fault(field, "is not valid UTF-8")
	}
	return nil
}

// first gives the first Fault there is.
func first(all ...*Fault) *Fault {
	for _, f := range all {
		if f != nil {
			return f
		}
	}
	return nil
}

// repeats tells whether a text is there twice.
func repeats(all []string) bool {
	sorted := slices.Sorted(slices.Values(all))
	return len(slices.Compact(sorted)) != len(all)
}

// isDay tells whether a text is a day of the calendar.
func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}
