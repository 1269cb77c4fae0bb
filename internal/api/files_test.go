package api_test

import (
	"net/http"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

// What a Contact sent does nothing where it is read: it has an origin of its own, and what can
// act comes as a download that nothing opens.
func TestFilesAreShielded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		who := w.agentOf(t, w.north)
		for mediaType, want := range map[string]struct{ is, disposition string }{
			"image/png":       {"image/png", "inline"},
			"audio/ogg":       {"audio/ogg", "inline"},
			"application/pdf": {"application/pdf", "attachment"},
			"image/svg+xml":   {desk.TypeUnknown, "attachment"},
			"text/html":       {desk.TypeUnknown, "attachment"},
			"text/plain":      {desk.TypeUnknown, "attachment"},
			desk.TypeUnknown:  {desk.TypeUnknown, "attachment"},
		} {
			id := w.filed(t, w.north.conversation, mediaType, []byte("0123456789"))
			r := w.open(t.Context(), t, who, question{method: "GET", path: "/api/v1/messages/" + id.String() + "/file"})
			must(t, r.Body.Close())
			h := r.Header
			if h.Get("Content-Type") != want.is || !strings.HasPrefix(h.Get("Content-Disposition"), want.disposition) {
				t.Errorf("%s comes as %s, %s", mediaType, h.Get("Content-Type"), h.Get("Content-Disposition"))
			}
			if !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox; default-src 'none'") || h.Get("X-Content-Type-Options") != "nosniff" ||
				h.Get("Cache-Control") != "no-store" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("ETag")+h.Get("Last-Modified") != "" {
				t.Errorf("%s comes with %v", mediaType, h)
			}
		}
	})
}

// Players ask for parts.
func TestFilesInRanges(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		who := w.agentOf(t, w.north)
		id := w.filed(t, w.north.conversation, "audio/ogg", []byte("0123456789"))
		path := "/api/v1/messages/" + id.String() + "/file"
		a := w.ask(t, who, question{method: "GET", path: path, header: http.Header{"Range": {"bytes=3-5"}}})
		if a.status != http.StatusPartialContent || a.body != "345" {
			t.Errorf("%d %q", a.status, a.body)
		}
		a = w.ask(t, who, question{method: "GET", path: path, header: http.Header{"Range": {"bytes=99-"}}})
		if a.status != http.StatusRequestedRangeNotSatisfiable {
			t.Errorf("behind the end: %d", a.status)
		}
		waiting := w.filed(t, w.north.conversation, "", nil)
		if a := w.ask(t, who, question{method: "GET", path: "/api/v1/messages/" + waiting.String() + "/file"}); a.status != http.StatusConflict {
			t.Errorf("a file that is not here: %d %s", a.status, a.body)
		}
	})
}
