package api

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/validation"

	"botschaft/internal/desk"
	"botschaft/internal/httpd"
	"botschaft/internal/outbound"
)

// Problem is an error as callers see it (RFC 9457).
type Problem struct{ httpd.Problem }

// Error gives the stable code.
func (p *Problem) Error() string { return string(p.Code) }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem turns an error of a use case into an answer.
func (x *exchange) problem(err error) error {
	var refused *outbound.Refused
	if errors.As(err, &refused) {
		err = &refusal{refused, x.language()}
	}
	httpd.Blame(x.w, err)
	p := httpd.ProblemOf(err)
	p.RequestID = httpd.RequestID(x.r.Context())
	return huma.ErrorWithHeaders(&Problem{p}, p.Header())
}

// refusal gives the reasons of a Refusal in the caller's language.
type refusal struct {
	*outbound.Refused
	lang string
}

// ProblemReasons gives the reasons in words.
func (r *refusal) ProblemReasons() []httpd.Reason { return reasonsOf(r.Reasons(), r.lang) }

func reasonsOf(reasons []outbound.Reason, lang string) []httpd.Reason {
	out := make([]httpd.Reason, len(reasons))
	for i, r := range reasons {
		out[i] = httpd.Reason{Code: string(r.Code), Sentence: r.Sentence(lang), Article: r.Article, Helps: r.Helps(lang)}
	}
	return out
}

// newProblem is how the framework says that input does not fit. It names the part
// that does not and the rule, never what was sent.
func newProblem(status int, _ string, errs ...error) huma.StatusError {
	status = unread(status, errs)
	p := &Problem{httpd.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: desk.CodeInvalid}}
	if status >= http.StatusInternalServerError {
		p.Code, p.Detail = desk.CodeInternal, "something went wrong on our side"
		return p
	}
	if detail, ok := details[status]; ok {
		p.Detail = detail
		return p
	}
	p.Field, p.Detail = "body", "is missing"
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			p.Field, p.Detail = blame(d.ErrorDetail())
			break
		}
	}
	return p
}

// problemIn is newProblem within a request.
func problemIn(ctx huma.Context, status int, text string, errs ...error) huma.StatusError {
	se := newProblem(status, text, errs...)
	r, w := humago.Unwrap(ctx)
	if p, ok := se.(*Problem); ok {
		p.RequestID = httpd.RequestID(r.Context())
	}
	if se.GetStatus() >= http.StatusInternalServerError {
		httpd.Blame(w, errors.Join(errs...))
	}
	return se
}

// details say what is wrong where the status says it all.
var details = map[int]string{
	http.StatusRequestTimeout:        "the body came too slowly",
	http.StatusRequestEntityTooLarge: "the body is too large",
	http.StatusUnsupportedMediaType:  "the body must be application/json",
}

// unread corrects the status of a body that could not be read, which the framework
// takes for a fault of ours.
func unread(status int, errs []error) int {
	var large *http.MaxBytesError
	switch err := errors.Join(errs...); {
	case status != http.StatusInternalServerError:
		return status
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, io.ErrUnexpectedEOF): // whoever asked went away
		return http.StatusBadRequest
	}
	return status
}

// blame gives field and rule. A property that should not be there is somebody's own
// word, so its parent is named instead; what follows a colon may be input as well.
func blame(d *huma.ErrorDetail) (field, rule string) {
	rule, _, _ = strings.Cut(d.Message, ": ")
	switch {
	case d.Message == validation.MsgUnexpectedProperty:
		return fieldOf(parentOf(d)), "has a property that is not known"
	case strings.HasPrefix(d.Message, "expected required property "):
		name, _, _ := strings.Cut(strings.TrimPrefix(d.Message, "expected required property "), " ")
		return fieldOf(d.Location + "." + name), "is missing"
	case strings.HasPrefix(d.Message, "expected "), strings.HasPrefix(d.Message, "required "):
		return fieldOf(d.Location), rule
	default:
		return fieldOf(d.Location), "is not valid"
	}
}

// ownWords are the objects whose properties the caller names.
var ownWords = []string{"body.keys"}

// fieldOf leaves out where in the request a field stands; the body as a whole is
// "body".
func fieldOf(location string) string {
	for _, open := range ownWords {
		if strings.HasPrefix(location, open+".") {
			location = open
		}
	}
	if _, field, ok := strings.Cut(location, "."); ok {
		return field
	}
	return location
}

// parentOf gives the location of the object that has the property at d. The property's
// name may hold dots itself.
func parentOf(d *huma.ErrorDetail) string {
	object, _ := d.Value.(map[string]any)
	longest := -1
	for name := range object {
		if len(name) > longest && strings.HasSuffix(d.Location, "."+name) {
			longest = len(name)
		}
	}
	if longest < 0 {
		return "body"
	}
	return d.Location[:len(d.Location)-longest-1]
}
