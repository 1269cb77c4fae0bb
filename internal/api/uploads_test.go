package api_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
)

// brought is a file that an Agent brought in.
func (w *world) brought(t *testing.T, c desk.Conversation, by desk.AgentID) desk.MessageID {
	t.Helper()
	u, err := w.files.Bring(context.Background(), desk.Actor{Kind: desk.ActorAgent, Agent: by}, desk.Scope{All: true}, c.ID, strings.NewReader("%PDF-1.4"), -1, "")
	must(t, err)
	return u.ID
}

// brings uploads a file to north's Conversation.
func (w *world) brings(t *testing.T, who asker, content string) answer {
	t.Helper()
	return w.ask(t, who, question{
		method: "POST", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/files", body: content,
		header: http.Header{"Content-Type": {"application/octet-stream"}},
	})
}

type upload struct {
	ID, Kind, Type string
	Size           int64
	Voice          bool
}

// sends composes a Message with a file.
func (w *world) sends(t *testing.T, who asker, clientID, kind string, part map[string]any) answer {
	t.Helper()
	return w.ask(t, who, question{
		method: "POST", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/messages",
		body: map[string]any{"client_id": clientID, "kind": kind, kind: part},
	})
}

func pixels(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 8, 8))))
	return b.String()
}

// A file is brought in, sent once, and shown as those that came; asking twice sends once, even
// though the file is no upload any more.
func TestSendingAFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		a := w.brings(t, agent, pixels(t))
		var u upload
		a.read(t, &u)
		if a.status != http.StatusCreated || u.Kind != "image" || u.Type != "image/png" || u.Size == 0 || u.Voice {
			t.Fatalf("%d %s", a.status, a.body)
		}
		part := map[string]any{"file": u.ID, "caption": "Der Schaden"}
		if a := w.sends(t, agent, "as", "document", map[string]any{"file": u.ID}); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != "kind" {
			t.Errorf("as another kind: %d %s", a.status, a.body)
		}
		if a := w.sends(t, w.agentOf(t, w.north), "x", "image", part); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != "image.file" {
			t.Errorf("a colleague's: %d %s", a.status, a.body)
		}
		first := w.sends(t, agent, "one", "image", part)
		var m struct {
			ID, Kind, Text, Status string
			Details                struct {
				File struct{ Name, State, Is, Shows string }
			}
		}
		first.read(t, &m)
		if first.status != http.StatusCreated || m.Kind != "image" || m.Text != "Der Schaden" || m.Details.File.State != "fetched" || m.Details.File.Shows != "picture" {
			t.Fatalf("%d %s", first.status, first.body)
		}
		if again := w.sends(t, agent, "one", "image", part); again.status != http.StatusCreated || again.body != first.body {
			t.Errorf("asked twice: %d %s", again.status, again.body)
		}
		if a := w.sends(t, agent, "one", "image", map[string]any{"file": u.ID}); a.status != http.StatusConflict {
			t.Errorf("the same client_id with another caption: %d %s", a.status, a.body)
		}
		if a := w.sends(t, agent, "two", "image", part); a.status != http.StatusUnprocessableEntity {
			t.Errorf("sent twice: %d %s", a.status, a.body)
		}
		if a := w.ask(t, agent, question{method: "GET", path: "/api/v1/messages/" + m.ID + "/file"}); a.status != http.StatusOK || a.body != pixels(t) {
			t.Errorf("reading it: %d", a.status)
		}
		if a := w.ask(t, agent, question{method: "DELETE", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/files/" + u.ID}); a.status != http.StatusNotFound {
			t.Errorf("giving up what was sent: %d", a.status)
		}
	})
}

