package simulator

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed page
var pageFiles embed.FS

// pageHandler serves the phones at /. Nothing comes from elsewhere, and the
// policy says so.
func (s *Simulator) pageHandler() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		return http.NotFoundHandler()
	}
	policy := "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'self' " + strings.Join(s.cfg.FrameAncestors, " ")
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		server.ServeHTTP(w, r)
	})
}
