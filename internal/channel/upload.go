package channel

import (
	"context"
	"errors"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/whatsapp"
)

// Taken gives the kind of Message by which a file of a media type is sent, and how large it may
// be, in bytes; an empty kind if the Provider takes none of it.
func Taken(mediaType string, moves bool) (kind desk.Kind, most int64) {
	named, most := whatsapp.Taken(mediaType, moves)
	return desk.Kind(named), most
}

// fileIn is where a Message of a kind that has a file holds it.
func fileIn(c *whatsapp.Content, kind desk.Kind) **whatsapp.File {
	switch kind {
	case desk.KindImage:
		return &c.Image
	case desk.KindVideo:
		return &c.Video
	case desk.KindAudio:
		return &c.Audio
	case desk.KindSticker:
		return &c.Sticker
	default:
		return &c.Document
	}
}

// Upload hands the file of m to the Provider and gives the name by which Send sends it. It is
// data that leaves the house: the Permit is that of the Message. Nobody is told anything yet, so
// no error is in doubt, and those that may pass are to be repeated.
func (w *WhatsApp) Upload(ctx context.Context, m desk.Outgoing, f *desk.OpenFile, p policy.Permit) (private.Text, error) {
	if p == nil || !p.Allows(m.Reference, m.Kind) || !w.now().Before(p.Until()) {
		return private.Text{}, &desk.SendError{Outcome: desk.SendNotWritten, Err: errNoPermit}
	}
	client := w.clients.at(address{m.GraphURL, m.GraphVersion})
	id, err := client.Upload(ctx, m.PhoneNumberID, string(m.Token.Reveal()), whatsapp.Upload{
		Type: f.Type, Name: string(m.Kind), Size: f.Size, Body: f.Content, // what it is really called goes with the Message, to the Contact alone
	})
	if err != nil {
		return private.Text{}, uploadError(err)
	}
	return private.NewText(id), nil
}

// passingCode is Meta's code for a trouble of its own; we say it of an answer that was none.
const passingCode = 131000

func uploadError(err error) *desk.SendError {
	e := sendError(err)
	var failed *whatsapp.SendError
	if e.Outcome == desk.SendUnknown {
		e.Outcome, e.Code, e.Retry = desk.SendRejected, passingCode, true
	} else if errors.As(err, &failed) && failed.API != nil && failed.Status >= 500 {
		e.Retry = true
	}
	return e
}
