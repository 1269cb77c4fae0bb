// Package httpd is the one safe HTTP server of the house: TLS, timeouts,
// security headers, protection against cross-site requests, request ids, the
// request log, problem answers, health, metrics and the embedded app.
//
// It promises that every answer carries the security headers and a request id,
// that every error leaves as application/problem+json without repeating the
// input, and that neither log nor metric shows a raw path, a query, a body, an
// address or a header of the caller. It refuses cross-site changes, bodies over
// their limit and forwarded headers from anybody but the configured proxies.
package httpd
