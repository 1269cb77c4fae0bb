package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// errNotDone says that a call was answered without an error and without saying that it was done.
var errNotDone = errors.New("answer does not say that it was done")

type wireSignal struct {
	Product   string      `json:"messaging_product"`
	Status    string      `json:"status"`
	MessageID string      `json:"message_id"`
	Typing    *wireTyping `json:"typing_indicator,omitempty"`
}

type wireTyping struct {
	Type string `json:"type"`
}

// Signal marks a person's message, and all before it, as read. With typing it also shows for 25
// seconds, or until something is sent, that somebody writes: Meta knows no typing without the
// read mark. It is no message. Every error is a *SendError; to repeat it does no harm.
// Source: Meta, "Mark messages as read" and "Typing indicators".
func (c *Client) Signal(ctx context.Context, phoneNumberID, token, wamid string, typing bool) error {
	if wamid == "" {
		return &SendError{Err: fmt.Errorf("%w: no message to be marked", ErrOutgoing)}
	}
	w := wireSignal{Product: "whatsapp", Status: "read", MessageID: wamid}
	if typing {
		w.Typing = &wireTyping{Type: "text"}
	}
	body, err := json.Marshal(w)
	if err != nil {
		return &SendError{Err: fmt.Errorf("%w: %w", ErrOutgoing, err)}
	}
	resp, answer, err := c.call(ctx, http.MethodPost, phoneNumberID, token, "messages", body)
	if err != nil {
		return err
	}
	return done(resp, answer)
}

// done reads an answer that says no more than that it was done.
func done(resp *http.Response, body []byte) error {
	failed := &SendError{Written: true, Status: resp.StatusCode}
	if !json.Valid(body) {
		failed.Err = errGarbage
		return failed
	}
	r := reader{b: body}
	success := false
	for key := range r.members("answer") {
		switch string(key) {
		case "error":
			failed.API = r.graphError()
		case "success":
			success = r.boolean()
		}
	}
	switch {
	case failed.API != nil:
		failed.API.HTTPStatus, failed.API.RetryAfter = resp.StatusCode, retryAfter(resp.Header)
	case !success:
		failed.Err = errNotDone
	default:
		return nil
	}
	return failed
}
