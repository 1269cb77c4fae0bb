package httpd

import (
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// answer notes what became of a request.
type answer struct {
	http.ResponseWriter
	request *http.Request // nil outside of Handler
	muted   bool          // what else is written is left out
	status  int           // 0 until the header is written
	bytes   int64
	cause   error // the error behind a problem, for the log
	aborted bool
}

// WriteHeader notes the first final status. Where nothing matched, a problem takes the
// place of the plain text that follows.
func (a *answer) WriteHeader(status int) {
	if a.isUnrouted(status) {
		writeUnrouted(a, a.request, status)
		a.muted = true
		return
	}
	if a.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (a *answer) Write(b []byte) (int, error) {
	if a.muted {
		return len(b), nil
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Flush sends what is buffered.
func (a *answer) Flush() {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	_ = http.NewResponseController(a.ResponseWriter).Flush() // a recorder may not know how
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// finish logs and counts one request. The path may hold a secret link and the
// query anything, so the pattern of the route stands for both.
func (s *Server) finish(a *answer, r *http.Request, start time.Time) {
	took := s.o.Now().Sub(start)
	status := a.status
	if status == 0 {
		status = http.StatusOK
	}
	if s.o.Metrics != nil {
		s.o.Metrics.observe(route(r), method(r), status, took)
	}
	attrs := []slog.Attr{
		slog.String("request_id", RequestID(r.Context())),
		slog.String("method", method(r)),
		slog.String("route", route(r)),
		slog.Int("status", status),
		slog.Int64("bytes", a.bytes),
		slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if a.aborted {
		attrs = append(attrs, slog.Bool("aborted", true))
	}
	level := slog.LevelInfo
	switch {
	case status >= 500 && r.Context().Err() == nil:
		level = slog.LevelError
	case route(r) == "/healthz" || route(r) == "/readyz":
		level = slog.LevelDebug // asked every few seconds
	}
	if a.cause != nil && status >= 500 {
		attrs = append(attrs, slog.String("cause", a.cause.Error()))
	}
	s.o.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// route is the pattern that matched, without method and host; "none" if nothing
// did.
func route(r *http.Request) string {
	if _, path, ok := strings.Cut(r.Pattern, "/"); ok {
		return "/" + path
	}
	return "none"
}

// method is the method if it is a known one: callers may invent others.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}
