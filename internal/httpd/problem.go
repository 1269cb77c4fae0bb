package httpd

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/desk"
)

// Problem is an error as callers see it: RFC 9457, application/problem+json. It
// never repeats the input.
type Problem struct {
	Type      string    `json:"type"`             // always about:blank; Code tells problems apart
	Title     string    `json:"title"`            // the status in words
	Status    int       `json:"status"`           // the HTTP status
	Code      desk.Code `json:"code"`             // stable
	Detail    string    `json:"detail,omitempty"` // a plain sentence
	Field     string    `json:"field,omitempty"`  // which part of the input is to blame
	RequestID string    `json:"request_id,omitempty"`
	Reasons   []Reason  `json:"reasons,omitempty"` // of a Refusal

	retryAfter time.Duration
}

// Reason is one reason of a Refusal.
type Reason struct {
	Code     string `json:"code"`     // stable, e.g. window_closed
	Sentence string `json:"sentence"` // what an agent reads
	Article  string `json:"article"`  // the norm behind it
	Helps    string `json:"helps"`    // what would help
}

// Refuser is an error that carries the reasons of a Refusal.
type Refuser interface{ ProblemReasons() []Reason }

// Retrier is an error that knows when to try again.
type Retrier interface{ RetryAfter() time.Duration }

// statuses maps the codes of the house to HTTP.
var statuses = map[desk.Code]int{
	desk.CodeInvalid:      http.StatusUnprocessableEntity,
	desk.CodeNotFound:     http.StatusNotFound,
	desk.CodeUnauthorized: http.StatusUnauthorized,
	desk.CodeForbidden:    http.StatusForbidden,
	desk.CodeConflict:     http.StatusConflict,
	desk.CodeApproval:     http.StatusForbidden,
	desk.CodeRefused:      http.StatusUnprocessableEntity,
	desk.CodeThrottled:    http.StatusTooManyRequests,
	desk.CodeTooLarge:     http.StatusRequestEntityTooLarge,
	desk.CodeUnsupported:  http.StatusUnsupportedMediaType,
	desk.CodeUnavailable:  http.StatusServiceUnavailable,
	desk.CodeInternal:     http.StatusInternalServerError,
}

// defaultRetry is when to try again if nobody knows better.
const defaultRetry = 5 * time.Second

// WriteProblem answers r with err. Of err only what desk.Error makes public is
// shown; the whole of it goes to the request log when the fault is ours.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	Blame(w, err)
	p := ProblemOf(err)
	p.RequestID = RequestID(r.Context())
	h := w.Header()
	maps.Copy(h, p.Header())
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	for _, name := range []string{"Content-Encoding", "Content-Length", "Etag", "Last-Modified"} {
		h.Del(name)
	}
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(p) // the caller is gone, or reads it
	}
}

// Blame tells the request log what went wrong.
func Blame(w http.ResponseWriter, err error) {
	if a := answerOf(w); a != nil {
		a.cause = err
	}
}

// Header gives the headers that belong to p: how to log in, and when to try again.
func (p Problem) Header() http.Header {
	h := http.Header{}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="botschaft"`)
	}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64(math.Ceil(p.retryAfter.Seconds())), 10))
	}
	return h
}

// ProblemOf turns err into a Problem without a request id. An unknown error is
// internal and says nothing of itself.
func ProblemOf(err error) Problem {
	p := Problem{Type: "about:blank", Code: desk.CodeOf(err)}
	var known *desk.Error
	if errors.As(err, &known) && known.Code != desk.CodeInternal {
		p.Detail, p.Field = known.Text, known.Field
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		p.Code, p.Status, p.Detail = desk.CodeInvalid, http.StatusRequestEntityTooLarge, "the body is too large"
	case p.Code == desk.CodeInvalid && malformed(err):
		p.Status = http.StatusBadRequest
	case known == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)):
		p.Code, p.Detail = desk.CodeUnavailable, "the answer took too long; try again"
	case known == nil && isStoreGone(err):
		p.Code, p.Detail = desk.CodeUnavailable, "the database cannot be used now"
	case known == nil && malformed(err):
		p.Code, p.Status, p.Detail = desk.CodeInvalid, http.StatusBadRequest, "the body is not valid JSON of the expected form"
	}
	if _, ok := statuses[p.Code]; !ok {
		p.Code = desk.CodeInternal
	}
	if p.Status == 0 {
		p.Status = statuses[p.Code]
	}
	if p.Code == desk.CodeInternal {
		p.Detail, p.Field = "something went wrong on our side; the request id helps to find it", ""
	}
	p.Title = http.StatusText(p.Status)
	p.addHelp(err)
	return p
}

func (p *Problem) addHelp(err error) {
	var refusal Refuser
	if p.Code == desk.CodeRefused && errors.As(err, &refusal) {
		p.Reasons = refusal.ProblemReasons()
	}
	if p.Code != desk.CodeThrottled && p.Code != desk.CodeUnavailable {
		return
	}
	p.retryAfter = defaultRetry
	var later Retrier
	if errors.As(err, &later) {
		p.retryAfter = max(later.RetryAfter(), time.Second)
	}
}

// fileGone are SQLite's codes for a file that cannot be used now: busy, locked, out of
// memory, read-only, an error of the disk, damaged, full, cannot be opened, no database.
var fileGone = []int{5, 6, 7, 8, 10, 11, 13, 14, 26}

// isStoreGone tells whether a database could not be reached or has ended the
// connection. The drivers say so in their own words, which reach us as they are where
// something is only read.
func isStoreGone(err error) bool {
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	if unasked := (interface{ SafeToRetry() bool })(nil); errors.As(err, &unasked) && unasked.SafeToRetry() {
		return true // the connection was closed before anything was asked on it
	}
	var file interface{ Code() int } // SQLite's, whose low byte tells the kind
	if errors.As(err, &file) && slices.Contains(fileGone, file.Code()&0xff) {
		return true
	}
	var answered interface{ SQLState() string }
	if !errors.As(err, &answered) {
		return false
	}
	switch state := answered.SQLState(); {
	case strings.HasPrefix(state, "08"), strings.HasPrefix(state, "53"), strings.HasPrefix(state, "57P"): // lost, full, shutting down
		return true
	default:
		return state == "55000" // it lets nobody in
	}
}

// malformed tells whether the input could not be read at all, rather than broke a
// rule. An end in the middle is not meant: bodies are read by the framework, and what else
// ends so is a connection to a database.
func malformed(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind)
}

// answerOf finds the answer beneath w's wrappers, nil outside of Handler.
func answerOf(w http.ResponseWriter) *answer {
	for {
		if a, ok := w.(*answer); ok {
			return a
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil
		}
		w = u.Unwrap()
	}
}
