package whatsapp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

type wireBlock struct {
	Product string     `json:"messaging_product"`
	Users   []wireUser `json:"block_users"`
}

type wireUser struct {
	User string `json:"user"`
}

// Block keeps a person from writing to the number and from being written to, or ends that. The
// user is a phone number with "+" or a BSUID, not a parent of one. Only who wrote within the last
// 24 hours can be blocked; Meta says so with code 131047, and code 139101 when 64,000 are. Every
// error is a *SendError; to repeat the call does no harm.
// Source: Meta, "Block users".
func (c *Client) Block(ctx context.Context, phoneNumberID, token, user string, block bool) error {
	if !isE164(user) && !IsUserID(user) {
		return &SendError{Err: fmt.Errorf("%w: nobody to be blocked", ErrOutgoing)}
	}
	body, err := json.Marshal(wireBlock{Product: "whatsapp", Users: []wireUser{{user}}})
	if err != nil {
		return &SendError{Err: fmt.Errorf("%w: %w", ErrOutgoing, err)}
	}
	method := http.MethodPost
	if !block {
		method = http.MethodDelete
	}
	resp, answer, err := c.call(ctx, method, phoneNumberID, token, "block_users", body)
	if err != nil {
		return err
	}
	return blocked(resp, answer)
}

// blocked reads the answer. Of one user there is one failure, and what it says of the user comes
// before what it says of all.
func blocked(resp *http.Response, body []byte) error {
	failed := &SendError{Written: true, Status: resp.StatusCode}
	if !json.Valid(body) {
		failed.Err = errGarbage
		return failed
	}
	r := reader{b: body}
	var of *Error
	done := false
	for key := range r.members("answer") {
		switch string(key) {
		case "error":
			failed.API = r.graphError()
		case "block_users":
			done, of = r.blockResult()
		}
	}
	if of != nil {
		failed.API = of
	}
	switch {
	case failed.API != nil:
		failed.API.HTTPStatus, failed.API.RetryAfter = resp.StatusCode, retryAfter(resp.Header)
	case resp.StatusCode/100 != 2:
		failed.Err = errGarbage
	case !done:
		failed.Err = errNotDone
	default:
		return nil
	}
	return failed
}

func (r *reader) blockResult() (done bool, of *Error) {
	for key := range r.members("block_users") {
		switch string(key) {
		case "added_users", "removed_users":
			for range r.elements() {
				done = true
				r.skip()
			}
		case "failed_users":
			for range r.elements() {
				for key := range r.members("failed_users") {
					if string(key) != "errors" {
						continue
					}
					for range r.elements() {
						of = r.graphError()
					}
				}
			}
		}
	}
	return done, of
}
