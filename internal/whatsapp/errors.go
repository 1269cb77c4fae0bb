package whatsapp

import (
	"fmt"
	"time"
)

// maxErrors bounds the errors of one list.
const maxErrors = 64

// Error is an error as Meta reports it: as the answer to a call, in a status,
// in a message, or on its own. Decide by Code; titles and texts change.
// Source: Meta, "Cloud API: error codes".
type Error struct {
	Code int
	// Title, Message and Details are Meta's words; they may repeat numbers and
	// ids of the request, so they are shown and stored as personal data.
	Title, Message, Details string
	// Subcode is deprecated by Meta. Type is such as "OAuthException".
	Subcode int
	Type    string
	// FBTraceID is what Meta's support asks for.
	FBTraceID string
	// Transient is Meta's own word that trying again may help.
	Transient bool
	// HTTPStatus and RetryAfter come from the answer to a call, else zero.
	HTTPStatus int
	RetryAfter time.Duration
}

// Error names the code and our own name for it, and nothing Meta wrote.
func (e *Error) Error() string {
	return fmt.Sprintf("meta %d: %s", e.Code, e.Rule().Name)
}

// Rule says what an error means for us. Meta's is_transient makes a retry
// possible where our table knows nothing.
func (e *Error) Rule() Rule {
	rule := RuleOf(e.Code)
	if rule.Class == ClassUnknown && e.Transient {
		rule = transient("temporary failure")
	}
	return rule
}

// Backoff is how long to wait before the given attempt (1 is the first
// repetition) after this error, or zero if it is not to be repeated. What the
// answer asked for is the least.
func (e *Error) Backoff(attempt int) time.Duration {
	rule := e.Rule()
	if !rule.Retry {
		return 0
	}
	wait := rule.Base
	for range min(max(attempt, 1), 6) - 1 {
		wait *= 4 // Meta's own advice for the pair limit: 4^n seconds
	}
	return max(wait, e.RetryAfter)
}

func (r *reader) errors() []Error { return list(r, maxErrors, r.apiError) }

func (r *reader) apiError() *Error {
	if !r.at('{') {
		return nil
	}
	e := &Error{}
	for key := range r.members("errors") {
		switch string(key) {
		case "code":
			e.Code = r.integer()
		case "title":
			e.Title = r.text()
		case "message":
			e.Message = r.text()
		case "error_data":
			r.errorData(e)
		case "error_subcode":
			e.Subcode = r.integer()
		case "type":
			e.Type = r.text()
		case "fbtrace_id":
			e.FBTraceID = r.text()
		case "is_transient":
			e.Transient = r.boolean()
		case "href", "error_user_title", "error_user_msg":
			r.skip()
		}
	}
	return e
}

// errorData reads error_data, which management calls send as a bare string.
func (r *reader) errorData(e *Error) {
	if r.at('"') {
		e.Details = r.text()
		return
	}
	for key := range r.members("error_data") {
		switch string(key) {
		case "details":
			e.Details = r.text()
		case "messaging_product":
			r.skip()
		}
	}
}