// A Template has one file above it, brought in as any; it is shown as the file of its Message, and
// asking twice sends once.
func TestATemplateBelowAFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		bring := func(content string) (u upload) {
			w.brings(t, agent, content).read(t, &u)
			return u
		}
		below := func(clientID string, parts map[string]any) answer {
			template := map[string]any{"name": "police", "language": "de", "body": []map[string]string{{"text": "Anna"}}}
			maps.Copy(template, parts)
			return w.sends(t, agent, clientID, "template", template)
		}
		pdf, picture, words, sticker := bring("%PDF-1.4"), bring(pixels(t)), bring("Nur Text"), bring("RIFF\x00\x00\x00\x00WEBPVP8L")
		file := func(u upload) map[string]any { return map[string]any{"file": u.ID} }
		for field, parts := range map[string]map[string]any{
			"template.header":         {"image": file(picture), "document": file(pdf)},
			"template.document.file":  {"document": file(words)},
			"template.image.file":     {"image": file(sticker)},
			"template.video.file":     {"video": file(pdf)},
			"template.image.filename": {"image": map[string]any{"file": picture.ID, "filename": "x.png"}},
		} {
			if a := below("n"+field, parts); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != field {
				t.Errorf("%s: %d %s", field, a.status, a.body)
			}
		}
		for what, parts := range map[string]map[string]any{
			"a value":  {"header": []map[string]string{{"text": "x"}}, "document": file(pdf)},
			"a place":  {"place": map[string]any{"latitude": 50.9, "longitude": 6.9}, "document": file(pdf)},
			"nobody's": {"document": map[string]any{"file": missing}},
		} {
			if a := below(what, parts); a.status != http.StatusUnprocessableEntity || !strings.HasPrefix(a.problem(t).Field, "template.") {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		part := map[string]any{"document": map[string]any{"file": pdf.ID, "filename": "Police.pdf"}}
		first := below("one", part)
		var m struct {
			ID, Kind string
			Details  struct {
				File     struct{ Name, State, Is string }
				Template struct{ Name string }
			}
		}
		first.read(t, &m)
		if d := m.Details; first.status != http.StatusCreated || m.Kind != "template" || d.File.Name != "Police.pdf" || d.File.State != "fetched" ||
			d.File.Is != "application/pdf" || d.Template.Name != "police" {
			t.Fatalf("%d %s", first.status, first.body)
		}
		if again := below("one", part); again.status != http.StatusCreated || again.body != first.body {
			t.Errorf("asked twice: %d %s", again.status, again.body)
		}
		part["body"] = []map[string]string{{"text": "Bert"}}
		if a := below("one", part); a.status != http.StatusConflict {
			t.Errorf("the same client_id with another value: %d %s", a.status, a.body)
		}
		if a := below("two", part); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != "template.document.file" {
			t.Errorf("sent twice: %d %s", a.status, a.body)
		}
		if a := w.ask(t, agent, question{method: "GET", path: "/api/v1/messages/" + m.ID + "/file"}); a.status != http.StatusOK || a.body != "%PDF-1.4" {
			t.Errorf("reading it: %d", a.status)
		}
		if a := below("picture", map[string]any{"image": file(picture)}); a.status != http.StatusCreated {
			t.Errorf("a picture: %d %s", a.status, a.body)
		}
	})
}

