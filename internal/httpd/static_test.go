package httpd

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"botschaft/internal/desk"
)

func app(t *testing.T) http.Handler {
	t.Helper()
	h, err := Static(fstest.MapFS{
		"index.html":            {Data: []byte("<!doctype html>app")},
		"index.html.br":         {Data: []byte("app as br")},
		"index.html.gz":         {Data: []byte("app as gzip")},
		"assets/app-3f2a.js":    {Data: []byte("script")},
		"assets/app-3f2a.js.gz": {Data: []byte("script as gzip")},
		"assets/lonely-1.js.br": {Data: []byte("nobody's")},
		"favicon.ico":           {Data: []byte("icon")},
		"unknown.xyz":           {Data: []byte("?")},
		"manifest.webmanifest":  {Data: []byte("{}")},
		"sw.js":                 {Data: []byte("worker")},
		"icons/192.png":         {Data: []byte("picture")},
	})
	if err != nil {
		t.Fatal(err)
	}
	s, _ := newTest(t, nil)
	return s.Handler(h)
}

func TestStatic(t *testing.T) {
	h := app(t)
	for name, tc := range map[string]struct {
		path, accept, encoding           string // of the request: path, Accept, Accept-Encoding
		body, kind, wantEncoding, caches string
	}{
		"start":              {"/", "", "", "<!doctype html>app", "text/html; charset=utf-8", "", "no-cache"},
		"start as br":        {"/", "", "gzip, deflate, br, zstd", "app as br", "text/html; charset=utf-8", "br", "no-cache"},
		"br not wanted":      {"/", "", "br;q=0, gzip;q=0.5", "app as gzip", "text/html; charset=utf-8", "gzip", "no-cache"},
		"anything":           {"/", "", "*", "app as br", "text/html; charset=utf-8", "br", "no-cache"},
		"anything but br":    {"/", "", "*, BR; q=0", "app as gzip", "text/html; charset=utf-8", "gzip", "no-cache"},
		"weight of no sense": {"/", "", "br;q=x", "<!doctype html>app", "text/html; charset=utf-8", "", "no-cache"},
		"asset":              {"/assets/app-3f2a.js", "", "br", "script", "text/javascript; charset=utf-8", "", "public, max-age=31536000, immutable"},
		"asset as gzip":      {"/assets/app-3f2a.js", "", "br, gzip", "script as gzip", "text/javascript; charset=utf-8", "gzip", "public, max-age=31536000, immutable"},
		"icon":               {"/favicon.ico", "", "gzip", "icon", "image/x-icon", "", "no-cache"},
		"manifest":           {"/manifest.webmanifest", "", "", "{}", "application/manifest+json", "", "no-cache"},
		// A kept worker would keep an old app.
		"service worker":  {"/sw.js", "", "", "worker", "text/javascript; charset=utf-8", "", "no-cache"},
		"icon of the app": {"/icons/192.png", "", "", "picture", "image/png", "", "no-cache"},
		"unknown kind":    {"/unknown.xyz", "text/html", "", "?", "application/octet-stream", "", "no-cache"},
		"page of the app": {"/inbox/42", "text/html,*/*", "", "<!doctype html>app", "text/html; charset=utf-8", "", "no-cache"},
		"api in a page":   {"/apiary", "text/html", "", "<!doctype html>app", "text/html; charset=utf-8", "", "no-cache"},
	} {
		w := ask(h, "GET", tc.path, nil, "Accept", tc.accept, "Accept-Encoding", tc.encoding)
		head := w.Header()
		if w.Code != 200 || w.Body.String() != tc.body || head.Get("Content-Type") != tc.kind ||
			head.Get("Content-Encoding") != tc.wantEncoding || head.Get("Cache-Control") != tc.caches {
			t.Errorf("%s: got %d, %q, %v", name, w.Code, w.Body, head)
		}
		if varies := head.Get("Vary") == "Accept-Encoding"; varies != (strings.Contains(tc.body, "app") || strings.Contains(tc.body, "script")) {
			t.Errorf("%s: Vary is %q", name, head.Get("Vary"))
		}
		again := ask(h, "GET", tc.path, nil, "Accept", tc.accept, "Accept-Encoding", tc.encoding, "If-None-Match", `"x", W/`+head.Get("ETag"))
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("Content-Encoding") != "" || again.Header().Get("ETag") != head.Get("ETag") {
			t.Errorf("%s: asked again, got %d, %v", name, again.Code, again.Header())
		}
		top := ask(h, "HEAD", tc.path, nil, "Accept", tc.accept, "Accept-Encoding", tc.encoding)
		if top.Code != 200 || top.Body.Len() != 0 || top.Header().Get("Content-Length") != head.Get("Content-Length") {
			t.Errorf("%s: HEAD: got %d, %v", name, top.Code, top.Header())
		}
	}
	one, other := ask(h, "GET", "/", nil).Header().Get("ETag"), ask(h, "GET", "/", nil, "Accept-Encoding", "br").Header().Get("ETag")
	if one == other || ask(h, "GET", "/", nil, "If-None-Match", other).Code != 200 {
		t.Error("two encodings share a tag")
	}
}

func TestStaticRefuses(t *testing.T) {
	h := app(t)
	for _, path := range []string{
		"/api", "/api/v1/x", "/hooks/x", "/healthz", "/readyz", "/metrics", "/metrics/x",
		"/assets/gone-1.js", "/assets/lonely-1.js", "/assets/lonely-1.js.br", "/assets/", "/index.html.gz",
	} {
		accept := "text/html"
		if strings.HasSuffix(path, ".gz") {
			accept = "*/*"
		}
		if p := problemOf(t, ask(h, "GET", path, nil, "Accept", accept)); p.Code != desk.CodeNotFound {
			t.Errorf("%s: got %+v", path, p)
		}
	}
	if p := problemOf(t, ask(h, "GET", "/script.js", nil, "Accept", "*/*")); p.Code != desk.CodeNotFound {
		t.Errorf("got %+v", p)
	}
	w := ask(h, "POST", "/", nil)
	if p := problemOf(t, w); p.Status != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("got %+v, %v", p, w.Header())
	}
	if _, err := Static(fstest.MapFS{"index.html.gz": {Data: []byte("x")}}); err == nil {
		t.Error("an app without index.html is served")
	}
}
