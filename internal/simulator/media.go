package simulator

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// mediaShelf keeps what was uploaded and what customers "sent".
type mediaShelf struct {
	items map[string]*mediaItem
	order []string
	bytes int
}

type mediaItem struct {
	id, number, mime string
	data             []byte
	at               time.Time
	life             time.Duration // 30 days uploaded, 7 days from a webhook
	issued           time.Time     // of the last address, valid for 5 minutes
}

const (
	mediaItems = 2000
	mediaBytes = 128 << 20
	mediaURL   = 5 * time.Minute
)

// largestMedia is Meta's limit for a MIME type. (business-phone-numbers/media)
func largestMedia(mime string) int {
	family, _, _ := strings.Cut(mime, "/")
	switch {
	case strings.HasPrefix(mime, "image/webp"):
		return 500 << 10 // animated; a still sticker may have 100 KB
	case family == "image":
		return 5 << 20
	case family == "audio", family == "video":
		return 16 << 20
	}
	return 100 << 20
}

// put shelves one file.
func (s *Simulator) put(number, mime string, data []byte, life time.Duration) *mediaItem {
	m := &mediaItem{id: s.graphID(), number: number, mime: mime, data: data, at: s.now(), life: life}
	s.shelve(m)
	s.journal.mark(m)
	return m
}

// shelve adds a file and forgets the oldest above the cap.
func (s *Simulator) shelve(m *mediaItem) {
	s.media.items[m.id] = m
	s.media.order = append(s.media.order, m.id)
	s.media.bytes += len(m.data)
	for len(s.media.order) > 1 && (len(s.media.order) > mediaItems || s.media.bytes > mediaBytes) {
		s.unshelve(s.media.order[0])
		s.media.order = s.media.order[1:]
	}
}

func (s *Simulator) unshelve(id string) {
	if m := s.media.items[id]; m != nil {
		s.media.bytes -= len(m.data)
		delete(s.media.items, id)
	}
}

// sample is the media object of a customer's picture, recording or file.
func (s *Simulator) sample(n *number, in Inbound) map[string]any {
	mime, data := sampleFile(in.Kind)
	m := s.put(n.PhoneNumberID, mime, data, 7*24*time.Hour)
	sum := sha256.Sum256(data)
	o := map[string]any{"id": m.id, "mime_type": mime, "sha256": base64.StdEncoding.EncodeToString(sum[:])}
	if in.Text != "" && in.Kind != "audio" && in.Kind != "sticker" {
		o["caption"] = in.Text
	}
	switch in.Kind {
	case "document":
		o["filename"] = "Schadenmeldung.pdf"
	case "audio":
		o["voice"] = true
	case "sticker":
		o["animated"] = false
	}
	return o
}

func sampleFile(kind string) (mime string, data []byte) {
	switch kind {
	case "image":
		picture := image.NewRGBA(image.Rect(0, 0, 96, 64))
		for i := range picture.Pix {
			x, y := i/4%96, i/4/96
			c := color.RGBA{uint8(70 + x), uint8(110 + y), uint8(150 + x/2), 255}
			picture.Pix[i] = [4]uint8{c.R, c.G, c.B, c.A}[i%4]
		}
		var out bytes.Buffer
		if jpeg.Encode(&out, picture, nil) == nil {
			return "image/jpeg", out.Bytes()
		}
	case "sticker":
		if raw, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="); err == nil {
			return "image/webp", raw
		}
	case "video":
		return "video/mp4", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	case "audio":
		return "audio/ogg; codecs=opus", []byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00OpusHead")
	}
	return "application/pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

// mediaUpload is POST /{phone_number_id}/media. (business-phone-numbers/media)
func (s *Simulator) mediaUpload(w http.ResponseWriter, r *http.Request, n *number) *graphError {
	r.Body = http.MaxBytesReader(w, r.Body, 101<<20)
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		return unsupported("The request is not multipart/form-data.")
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	if r.FormValue("messaging_product") != "whatsapp" {
		return unsupported("The parameter messaging_product is required.")
	}
	file, header, err := r.FormFile("file")
	if err != nil {
		return missing("file")
	}
	defer func() { _ = file.Close() }()
	mime := r.FormValue("type")
	if mime == "" {
		mime = header.Header.Get("Content-Type")
	}
	most := largestMedia(mime)
	data, err := io.ReadAll(io.LimitReader(file, int64(most)+1))
	if err != nil || len(data) > most || len(data) == 0 {
		return newError(131053, fmt.Sprintf("A file of type %s has 1 to %d bytes.", clip(mime, 60), most))
	}
	s.mu.Lock()
	m := s.put(n.PhoneNumberID, mime, data, 30*24*time.Hour)
	s.mu.Unlock()
	s.answer(w, map[string]string{"id": m.id})
	return nil
}

// mediaNode is GET and DELETE /{media_id}.
func (s *Simulator) mediaNode(w http.ResponseWriter, r *http.Request, id, token string) *graphError {
	result, err := s.mediaResult(r, id, token)
	if err == nil {
		s.answer(w, result)
	}
	return err
}

func (s *Simulator) mediaResult(r *http.Request, id, token string) (any, *graphError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.media.items[id]
	gone := noSuchObject(r, id)
	if m == nil || s.now().Sub(m.at) > m.life {
		return nil, gone
	}
	if err := s.numbers[m.number].admit(token); err != nil {
		return nil, err
	}
	if owner := r.URL.Query().Get("phone_number_id"); owner != "" && owner != m.number {
		return nil, gone
	}
	switch r.Method {
	case http.MethodGet:
		m.issued = s.now()
		sum := sha256.Sum256(m.data)
		return map[string]string{
			"messaging_product": "whatsapp", "id": id, "mime_type": m.mime, "sha256": hex.EncodeToString(sum[:]),
			"file_size": strconv.Itoa(len(m.data)), "url": fmt.Sprintf("%s/media/%s", s.publicURL(r), id),
		}, nil
	case http.MethodDelete:
		s.unshelve(id)
		s.journal.unshelved(id)
		return map[string]bool{"success": true}, nil
	}
	return nil, newError(2500, "Unsupported "+strings.ToLower(r.Method)+" request.")
}

// mediaDownload serves an address from mediaNode: five minutes, with token.
func (s *Simulator) mediaDownload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	m := s.media.items[strings.TrimPrefix(r.URL.Path, "/media/")]
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	fresh := m != nil && s.now().Sub(m.issued) <= mediaURL && token != "" && s.numbers[m.number].admit(token) == nil
	s.mu.Unlock()
	if !fresh || r.Method != http.MethodGet {
		http.Error(w, "URL signature expired", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", m.mime)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", "attachment")
	s.write(w, m.data)
}

// picture is GET /sim/media/{id}: an image for the page, which has no token.
// Nothing but images, because only those cannot act in a browser.
func (s *Simulator) picture(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	m := s.media.items[r.PathValue("id")]
	s.mu.Unlock()
	if m == nil || !slices.Contains([]string{"image/jpeg", "image/png", "image/webp"}, m.mime) {
		s.reply(w, nil, fmt.Errorf("%w: no picture of this id", errNotServed))
		return
	}
	w.Header().Set("Content-Type", m.mime)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	s.write(w, m.data)
}

func (s *Simulator) publicURL(r *http.Request) string {
	if s.cfg.PublicURL != "" {
		return strings.TrimSuffix(s.cfg.PublicURL, "/")
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
