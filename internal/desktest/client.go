package desktest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// What the API answers with, as far as scenarios look at it. It is read by names of our
// own, so that a change of the contract is noticed here.
type (
	listed[T any] struct {
		Items []T
		Next  string
	}
	named            struct{ ID, Name string }
	conversationSeen struct {
		ID      string
		Inbox   named
		Contact named
		Last    *struct{ Text string }
		Window  struct{ Open bool }
	}
	messageSeen struct {
		ID        string
		Direction string
		Kind      string
		Text      string
		Status    string
		Origin    string
		Late      bool
		Failure   *failureWords
		Details   *struct{ File *struct{ State string } }
	}
	failureWords struct {
		Code            string
		Sentence, Helps struct{ DE, EN string }
	}
	reasonSeen struct{ Code, Sentence, Article, Helps string }
)

// problem is an answer that says no.
type problem struct {
	status  int
	Code    string
	Detail  string
	Reasons []reasonSeen
}

// Error gives all of it.
func (p *problem) Error() string {
	return fmt.Sprintf("%s: status %d, %s", p.no(), p.status, p.Detail)
}

// no writes the answer as scenarios do.
func (p *problem) no() string {
	if p.Code != "refused" {
		return "denied " + p.Code
	}
	codes := make([]string, len(p.Reasons))
	for i, r := range p.Reasons {
		codes[i] = r.Code
	}
	return "refused " + strings.Join(codes, " ")
}

// request is one request of an Agent to the API.
type request struct {
	method, path string
	body         any    // nil: none
	language     string // "de" unless it is given
}

// ask sends a request and reads the answer into into, unless that is nil. An answer that
// says no is a *problem.
func (w *world) ask(ctx context.Context, who *colleague, q request, into any) error {
	body, err := json.Marshal(q.body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, q.method, w.door.url()+"/api/v1"+q.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if q.body == nil {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	who.introduce(r)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", q.language)
	if q.language == "" {
		r.Header.Set("Accept-Language", "de")
	}
	resp, text, err := w.do(r)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return problemOf(resp, text)
	}
	for _, c := range resp.Cookies() {
		who.cookie = c.Name + "=" + w.keepSecret("a session cookie", c.Value)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// introduce says who asks.
func (c *colleague) introduce(r *http.Request) {
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
		return
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
}

// do sends a request and reads the answer.
func (w *world) do(r *http.Request) (*http.Response, []byte, error) {
	resp, err := w.client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	text, err := w.kept(resp)
	return resp, text, err
}

// kept reads an answer to its end; one that says no is kept for the search for canaries.
func (w *world) kept(resp *http.Response) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if resp.StatusCode >= http.StatusBadRequest {
		_, _ = fmt.Fprintf(&w.answers, "%d %v\n%s\n", resp.StatusCode, resp.Header, text)
	}
	return text, err
}

// problemOf reads an answer that says no; one that is no problem+json is named by its
// status.
func problemOf(resp *http.Response, text []byte) error {
	p := &problem{status: resp.StatusCode}
	if resp.Header.Get("Content-Type") != "application/problem+json" {
		p.Code, p.Detail = fmt.Sprint(resp.StatusCode), string(text)
		return p
	}
	if err := json.Unmarshal(text, p); err != nil {
		return fmt.Errorf("an answer is no problem: %w", err)
	}
	return p
}

// every reads all pages of a list.
func every[T any](ctx context.Context, w *world, who *colleague, path string) ([]T, error) {
	var all []T
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	for cursor := ""; ; {
		var page listed[T]
		if err := w.ask(ctx, who, request{method: http.MethodGet, path: path + joint + "limit=200&cursor=" + cursor}, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			return all, nil
		}
	}
}
