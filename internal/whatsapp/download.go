package whatsapp

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// MetaMediaHost is where Meta's files lie; the Graph API only says where exactly.
const MetaMediaHost = "lookaside.fbsbx.com"

// Download is a file on its way. Whoever got it closes Body.
type Download struct {
	Body   io.ReadCloser
	Size   int64  // as announced, in bytes; -1 if it was not
	SHA256 []byte // as announced; nil if it was not
	MIME   string // the sender's claim
}

// MediaError is a file that did not come.
type MediaError struct {
	// Status is the HTTP status of the answer, or 0 if there was none.
	Status int
	// API is the provider's error, if it gave one.
	API *Error
	// Err is why there is no answer or no use in it. It holds neither token nor address.
	Err error
}

// Error gives the cause, never the URL or the token.
func (e *MediaError) Error() string {
	switch {
	case e.API != nil:
		return "whatsapp media refused: " + e.API.Error()
	case e.Err != nil:
		return fmt.Sprintf("whatsapp media: status %d: %v", e.Status, e.Err)
	default:
		return fmt.Sprintf("whatsapp media: status %d", e.Status)
	}
}

// Unwrap gives errors.As the *Error, and errors.Is what lies below Err.
func (e *MediaError) Unwrap() []error { return causes(e.API, e.Err) }

var (
	errMediaID   = errors.New("media id not usable")
	errMediaHost = errors.New("the file lies with a host that gets no token of ours")
)

// Checksum reads a SHA-256, which webhooks give in base64 and the Graph API in hex; nil if it
// is none.
func Checksum(s string) []byte {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.URLEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
	} {
		if b, err := decode(s); err == nil && len(b) == 32 {
			return b
		}
	}
	return nil
}

// Fetch asks where a file lies and begins to fetch it. An address is good for five minutes and
// is never kept: whoever comes again asks again. Every error is a *MediaError.
// Source: Meta, "Media: get media URL, download media".
func (c *Client) Fetch(ctx context.Context, phoneNumberID, token, mediaID string) (*Download, error) {
	node, err := c.mediaNode(phoneNumberID, mediaID)
	if err != nil {
		return nil, &MediaError{Err: err}
	}
	resp, err := c.get(ctx, node, token)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	_ = resp.Body.Close()
	if err != nil {
		return nil, &MediaError{Status: resp.StatusCode, Err: discreet(err, token)}
	}
	var m struct {
		URL    string          `json:"url"`
		MIME   string          `json:"mime_type"`
		SHA256 string          `json:"sha256"`
		Size   json.RawMessage `json:"file_size"` // a number, or a text that is one
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, &MediaError{Status: resp.StatusCode, Err: errGarbage}
	}
	address, err := c.mediaAddress(m.URL)
	if err != nil {
		return nil, &MediaError{Err: err}
	}
	if resp, err = c.get(ctx, address, token); err != nil {
		return nil, err
	}
	d := &Download{Body: resp.Body, Size: resp.ContentLength, SHA256: Checksum(m.SHA256), MIME: m.MIME}
	if n, err := strconv.ParseInt(trimQuotes(string(m.Size)), 10, 64); err == nil && n > 0 {
		d.Size = n
	}
	return d, nil
}

func trimQuotes(s string) string {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// get asks once and gives an answer that says yes.
func (c *Client) get(ctx context.Context, address, token string) (*http.Response, error) {
	if !isHeaderSafe(token) {
		return nil, &MediaError{Err: fmt.Errorf("%w: no usable access token", ErrOutgoing)}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &MediaError{Err: errors.New("address not usable")}
	}
	c.sign(req, token)
	req.Header.Set("Accept-Encoding", "identity") // a file is what it is; nothing is to be unpacked
	resp, err := c.once().Do(req)
	if err != nil {
		return nil, &MediaError{Err: discreet(err, token)}
	}
	if resp.StatusCode/100 == 2 {
		return resp, nil
	}
	defer resp.Body.Close()
	failed := &MediaError{Status: resp.StatusCode}
	if body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer)); err == nil && json.Valid(body) {
		if a := (&reader{b: body}).answer(); a.api != nil {
			a.api.HTTPStatus, a.api.RetryAfter = resp.StatusCode, retryAfter(resp.Header)
			failed.API = a.api
		}
	}
	return nil, failed
}

// mediaNode is the address of "where does it lie".
func (c *Client) mediaNode(phoneNumberID, mediaID string) (string, error) {
	u, err := c.base()
	if err != nil {
		return "", err
	}
	if !isToken(mediaID) {
		return "", errMediaID
	}
	if c.Provider == Dialog360 {
		return u.JoinPath(mediaID).String(), nil
	}
	version := either(c.Version, DefaultVersion)
	if !isVersion(version) || !isDigits(phoneNumberID) {
		return "", errMediaID
	}
	u = u.JoinPath(version, mediaID)
	u.RawQuery = url.Values{"phone_number_id": {phoneNumberID}}.Encode()
	return u.String(), nil
}

// mediaAddress is where a file is fetched. The token goes to the provider alone: to Meta's
// media host, to the very host that was asked, and for 360dialog to its own host in the place
// of Meta's (360dialog: Media, replace the host).
func (c *Client) mediaAddress(told string) (string, error) {
	base, err := c.base()
	if err != nil {
		return "", err
	}
	u, err := url.Parse(told)
	if err != nil || u.User != nil || u.Host == "" {
		return "", errMediaHost
	}
	switch {
	case u.Scheme == base.Scheme && u.Host == base.Host:
	case c.Provider == Dialog360:
		u.Scheme, u.Host = base.Scheme, base.Host
	case u.Scheme == "https" && u.Host == MetaMediaHost && either(c.BaseURL, MetaBaseURL) == MetaBaseURL:
	default:
		return "", errMediaHost
	}
	return u.String(), nil
}

// isToken tells whether s may stand in a path as it is.
func isToken(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_' {
			return false
		}
	}
	return s != "" && len(s) <= 200
}
