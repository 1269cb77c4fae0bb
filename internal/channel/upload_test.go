package channel

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
)

type content struct{ *strings.Reader }

func (content) Close() error { return nil }

func paper() *desk.OpenFile {
	return &desk.OpenFile{Type: "application/pdf", Size: 8, Content: content{strings.NewReader("%PDF-1.4")}}
}

// A file leaves the house with the Permit of its own Message, or not at all.
func TestUploadNeedsAPermit(t *testing.T) {
	var asked atomic.Int32
	p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"id":"77"}`)
	}))
	t.Cleanup(p.Close)
	m := outgoing(p.URL)
	m.Kind = desk.KindDocument
	other := outgoing(p.URL)
	other.Kind = desk.KindDocument
	for name, permit := range map[string]policy.Permit{
		"none": nil, "an ended one": permit(t, m, noon), "another Message's": permit(t, other, noon.Add(time.Second)),
	} {
		_, err := sender(p.Client()).Upload(t.Context(), m, paper(), permit)
		var failed *desk.SendError
		if !errors.As(err, &failed) || failed.Outcome != desk.SendNotWritten || asked.Load() != 0 {
			t.Errorf("%s: %v after %d requests", name, err, asked.Load())
		}
	}
	id, err := sender(p.Client()).Upload(t.Context(), m, paper(), permit(t, m, noon.Add(time.Second)))
	if err != nil || id.Reveal() != "77" {
		t.Errorf("got %q, %v", id.Reveal(), err)
	}
}

// No upload is in doubt: what may pass is to be repeated, and what the Provider says of the file
// is final.
func TestUploadErrors(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		code   int
		retry  bool
		stop   bool
	}{
		"a page of a proxy": {502, "<html>", 131000, true, false},
		"the file":          {400, `{"error":{"code":131053}}`, 131053, false, false},
		"too many":          {429, `{"error":{"code":80007}}`, 80007, true, false},
		"Meta's trouble":    {500, `{"error":{"code":131016}}`, 131016, true, false},
		"an ended token":    {401, `{"error":{"code":190}}`, 190, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				says(c.status, c.body)(w, r)
			}))
			t.Cleanup(p.Close)
			m := outgoing(p.URL)
			m.Kind = desk.KindDocument
			_, err := sender(p.Client()).Upload(t.Context(), m, paper(), permit(t, m, noon.Add(time.Second)))
			var failed *desk.SendError
			if !errors.As(err, &failed) || failed.Outcome != desk.SendRejected || failed.Code != c.code || failed.Retry != c.retry || failed.Stop != c.stop {
				t.Errorf("got %+v", failed)
			}
		})
	}
}
