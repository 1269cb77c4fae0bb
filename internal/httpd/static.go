package httpd

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"botschaft/internal/desk"
)

// encodings are the precompressed siblings, best first; "" is the file itself.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}, {"", ""}}

// contentTypes is our own table, since that of the operating system differs from
// machine to machine.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".map": "application/json",
	".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".woff2": "font/woff2", ".wasm": "application/wasm",
	".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".txt": "text/plain; charset=utf-8",
}

// reserved are paths that never show the app.
var reserved = []string{"/api", "/hooks", "/healthz", "/readyz", "/metrics"}

// page is one file in its encodings.
type page struct {
	kind     string
	cache    string
	variants map[string]variant // by name of the encoding
}

type variant struct {
	body []byte
	etag string
}

// Static serves the files of fsys, which must hold an index.html, in the best
// encoding it has them in (siblings with .br and .gz). Files under assets/ carry
// their hash in their name and are kept for ever; all others are asked for again.
// A page that does not exist, outside of /api, /hooks and the like, is the app's own
// to show: browsers get index.html. Mount it at "/".
func Static(fsys fs.FS) (http.Handler, error) {
	pages := map[string]*page{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		addPage(pages, name, body)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the embedded app: %w", err)
	}
	for name, p := range pages { // a sibling alone is an ordinary file nobody asked for
		if _, whole := p.variants[""]; !whole {
			delete(pages, name)
		}
	}
	if pages["/index.html"] == nil {
		return nil, errors.New("the embedded app has no index.html")
	}
	return static(pages), nil
}

func addPage(pages map[string]*page, name string, body []byte) {
	encoding, base := "", "/"+name
	for _, e := range encodings[:2] {
		if plain, ok := strings.CutSuffix(base, e.suffix); ok {
			encoding, base = e.name, plain
		}
	}
	p := pages[base]
	if p == nil {
		p = &page{kind: contentTypes[path.Ext(base)], cache: "no-cache", variants: map[string]variant{}}
		if p.kind == "" {
			p.kind = "application/octet-stream"
		}
		if strings.HasPrefix(base, "/assets/") {
			p.cache = "public, max-age=31536000, immutable"
		}
		pages[base] = p
	}
	sum := sha256.Sum256(body)
	p.variants[encoding] = variant{body, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}

// static serves pages by path.
type static map[string]*page

// ServeHTTP answers with a file, the app or a problem.
func (s static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isReserved(r.URL.Path) {
		WriteProblem(w, r, desk.NotFound("resource"))
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		writeUnrouted(w, r, http.StatusMethodNotAllowed)
		return
	}
	p := s[r.URL.Path]
	if p == nil && isNavigation(r) {
		p = s["/index.html"]
	}
	if p == nil {
		WriteProblem(w, r, desk.NotFound("page"))
		return
	}
	p.serve(w, r)
}

func (p *page) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	accept := strings.Join(r.Header.Values("Accept-Encoding"), ",")
	var v variant
	for _, e := range encodings {
		found, ok := p.variants[e.name]
		if !ok || (e.name != "" && !accepts(accept, e.name)) {
			continue
		}
		v = found
		if e.name != "" {
			h.Set("Content-Encoding", e.name)
		}
		break
	}
	if len(p.variants) > 1 {
		h.Add("Vary", "Accept-Encoding")
	}
	h.Set("Cache-Control", p.cache)
	h.Set("ETag", v.etag)
	if matches(strings.Join(r.Header.Values("If-None-Match"), ","), v.etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", p.kind)
	h.Set("Content-Length", strconv.Itoa(len(v.body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(v.body) // the caller is gone, or reads it
	}
}

func isReserved(p string) bool {
	for _, root := range reserved {
		if p == root || strings.HasPrefix(p, root+"/") {
			return true
		}
	}
	return false
}

// isNavigation tells whether a browser wants a page. A missing script under
// assets/ is no page: answering with one would hide a broken build.
func isNavigation(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/assets/") {
		return false
	}
	return r.URL.Path == "/" || strings.Contains(strings.Join(r.Header.Values("Accept"), ","), "text/html")
}

// accepts reads an Accept-Encoding header.
func accepts(header, encoding string) bool {
	any := false
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(item, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64)
		}
		if name == encoding {
			return weight > 0
		}
		if name == "*" {
			any = weight > 0
		}
	}
	return any
}

// matches reads an If-None-Match header.
func matches(header, etag string) bool {
	for item := range strings.SplitSeq(header, ",") {
		item = strings.TrimSpace(item)
		if item == "*" || strings.TrimPrefix(item, "W/") == etag {
			return true
		}
	}
	return false
}
