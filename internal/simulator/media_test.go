package simulator

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"net/textproto"
	"testing"
	"time"
)

// upload posts a file as Meta wants it.
func (w *world) upload(mime string, data []byte) (int, []byte) {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	header := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a"`}, "Content-Type": {mime}}
	part, err := form.CreatePart(header)
	if err == nil {
		_, err = part.Write(data)
	}
	for key, value := range map[string]string{"messaging_product": "whatsapp", "type": mime} {
		if err == nil {
			err = form.WriteField(key, value)
		}
	}
	if err != nil || form.Close() != nil {
		w.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/v25.0/"+testNumber+"/media", &body)
	r.Header.Set("Authorization", "Bearer "+testToken)
	r.Header.Set("Content-Type", form.FormDataContentType())
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, r)
	return rec.Code, rec.Body.Bytes()
}

func TestMediaLivesAsLongAsMetaSays(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.PublicURL = "https://graph.example" })
	w.say("Hallo")
	status, answer := w.upload("application/pdf", []byte("%PDF-1.4"))
	if status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	id := decode[map[string]string](t, answer)["id"]
	w.sent(to(`"type":"document","document":{"id":"` + id + `"}`))

	_, answer, _ = w.request("GET", "/v25.0/"+id, "")
	node := decode[map[string]string](t, answer)
	if node["url"] != "https://graph.example/media/"+id || node["file_size"] != "8" || node["mime_type"] != "application/pdf" {
		t.Errorf("%s", answer)
	}
	if status, data, _ := w.request("GET", "/media/"+id, ""); status != 200 || string(data) != "%PDF-1.4" {
		t.Errorf("%d %s", status, data)
	}
	if status, _, _ := w.request("GET", "/media/"+id, "", "Authorization", ""); status != 404 {
		t.Errorf("without a token: %d", status)
	}
	w.Advance(mediaURL + time.Second)
	if status, _, _ := w.request("GET", "/media/"+id, ""); status != 404 {
		t.Errorf("an address older than five minutes: %d", status)
	}
	w.Advance(30 * 24 * time.Hour)
	status, answer, _ = w.request("GET", "/v25.0/"+id, "")
	if got := refusal(t, answer).Error; status != 400 || got.Code != 100 || got.Subcode != 33 {
		t.Errorf("after 30 days: %d %s", status, answer)
	}
}

// TestMediaNeedsAToken: where any token will do, none will not.
func TestMediaNeedsAToken(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.AccessToken = "" })
	_, answer := w.upload("application/pdf", []byte("x"))
	id := decode[map[string]string](t, answer)["id"]
	w.request("GET", "/v25.0/"+id, "")
	if status, _, _ := w.request("GET", "/media/"+id, "", "Authorization", ""); status != 404 {
		t.Errorf("without a token: %d", status)
	}
	if status, _, _ := w.request("GET", "/media/"+id, ""); status != 200 {
		t.Errorf("with any token: %d", status)
	}
}

// moving is the head of a WebP that is animated.
func moving(size int) []byte {
	b := make([]byte, size)
	copy(b, "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02")
	return b
}

func TestMediaSizes(t *testing.T) {
	for mime, want := range map[string]int{"image/jpeg": 5 << 20, "image/webp": 100 << 10, "audio/ogg; codecs=opus": 16 << 20, "video/mp4": 16 << 20, "application/pdf": 100 << 20} {
		if got := largestMedia(mime, nil); got != want {
			t.Errorf("%s: %d", mime, got)
		}
	}
	w := newWorld(t, nil)
	for _, data := range [][]byte{make([]byte, 100<<10), moving(500 << 10)} {
		if status, answer := w.upload("image/webp", data); status != 200 {
			t.Errorf("%d %s", status, answer)
		}
	}
	for _, data := range [][]byte{{}, make([]byte, 100<<10+1), moving(500<<10 + 1)} {
		status, answer := w.upload("image/webp", data)
		if got := refusal(t, answer).Error; status != 400 || got.Code != 131053 {
			t.Errorf("%d bytes: %d %s", len(data), status, answer)
		}
	}
}

// What can be sent is uploaded as what it is, and sent as that alone.
func TestUploadsAreStrict(t *testing.T) {
	w := newWorld(t, nil)
	w.say("Hallo")
	for _, mime := range []string{"application/zip", "image/gif", "text/html", ""} {
		if status, answer := w.upload(mime, []byte("x")); status != 400 {
			t.Errorf("%s: %d %s", mime, status, answer)
		}
	}
	_, answer := w.upload("image/png", []byte("x"))
	id := decode[map[string]string](t, answer)["id"]
	for kind, want := range map[string]int{"image": 200, "document": 200, "video": 400, "audio": 400, "sticker": 400} {
		if status, answer := w.post(to(`"type":"` + kind + `","` + kind + `":{"id":"` + id + `"}`)); status != want {
			t.Errorf("as %s: %d %s", kind, status, answer)
		}
	}
	_, answer = w.upload("audio/mpeg", []byte("x"))
	id = decode[map[string]string](t, answer)["id"]
	if status, answer := w.post(to(`"type":"audio","audio":{"id":"` + id + `","voice":true}`)); status != 400 {
		t.Errorf("an MP3 as a voice message: %d %s", status, answer)
	}
	w.Advance(30*24*time.Hour + time.Second)
	w.say("Hallo?")
	if status, answer := w.post(to(`"type":"audio","audio":{"id":"` + id + `"}`)); status != 400 {
		t.Errorf("after 30 days: %d %s", status, answer)
	}
}

// An upload fails as it is told to.
func TestUploadFaults(t *testing.T) {
	w := newWorld(t, nil)
	for _, code := range []int{503, 131053} {
		if _, err := w.AddFault(Fault{Kind: FailUpload, Code: code}); err != nil {
			t.Fatal(err)
		}
		if status, answer := w.upload("image/png", []byte("x")); status < 400 {
			t.Errorf("%d: %d %s", code, status, answer)
		}
	}
	if status, answer := w.upload("image/png", []byte("x")); status != 200 {
		t.Errorf("after the faults: %d %s", status, answer)
	}
}

func TestMediaIsDeletedOnRequest(t *testing.T) {
	w := newWorld(t, nil)
	_, answer := w.upload("application/pdf", []byte("x"))
	id := decode[map[string]string](t, answer)["id"]
	if status, answer, _ := w.request("DELETE", "/v25.0/"+id, ""); status != 200 || string(answer) != `{"success":true}` {
		t.Errorf("%d %s", status, answer)
	}
	if status, _, _ := w.request("GET", "/v25.0/"+id, ""); status != 400 {
		t.Errorf("still there: %d", status)
	}
}
