package simulator

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// uploadable are the media types that can be sent, and by which messages. (business-phone-numbers/media,
// "supported media types")
var uploadable = map[string]string{
	"audio/aac": "audio", "audio/amr": "audio", "audio/mpeg": "audio", "audio/mp4": "audio", "audio/ogg": "audio",
	"image/jpeg": "image", "image/png": "image", "image/webp": "sticker", "video/3gpp": "video", "video/mp4": "video",
	"text/plain": "document", "application/pdf": "document",
	"application/msword": "document", "application/vnd.ms-excel": "document", "application/vnd.ms-powerpoint": "document",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   "document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         "document",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": "document",
}

// largestMedia is Meta's limit for a file. (business-phone-numbers/media)
func largestMedia(mime string, data []byte) int {
	family, _, _ := strings.Cut(mime, "/")
	switch {
	case bare(mime) == "image/webp" && len(data) > 20 && string(data[12:16]) == "VP8X" && data[20]&2 != 0:
		return 500 << 10 // it moves
	case bare(mime) == "image/webp":
		return 100 << 10
	case family == "image":
		return 5 << 20
	case family == "audio", family == "video":
		return 16 << 20
	}
	return 100 << 20
}

// bare is a media type without its parameters.
func bare(mime string) string {
	name, _, _ := strings.Cut(mime, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// mediaUpload is POST /{phone_number_id}/media. (business-phone-numbers/media)
func (s *Simulator) mediaUpload(w http.ResponseWriter, r *http.Request, n *number) *graphError {
	if f := s.pickMediaFault(FailUpload); f != nil && f.Code < 600 {
		http.Error(w, "Sorry, something went wrong.", f.Code)
		return nil
	} else if f != nil {
		return newError(f.Code, "")
	}
	r.Body = http.MaxBytesReader(w, r.Body, 101<<20)
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		return unsupported("The request is not multipart/form-data.")
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	if r.FormValue("messaging_product") != "whatsapp" {
		return unsupported("The parameter messaging_product is required.")
	}
	for key := range r.MultipartForm.Value {
		if key != "messaging_product" && key != "type" {
			return unsupported("Unexpected key %q on param %q.", clip(key, 40), "body")
		}
	}
	file, header, err := r.FormFile("file")
	if err != nil {
		return missing("file")
	}
	defer func() { _ = file.Close() }()
	mime := r.FormValue("type")
	switch part := header.Header.Get("Content-Type"); {
	case mime == "":
		return missing("type")
	case uploadable[bare(mime)] == "":
		return unsupported("Param file must be a file with one of the supported types. Received file of type '%s'.", clip(mime, 60))
	case bare(part) != bare(mime):
		return unsupported("Param file is of type '%s', param type says '%s'.", clip(part, 60), clip(mime, 60))
	}
	data, err := io.ReadAll(file)
	if most := largestMedia(mime, data); err != nil || len(data) > most || len(data) == 0 {
		return newError(131053, fmt.Sprintf("A file of type %s has 1 to %d bytes.", clip(mime, 60), most))
	}
	s.mu.Lock()
	m := s.put(n.PhoneNumberID, mime, data, 30*24*time.Hour)
	s.mu.Unlock()
	s.answer(w, map[string]string{"id": m.id})
	return nil
}

// fits checks that an uploaded file is one that can be shown as this kind. (messages/audio-messages
// and its siblings)
func (m *mediaItem) fits(as string, voice bool) *graphError {
	if kind := uploadable[bare(m.mime)]; kind != as && as != "document" {
		return newError(131053, fmt.Sprintf("A file of type %s cannot be sent as %s.", clip(m.mime, 60), as))
	}
	if voice && !bytes.Contains(m.data[:min(len(m.data), 64)], []byte("OpusHead")) {
		return newError(131053, "A voice message is a file in OGG with the OPUS codec.")
	}
	return nil
}

// File gives what stands in a file; nil if there is none.
func (s *Simulator) File(id string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.media.items[id]; m != nil {
		return m.data
	}
	return nil
}
