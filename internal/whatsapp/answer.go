package whatsapp

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// Why an answer is of no use; the send is in doubt.
var (
	errGarbage     = errors.New("answer is not the provider's JSON")
	errNoMessageID = errors.New("answer without a message id")
)

// answer is what the provider says to a send.
type answer struct {
	SendResult
	api *Error
}

// parseAnswer sorts an answer into accepted, refused and in doubt.
func parseAnswer(resp *http.Response, body []byte) (SendResult, error) {
	failed := &SendError{Written: true, Status: resp.StatusCode}
	if !json.Valid(body) {
		failed.Err = errGarbage
		return SendResult{}, failed
	}
	a := (&reader{b: body}).answer()
	switch {
	case a.api != nil:
		a.api.HTTPStatus = resp.StatusCode
		a.api.RetryAfter = retryAfter(resp.Header)
		failed.API = a.api
	case resp.StatusCode/100 != 2:
		failed.Err = errGarbage
	case a.MessageID == "":
		failed.Err = errNoMessageID
	default:
		return a.SendResult, nil
	}
	return SendResult{}, failed
}

func (r *reader) answer() (a answer) {
	for key := range r.members("answer") {
		switch string(key) {
		case "error":
			a.api = r.graphError()
		case "contacts":
			for range r.elements() {
				r.answerContact(&a.SendResult)
			}
		case "messages":
			for range r.elements() {
				r.answerMessage(&a.SendResult)
			}
		}
	}
	return a
}

// graphError is an error that names a code; without one it decides nothing.
func (r *reader) graphError() *Error {
	coded := *r
	found := false
	for key := range coded.members("errors") {
		if string(key) == "code" {
			found = coded.isNumber() || coded.at('"')
		}
	}
	e := r.apiError()
	if !found {
		return nil
	}
	return e
}

func (r *reader) answerContact(s *SendResult) {
	for key := range r.members("contacts") {
		switch string(key) {
		case "wa_id":
			s.WAID = r.text()
		case "user_id":
			s.UserID = r.text()
		}
	}
	var parent string
	scoped(&s.WAID, &s.UserID, &parent)
}

func (r *reader) answerMessage(s *SendResult) {
	for key := range r.members("messages") {
		switch string(key) {
		case "id":
			s.MessageID = r.text()
		case "message_status":
			s.MessageStatus = r.text()
		}
	}
}

// retryAfter is the wait an answer asks for: Retry-After in seconds, or the
// minutes Meta gives in X-Business-Use-Case-Usage once a limit is reached.
// Source: Meta, "Graph API: rate limits".
func retryAfter(h http.Header) time.Duration {
	if s, err := strconv.Atoi(h.Get("Retry-After")); err == nil && s > 0 {
		return min(time.Duration(min(s, 86400))*time.Second, 24*time.Hour)
	}
	var usage map[string][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &usage) != nil {
		return 0
	}
	wait := 0
	for _, accounts := range usage {
		for _, account := range accounts {
			wait = max(wait, account.Minutes)
		}
	}
	return time.Duration(min(wait, 24*60)) * time.Minute
}
