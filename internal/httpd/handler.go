package httpd

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"botschaft/internal/desk"
)

// requestIDKey is the key of the request id in a context.
type requestIDKey struct{}

// RequestID gives the id of the request ctx belongs to, empty outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// Handler wraps routes in everything the house promises of an answer: request id,
// security headers, the check for cross-site changes, body limits, recovery from
// panics, log and metrics. Serve does it by itself; tests call it directly.
func (s *Server) Handler(routes http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, id := s.o.Now(), rand.Text()
		r = r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
		r.Body = http.MaxBytesReader(w, r.Body, s.bodyLimit(r.URL.Path))
		for name, values := range s.headers {
			w.Header()[name] = slices.Clone(values)
		}
		w.Header().Set("X-Request-Id", id)
		a := &answer{ResponseWriter: w, request: r}
		defer func() { s.finish(a, r, start) }()
		defer s.recover(a, r)
		if err := s.checkOrigin(r); err != nil {
			WriteProblem(a, r, err)
			return
		}
		routes.ServeHTTP(a, r)
	})
}

func (s *Server) bodyLimit(path string) int64 {
	limit, longest := int64(defaultBody), 0
	if isHook(path) {
		limit = hookBody
	}
	for _, l := range s.o.BodyLimits {
		if strings.HasPrefix(path, l.Prefix) && len(l.Prefix) > longest {
			limit, longest = l.Bytes, len(l.Prefix)
		}
	}
	return limit
}

// recover turns a panic into a problem, or cuts the connection when part of an
// answer is under way already. The value of the panic may hold anything, so only
// its type is logged, and a runtime error's text.
func (s *Server) recover(a *answer, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		a.aborted = true
		panic(http.ErrAbortHandler)
	}
	kind := fmt.Sprintf("%T", v)
	if err, ok := v.(runtime.Error); ok {
		kind = err.Error()
	}
	s.o.Log.LogAttrs(r.Context(), slog.LevelError, "a handler panicked",
		slog.String("request_id", RequestID(r.Context())), slog.String("route", route(r)),
		slog.String("panic", kind), slog.Any("stack", stack()))
	if a.status != 0 {
		a.aborted = true
		panic(http.ErrAbortHandler)
	}
	WriteProblem(a, r, &desk.Error{Code: desk.CodeInternal})
}

// stack names the functions that led to the panic, without their arguments and
// without the paths of the machine that built them.
func stack() []string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var out []string
	for {
		f, more := frames.Next()
		out = append(out, fmt.Sprintf("%s (%s:%d)", f.Function, filepath.Base(f.File), f.Line))
		if !more {
			return out
		}
	}
}
