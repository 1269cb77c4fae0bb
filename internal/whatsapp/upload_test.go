package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// What Meta asks of an upload stands in it, and the file passes as it is.
func TestUploadRequest(t *testing.T) {
	content := strings.Repeat("Police ", 50_000)
	for name, tt := range map[string]struct {
		provider Provider
		path     string
	}{
		"Meta":      {Meta, "/v25.0/" + testNumber + "/media"},
		"360dialog": {Dialog360, "/media"},
	} {
		t.Run(name, func(t *testing.T) {
			client, calls := provider(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost || r.URL.Path != tt.path || r.ContentLength < int64(len(content)) || len(r.TransferEncoding) > 0 {
					t.Errorf("got %s %s with %d bytes, %v", r.Method, r.URL.Path, r.ContentLength, r.TransferEncoding)
				}
				file, header, err := r.FormFile("file")
				if err != nil {
					t.Error(err)
					return
				}
				got, err := io.ReadAll(file)
				if err != nil || string(got) != content || header.Header.Get("Content-Type") != "application/pdf" || header.Filename != "document" ||
					r.FormValue("messaging_product") != "whatsapp" || r.FormValue("type") != "application/pdf" {
					t.Errorf("got %d bytes, %v, %v, %v", len(got), err, header, r.MultipartForm.Value)
				}
				io.WriteString(w, `{"id":"4490709327384033"}`)
			})
			client.Provider = tt.provider
			client.HTTP.Timeout = time.Nanosecond // of whoever sends texts
			id, err := client.Upload(t.Context(), testNumber, testToken, Upload{Type: "application/pdf", Name: "document", Size: int64(len(content)), Body: strings.NewReader(content)})
			if err != nil || id != "4490709327384033" || calls.Load() != 1 {
				t.Errorf("got %q, %v after %d calls", id, err, calls.Load())
			}
		})
	}
}

func TestUploadAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		code   int // -1: no answer that says anything
	}{
		"refused":             {400, `{"error":{"code":131053,"message":"(#131053) ` + testToken + `"}}`, 131053},
		"too many":            {429, `{"error":{"code":80007}}`, 80007},
		"page of a proxy":     {502, "<html>Bad gateway</html>", -1},
		"no id":               {200, `{}`, -1},
		"an id that is a way": {200, `{"id":"../messages"}`, -1},
		"garbage":             {200, "OK", -1},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := provider(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				answering(tt.status, tt.body)(w, r)
			})
			_, err := client.Upload(t.Context(), testNumber, testToken, Upload{Type: "image/png", Name: "image", Size: 3, Body: strings.NewReader("abc")})
			e := sendError(t, err)
			if e.Status != tt.status || (e.API == nil) != (tt.code == -1) || e.API != nil && e.API.Code != tt.code || strings.Contains(err.Error(), testToken) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What cannot be sent is not begun.
func TestUploadsThatCannotBe(t *testing.T) {
	client, calls := provider(t, answering(200, `{"id":"1"}`))
	for name, f := range map[string]Upload{
		"of no type":  {Size: 3},
		"of a ZIP":    {Type: "application/zip", Size: 3},
		"of nothing":  {Type: "image/png"},
		"of too much": {Type: "image/png", Size: MaxImage + 1},
	} {
		f.Body = strings.NewReader("abc")
		if _, err := client.Upload(t.Context(), testNumber, testToken, f); !errors.Is(err, ErrOutgoing) || sendError(t, err).Written {
			t.Errorf("%s: %v", name, err)
		}
	}
	short := Upload{Type: "image/png", Name: "image", Size: 30, Body: strings.NewReader("abc")}
	if _, err := client.Upload(t.Context(), testNumber, testToken, short); err == nil {
		t.Error("a file that ends early was uploaded")
	}
	if n := calls.Load(); n > 1 {
		t.Errorf("%d calls", n)
	}
}

// blank is a file of zeros that is nowhere.
type blank struct{}

func (blank) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// The largest document takes no more memory than a small one.
func TestUploadTakesLittleMemory(t *testing.T) {
	var most uint64
	watch := func(w http.ResponseWriter, r *http.Request) {
		var m runtime.MemStats
		for buf := bytes.NewBuffer(make([]byte, 0, 1<<20)); ; {
			n, err := io.CopyN(buf, r.Body, 1<<20)
			buf.Reset()
			if n == 0 || err != nil && !errors.Is(err, io.EOF) {
				break
			}
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
		io.WriteString(w, `{"id":"1"}`)
	}
	client, _ := provider(t, watch)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := client.Upload(ctx, testNumber, testToken, Upload{Type: "application/pdf", Name: "document", Size: MaxDocument, Body: blank{}}); err != nil {
		t.Fatal(err)
	}
	if more := int64(most) - int64(before.HeapInuse); more > 24<<20 {
		t.Errorf("an upload of 100 MB took %d MB", more>>20)
	}
}
