package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// How long a Session lives.
const (
	SessionIdle     = 12 * time.Hour     // without a request
	SessionAbsolute = 7 * 24 * time.Hour // in any case
	sessionSeen     = time.Minute        // how exactly SeenAt is kept
	secretBytes     = 32
)

// Names of the session cookie. The prefix __Host- makes browsers refuse a cookie
// from a neighbouring host or without TLS; it needs https, so plain http on
// loopback has a name of its own.
const (
	cookieSecure = "__Host-botschaft"
	cookiePlain  = "botschaft"
)

// NewSession starts a Session of agent in a client, named as ClientOf does. The secret
// goes into the cookie and is kept nowhere; the Session holds its digest and is the
// caller's to store.
func NewSession(agent desk.AgentID, client string, now time.Time) (desk.Session, private.Text) {
	secret, digest := newSecret()
	return desk.Session{
		ID: desk.NewID[desk.Session](), Agent: agent, Digest: digest, Client: client, CreatedAt: now, SeenAt: now,
	}, private.NewText(secret)
}

// SessionExpired tells whether s has ended by itself at now.
func SessionExpired(s desk.Session, now time.Time) bool {
	return now.Sub(s.SeenAt) >= SessionIdle || now.Sub(s.CreatedAt) >= SessionAbsolute
}

// SessionCookie carries the secret of a Session to the browser; secure tells
// whether people reach the server by https. SameSite is strict because nothing
// but the app's own requests needs the cookie.
func SessionCookie(secret private.Text, secure bool) *http.Cookie {
	c := blankCookie(secure)
	c.Value = secret.Reveal()
	c.MaxAge = int(SessionAbsolute / time.Second)
	return c
}

// ExpiredCookie removes the session cookie from the browser.
func ExpiredCookie(secure bool) *http.Cookie {
	c := blankCookie(secure)
	c.MaxAge = -1
	return c
}

func blankCookie(secure bool) *http.Cookie {
	return &http.Cookie{Name: cookieName(secure), Path: "/", Secure: secure, HttpOnly: true, SameSite: http.SameSiteStrictMode}
}

func cookieName(secure bool) string {
	if secure {
		return cookieSecure
	}
	return cookiePlain
}

// newSecret makes 32 random bytes in base64url and the SHA-256 of that text. A
// plain hash suffices: nobody guesses 256 random bits.
func newSecret() (string, []byte) {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails
	s := base64.RawURLEncoding.EncodeToString(b)
	return s, digestOf(s)
}

// digestOf gives the digest under which a secret is stored.
func digestOf(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

// isSecret tells whether s has the form newSecret gives.
func isSecret(s string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == secretBytes && len(s) == base64.RawURLEncoding.EncodedLen(secretBytes)
}
