package channel

import (
	"context"
	"errors"
	"net/http"

	"botschaft/internal/desk"
	"botschaft/internal/whatsapp"
)

// Files fetches what webhooks announced.
type Files struct{ clients clients }

// NewFiles fetches through client, which must be the house's egress, and patient: a large file
// takes its time.
func NewFiles(client *http.Client) *Files {
	return &Files{clients{http: client, made: map[address]*whatsapp.Client{}}}
}

// Fetch begins to fetch a file. Every error is a *desk.FileError.
func (f *Files) Fetch(ctx context.Context, w desk.WantedFile) (desk.ArrivingFile, error) {
	if w.ID == "" {
		return desk.ArrivingFile{}, &desk.FileError{Fault: desk.FileMissing}
	}
	d, err := f.clients.at(address{w.GraphURL, w.GraphVersion}).Fetch(ctx, w.PhoneNumberID, string(w.Token.Reveal()), w.ID)
	if err != nil {
		return desk.ArrivingFile{}, &desk.FileError{Fault: faultOf(err), Err: err}
	}
	return desk.ArrivingFile{Body: d.Body, Size: d.Size, SHA256: d.SHA256}, nil
}

// faultOf reads what the Provider's failure means. Meta says of a file that is not there, and
// of one that is another's, that the object does not exist (code 100); an address that has
// ended is a 404.
func faultOf(err error) desk.FileFault {
	var failed *whatsapp.MediaError
	if !errors.As(err, &failed) {
		return desk.FileUnreachable
	}
	switch {
	case failed.API != nil && (failed.API.Code == bugCode || failed.Status == http.StatusNotFound), failed.Status == http.StatusNotFound:
		return desk.FileMissing
	case failed.Status == http.StatusUnauthorized, failed.Status == http.StatusForbidden, failed.API != nil && failed.API.Rule().Pauses == whatsapp.PausesInbox:
		return desk.FileRefused
	default:
		return desk.FileUnreachable
	}
}
