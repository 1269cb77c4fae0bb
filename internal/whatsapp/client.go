package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
)

// Provider is who carries the messages of a number.
type Provider int

// Meta's Cloud API is called with the phone number id in the path and a bearer
// token; 360dialog's with neither, but with an API key per number.
const (
	Meta Provider = iota
	Dialog360
)

// Base URLs and the Graph version to begin with; all three are configuration.
const (
	MetaBaseURL      = "https://graph.facebook.com"
	Dialog360BaseURL = "https://waba-v2.360dialog.io"
	DefaultVersion   = "v25.0"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 64 << 10

// Client sends. It may be used by many goroutines at once and is not changed
// after its first use.
type Client struct {
	// HTTP dials. It is required, and its transport must call the hooks of
	// net/http/httptrace, as net/http's own does: they tell what was written.
	HTTP *http.Client
	// BaseURL and Version default to the provider's; 360dialog has no version.
	BaseURL, Version string
	Provider         Provider
	// UserAgent defaults to "botschaft".
	UserAgent string
}

// SendResult is an accepted send; accepted is not delivered.
type SendResult struct {
	// MessageID is the wamid: personal data, as in Message.
	MessageID string
	// MessageStatus is "accepted", "held_for_quality_assessment" or "paused",
	// and empty but for templates.
	MessageStatus string
	// WAID is the recipient's WhatsApp id, which may differ from the number
	// sent to; UserID the BSUID if that was used.
	WAID, UserID string
}

// SendError is a send that did not end in a SendResult. There are three cases:
//
//   - Written false: nothing left this machine; the send may be repeated.
//   - API set: the provider's answer, a definite no; see Error.Rule.
//   - otherwise the send is in doubt: it may have gone out and must not be
//     repeated before a status webhook with its Callback, or a human, decides.
type SendError struct {
	// Written is false only if no byte of the request can have been written.
	Written bool
	// Status is the HTTP status of the answer, or 0 if there was none.
	Status int
	API    *Error
	// Err is why there is no answer or no use in it. It never holds the token.
	Err error
}

// InDoubt reports whether the message may be on its way.
func (e *SendError) InDoubt() bool { return e.Written && e.API == nil }

// Error gives the case and its cause, never the URL, the token or the recipient.
func (e *SendError) Error() string {
	switch {
	case e.API != nil:
		return "whatsapp send refused: " + e.API.Error()
	case !e.Written:
		return fmt.Sprintf("whatsapp send not begun: %v", e.Err)
	case e.Status != 0:
		return fmt.Sprintf("whatsapp send in doubt: status %d: %v", e.Status, e.Err)
	}
	return fmt.Sprintf("whatsapp send in doubt: %v", e.Err)
}

// Unwrap gives errors.As the *Error, and errors.Is what lies below Err.
func (e *SendError) Unwrap() []error { return causes(e.API, e.Err) }

// causes are what an error is made of: what Meta answered, and what lies below.
func causes(api *Error, below error) (all []error) {
	if api != nil {
		all = append(all, api)
	}
	if below != nil {
		all = append(all, below)
	}
	return all
}

// Send posts one message, once: no redirect is followed and nothing repeated.
// (net/http itself may take a fresh connection when a kept one turns out dead
// before anything was processed on it.) Every error is a *SendError. The
// deadline is the caller's: ctx should carry one.
func (c *Client) Send(ctx context.Context, phoneNumberID, token string, msg Outgoing) (SendResult, error) {
	body, err := msg.body()
	if err != nil {
		return SendResult{}, &SendError{Err: err}
	}
	resp, answer, err := c.call(ctx, http.MethodPost, phoneNumberID, token, "messages", body)
	if err != nil {
		return SendResult{}, err
	}
	return parseAnswer(resp, answer)
}

// call asks an edge of a number once and reads the answer. Every error is a *SendError.
func (c *Client) call(ctx context.Context, method, phoneNumberID, token, edge string, body []byte) (*http.Response, []byte, error) {
	var written atomic.Bool
	req, err := c.request(trace(ctx, &written), method, phoneNumberID, token, edge, body)
	if err != nil {
		return nil, nil, &SendError{Err: err}
	}
	resp, err := c.once().Do(req)
	if err != nil {
		return nil, nil, &SendError{Written: written.Load(), Err: discreet(err, token)}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, nil, &SendError{Written: true, Status: resp.StatusCode, Err: discreet(err, token)}
	}
	return resp, answer, nil
}

// once is a client that follows no redirect and keeps no cookie.
func (c *Client) once() *http.Client {
	client := *c.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	return &client
}

// sign says who asks.
func (c *Client) sign(req *http.Request, token string) {
	if c.Provider == Dialog360 {
		req.Header.Set("D360-API-KEY", token)
	} else {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("User-Agent", either(c.UserAgent, "botschaft"))
}

// trace watches whether a connection was handed to the request. From then on
// a byte may be written at any moment, even after a cancelled call returned,
// so this is the last point at which "nothing was written" is certain; the
// hooks for written headers come too late for that. When net/http asks for
// another connection, it knows that the first attempt was not processed.
func trace(ctx context.Context, written *atomic.Bool) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { written.Store(false) },
		GotConn:      func(httptrace.GotConnInfo) { written.Store(true) },
		WroteHeaders: func() { written.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { written.Store(true) },
	})
}

func (c *Client) request(ctx context.Context, method, phoneNumberID, token, edge string, body []byte) (*http.Request, error) {
	target, err := c.endpoint(phoneNumberID, edge)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOutgoing, err)
	}
	if !isHeaderSafe(token) {
		return nil, fmt.Errorf("%w: no usable access token", ErrOutgoing)
	}
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: address not usable", ErrOutgoing)
	}
	c.sign(req, token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// base is where the provider is.
func (c *Client) base() (*url.URL, error) {
	if c.HTTP == nil {
		return nil, errors.New("client without HTTP")
	}
	base := either(c.BaseURL, MetaBaseURL)
	if c.Provider == Dialog360 {
		base = either(c.BaseURL, Dialog360BaseURL)
	}
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, errors.New("base URL not usable")
	}
	return u, nil
}

// endpoint is the address of an edge of a number, built from checked parts only.
func (c *Client) endpoint(phoneNumberID, edge string) (string, error) {
	u, err := c.base()
	if err != nil {
		return "", err
	}
	if c.Provider == Dialog360 {
		return u.JoinPath(edge).String(), nil
	}
	version := either(c.Version, DefaultVersion)
	if !isVersion(version) {
		return "", errors.New("version is not of the form v25.0")
	}
	if !isDigits(phoneNumberID) {
		return "", errors.New("phone number id is not a number")
	}
	return u.JoinPath(version, phoneNumberID, edge).String(), nil
}

func isVersion(s string) bool {
	major, minor, found := strings.Cut(strings.TrimPrefix(s, "v"), ".")
	return found && s[0] == 'v' && isDigits(major) && isDigits(minor)
}

func isHeaderSafe(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

// discreet drops the URL from an error of net/http, and the whole text should
// a transport ever have put the token into it.
func discreet(err error, token string) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	if strings.Contains(err.Error(), token) {
		return errors.New("transport failed (its words held the access token)")
	}
	return err
}

func either(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
