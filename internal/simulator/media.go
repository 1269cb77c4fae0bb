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
func (s *Simulator) sample(n *number, in Inbound) (map[string]any, error) {
	mime, data := sampleFile(in.Kind)
	name := "Schadenmeldung.pdf"
	if in.File != nil {
		var err error
		if data, err = in.File.bytes(); err != nil {
			return nil, err
		}
		mime, name = in.File.MIME, in.File.Name
	}
	m := s.put(n.PhoneNumberID, mime, data, 7*24*time.Hour)
	sum := sha256.Sum256(data)
	o := map[string]any{"id": m.id, "mime_type": mime, "sha256": base64.StdEncoding.EncodeToString(sum[:])}
	if in.Text != "" && in.Kind != "audio" && in.Kind != "sticker" {
		o["caption"] = in.Text
	}
	switch in.Kind {
	case "document":
		o["filename"] = name
	case "audio":
		o["voice"] = true
	case "sticker":
		o["animated"] = false
	}
	return o, nil
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
		return "audio/ogg; codecs=opus", recording(3)
	}
	return "application/pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

// mediaNode is GET and DELETE /{media_id}.
func (s *Simulator) mediaNode(w http.ResponseWriter, r *http.Request, id, token string) *graphError {
	if f := s.pickMediaFault(FailMedia); f != nil {
		http.Error(w, "Sorry, something went wrong.", f.Code)
		return nil
	}
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
	data := m.data
	if s.pickMediaFault(FailMediaAltered) != nil {
		data = slices.Concat(data[:len(data)-1], []byte{^data[len(data)-1]})
	}
	w.Header().Set("Content-Type", m.mime)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", "attachment")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	s.write(w, data)
}

// shown are the files that act nowhere, so that the page may show them.
var shown = []string{"image/jpeg", "image/png", "image/webp", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "video/mp4", "video/3gpp"}

// showMedia is GET /sim/media/{id}: a file for the page, which has no token. What cannot be
// shown comes to be kept.
func (s *Simulator) showMedia(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	m := s.media.items[r.PathValue("id")]
	s.mu.Unlock()
	if m == nil {
		s.reply(w, nil, fmt.Errorf("%w: no file of this id", errNotServed))
		return
	}
	h := w.Header()
	h.Set("Content-Type", bare(m.mime))
	if !slices.Contains(shown, bare(m.mime)) {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(m.data))
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
