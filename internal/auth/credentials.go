package auth

import (
	"net/http"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// Credentials are what a request shows of itself: a bearer token or a session
// secret, never both.
type Credentials struct {
	Bearer  private.Text
	Session private.Text
}

// CredentialsOf reads the credentials of r; secure tells whether people reach the
// server by https. A request that names the Bearer scheme is judged by its token
// alone. It was excused from the cross-site check, so a cookie beside it must
// not count. Two different session cookies count as none: one was planted.
func CredentialsOf(r *http.Request, secure bool) Credentials {
	if token, ok := BearerToken(r); ok {
		return Credentials{Bearer: token}
	}
	var found string
	for _, c := range r.CookiesNamed(cookieName(secure)) {
		if found != "" && c.Value != found {
			return Credentials{}
		}
		found = c.Value
	}
	if found == "" {
		return Credentials{}
	}
	return Credentials{Session: private.NewText(found)}
}

// BearerToken gives the token of the Authorization header; ok tells whether the
// header names the Bearer scheme at all, with a usable token or not.
func BearerToken(r *http.Request) (token private.Text, ok bool) {
	for _, line := range r.Header.Values("Authorization") {
		scheme, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.EqualFold(scheme, "Bearer") {
			return private.NewText(strings.TrimSpace(rest)), true
		}
	}
	return private.Text{}, false
}

func unauthorized(text string) *desk.Error {
	return &desk.Error{Code: desk.CodeUnauthorized, Text: text}
}
