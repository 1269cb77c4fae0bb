package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
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
	p := &Problem{httpd.Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: desk.CodeInvalid}}
	if status >= http.StatusInternalServerError {
		p.Code, p.Detail = desk.CodeInternal, "something went wrong on our side"
		return p
	}
	p.Detail = "the request does not fit the OpenAPI document"
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			p.Field, p.Detail = blame(d.ErrorDetail())
			break
		}
	}
	return p
}

// blame gives field and rule. A property that should not be there is somebody's own
// word, so its parent is named instead; what follows a colon may be input as well.
func blame(d *huma.ErrorDetail) (field, rule string) {
	_, field, _ = strings.Cut(d.Location, ".")
	rule, _, _ = strings.Cut(d.Message, ": ")
	switch {
	case d.Message == validation.MsgUnexpectedProperty:
		parent := strings.LastIndexByte(field, '.')
		return field[:max(parent, 0)], "has a property that is not known"
	case strings.HasPrefix(d.Message, "expected required property "):
		name, _, _ := strings.Cut(strings.TrimPrefix(d.Message, "expected required property "), " ")
		return strings.TrimPrefix(field+"."+name, "."), "is missing"
	case strings.HasPrefix(d.Message, "expected "), strings.HasPrefix(d.Message, "required "):
		return field, rule
	default:
		return field, "is not valid"
	}
}
