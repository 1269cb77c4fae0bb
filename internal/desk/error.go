package desk

import (
	"errors"
	"fmt"
)

// Code classifies an Error; the HTTP layer maps each to one status.
type Code string

// The codes.
const (
	CodeInvalid      Code = "invalid"         // the input breaks a rule; Field says which part
	CodeNotFound     Code = "not_found"       // no such thing, or not for this Actor
	CodeUnauthorized Code = "unauthorized"    // nobody is logged in
	CodeForbidden    Code = "forbidden"       // logged in, but not entitled
	CodeConflict     Code = "conflict"        // contradicts what is there
	CodeApproval     Code = "approval_needed" // entitled, once a second person agrees
	CodeRefused      Code = "refused"         // the gate refused; the Refusal is attached
	CodeThrottled    Code = "throttled"       // too many attempts
	CodeTooLarge     Code = "too_large"       // a file has more bytes than may be
	CodeUnsupported  Code = "unsupported"     // a file is of a kind that is not taken
	CodeUnavailable  Code = "unavailable"     // a store is gone or full; try again
	CodeInternal     Code = "internal"        // a fault of ours
)

// Error is what a caller may see. Text never holds personal data or secrets and
// never repeats the input.
type Error struct {
	Code  Code
	Field string // the offending field or configuration key, if one is to blame
	Text  string // a plain English sentence or clause
	Err   error  // the cause, for the log
}

// Error gives code, field and text.
func (e *Error) Error() string {
	s := string(e.Code)
	if e.Field != "" {
		s += ": " + e.Field
	}
	if e.Text != "" {
		s += ": " + e.Text
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Invalid says that field breaks a rule.
func Invalid(field, text string) *Error {
	return &Error{Code: CodeInvalid, Field: field, Text: text}
}

// NotFound says that there is no such noun, or none for this Actor.
func NotFound(noun string) *Error {
	return &Error{Code: CodeNotFound, Text: fmt.Sprintf("no such %s", noun)}
}

// Conflict says that the input contradicts what is there.
func Conflict(text string) *Error { return &Error{Code: CodeConflict, Text: text} }

// Forbidden says that the Actor is known but not entitled.
func Forbidden(text string) *Error { return &Error{Code: CodeForbidden, Text: text} }

// Unavailable says that a store cannot be used now.
func Unavailable(text string, err error) *Error {
	return &Error{Code: CodeUnavailable, Text: text, Err: err}
}

// CodeOf gives the code of err; an unknown error is internal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
