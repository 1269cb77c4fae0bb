package httpd

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// policy is the Content-Security-Policy up to the frame ancestors. Pictures and
// recordings come as blobs from the app itself, QR codes as data.
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; " +
	"img-src 'self' blob: data:; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; " +
	"frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "

// securityHeaders gives the headers of every answer. Answers are not stored
// unless a handler says otherwise: most hold personal data.
func securityHeaders(ancestors []string, secure bool) (http.Header, error) {
	frames := "'none'"
	for i, origin := range ancestors {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Scheme+"://"+u.Host != origin || strings.ContainsAny(origin, " ;,*'") {
			return nil, fmt.Errorf("httpd: frame ancestor %d is not an origin", i+1)
		}
		if i == 0 {
			frames = origin
			continue
		}
		frames += " " + origin
	}
	h := http.Header{}
	h.Set("Content-Security-Policy", policy+frames)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if len(ancestors) == 0 {
		h.Set("X-Frame-Options", "DENY")
	}
	if secure {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
	return h, nil
}

// crossOrigin refuses changes asked by other sites. The public URL is trusted
// because behind a proxy the Host header may be another.
func crossOrigin(public *url.URL) (*http.CrossOriginProtection, error) {
	c := http.NewCrossOriginProtection()
	if err := c.AddTrustedOrigin(public.Scheme + "://" + public.Host); err != nil {
		return nil, fmt.Errorf("httpd: public URL: %w", err)
	}
	return c, nil
}

// checkOrigin refuses a cross-site change. Bearer tokens are exempt because no
// browser adds one by itself, webhooks because they prove their origin otherwise.
func (s *Server) checkOrigin(r *http.Request) error {
	if _, bearer := auth.BearerToken(r); bearer || isHook(r.URL.Path) {
		return nil
	}
	if err := s.cross.Check(r); err != nil {
		return &desk.Error{Code: desk.CodeForbidden, Text: "requests from other sites are refused", Err: err}
	}
	return nil
}

// isHook tells whether p is a webhook's path, and not one that becomes another
// when cleaned.
func isHook(p string) bool { return strings.HasPrefix(p, "/hooks/") && path.Clean(p) == p }