// What WhatsApp would refuse is refused, and it is said why.
func TestFilesThatAreNotTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		stereo := "OggS\x00\x02" + strings.Repeat("\x00", 22) + "OpusHead\x01\x02"
		for what, c := range map[string]struct {
			content string
			status  int
			code    string
		}{
			"an empty one":  {"", 422, "invalid"},
			"a GIF":         {"GIF89a\x01\x00\x01\x00", 415, "unsupported"},
			"a page":        {"<html><script>alert(1)</script></html>", 415, "unsupported"},
			"a ZIP":         {"PK\x03\x04\x0a\x00", 415, "unsupported"},
			"Ogg in stereo": {stereo, 415, "unsupported"},
			"a large JPEG":  {"\xff\xd8\xff\xe0" + strings.Repeat("x", 5<<20), 413, "too_large"},
			"a large WebP":  {"RIFF\x00\x00\x00\x00WEBPVP8L" + strings.Repeat("x", 100<<10), 413, "too_large"},
			"a large MP4":   {"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + strings.Repeat("x", 16<<20), 413, "too_large"},
		} {
			a := w.brings(t, agent, c.content)
			if p := a.problem(t); a.status != c.status || p.Code != c.code || p.Field != "file" {
				t.Errorf("%s: %d %s", what, a.status, a.body)
			}
		}
		voice := "OggS\x00\x02" + strings.Repeat("\x00", 22) + "OpusHead\x01\x01" + strings.Repeat("\x00", 20)
		var u upload
		w.brings(t, agent, voice).read(t, &u)
		if u.Kind != "audio" || !u.Voice {
			t.Errorf("a voice message: %+v", u)
		}
		for field, part := range map[string]map[string]any{
			"audio.caption":  {"file": u.ID, "caption": "Hören Sie"},
			"audio.filename": {"file": u.ID, "filename": "a.ogg"},
			"audio.file":     {"file": missing},
		} {
			if a := w.sends(t, agent, "n"+field, "audio", part); a.status != http.StatusUnprocessableEntity || a.problem(t).Field != field {
				t.Errorf("%s: %d %s", field, a.status, a.body)
			}
		}
		if a := w.sends(t, agent, "voice", "audio", map[string]any{"file": u.ID, "voice": true}); a.status != http.StatusCreated {
			t.Errorf("a voice message: %d %s", a.status, a.body)
		}
		u = upload{}
		w.brings(t, agent, "%PDF-1.4").read(t, &u)
		for field, body := range map[string]map[string]any{
			"document":         {"kind": "document"},
			"text":             {"kind": "document", "document": map[string]any{"file": u.ID}, "text": "daneben"},
			"image":            {"kind": "document", "document": map[string]any{"file": u.ID}, "image": map[string]any{"file": u.ID}},
			"document.caption": {"kind": "document", "document": map[string]any{"file": u.ID, "caption": strings.Repeat("ä", 1025)}},
			"document.voice":   {"kind": "document", "document": map[string]any{"file": u.ID, "voice": true}},
		} {
			body["client_id"] = "d" + field
			a := w.ask(t, agent, question{method: "POST", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/messages", body: body})
			if a.status != http.StatusUnprocessableEntity || a.problem(t).Field != field {
				t.Errorf("%s: %d %s", field, a.status, a.body)
			}
		}
		var m message
		a := w.sends(t, agent, "doc", "document", map[string]any{"file": u.ID, "filename": "../../Police\u202e 1.pdf"})
		a.read(t, &m)
		if a.status != http.StatusCreated || !strings.Contains(a.body, `"name":"Police 1.pdf"`) {
			t.Errorf("a document: %d %s", a.status, a.body)
		}
	})
}

// What is given up is gone; and so is what nobody sends.
func TestFilesAreGivenUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		var given, left upload
		w.brings(t, agent, "%PDF-1.4 a").read(t, &given)
		w.brings(t, agent, "%PDF-1.4 b").read(t, &left)
		path := "/api/v1/conversations/" + w.north.conversation.ID.String() + "/files/"
		if a := w.ask(t, w.agentOf(t, w.north), question{method: "DELETE", path: path + given.ID}); a.status != http.StatusNotFound {
			t.Errorf("by a colleague: %d", a.status)
		}
		if a := w.ask(t, agent, question{method: "DELETE", path: path + given.ID}); a.status != http.StatusNoContent {
			t.Errorf("%d %s", a.status, a.body)
		}
		if n, err := w.blobs.CountParts(); err != nil || n != 1 {
			t.Errorf("%d files are kept, %v", n, err)
		}
		must(t, w.files.Sweep(t.Context(), time.Now().Add(48*time.Hour)))
		if n, err := w.blobs.CountParts(); err != nil || n != 1 {
			t.Errorf("%d files are kept within the day, %v", n, err)
		}
		w.clock.Add(25 * time.Hour)
		must(t, w.files.Sweep(t.Context(), time.Now()))
		if n, err := w.blobs.CountParts(); err != nil || n != 0 {
			t.Errorf("%d files are kept after a day, %v", n, err)
		}
	})
}

// halves is a body that breaks off.
type halves struct{ io.Reader }

func (h halves) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// A file that breaks off leaves nothing.
func TestAFileThatBreaksOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by := desk.Actor{Kind: desk.ActorAgent, Agent: w.agentOf(t, w.north).id}
		body := halves{strings.NewReader("%PDF-1.4" + strings.Repeat("x", 100<<10))}
		if _, err := w.files.Bring(t.Context(), by, desk.Scope{All: true}, w.north.conversation.ID, body, -1, ""); desk.CodeOf(err) != desk.CodeInvalid {
			t.Errorf("%v", err)
		}
		if n, err := w.blobs.CountParts(); err != nil || n != 0 {
			t.Errorf("%d files are kept, %v", n, err)
		}
	})
}
