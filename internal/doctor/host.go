package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"

	"botschaft/internal/diagnosis"
	"botschaft/internal/egress"
)

// Reach asks a Provider's address for its head, without a token, on the very way that
// messages go.
func (d *Doctor) Reach(ctx context.Context, graphURL string) diagnosis.Host {
	u, err := url.Parse(graphURL)
	if err != nil {
		return diagnosis.Host{Name: "an inbox's address", Purpose: "WhatsApp messages", Reached: diagnosis.StepDenied, Trouble: "is not a URL"}
	}
	h := diagnosis.Host{Name: u.Host, Purpose: "WhatsApp messages", Proxied: !d.Config.EgressProxy.IsEmpty(), Reached: diagnosis.StepName}
	if err := d.Declare(graphURL); err != nil {
		h.Reached, h.Trouble = diagnosis.StepDenied, because(err)
		return h
	}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		TLSHandshakeStart: func() { h.Reached = diagnosis.StepConnect },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err == nil {
				h.Reached = diagnosis.StepTLS
			}
		},
		GotConn: func(httptrace.GotConnInfo) { h.Reached = diagnosis.StepTLS },
	})
	client := d.Dialer.HTTPClient(egress.Timeouts{Total: patience, Handshake: knocking, Answer: knocking})
	defer client.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, graphURL, nil)
	if err != nil {
		h.Reached, h.Trouble = diagnosis.StepDenied, "is not a URL"
		return h
	}
	begun := d.Now()
	answer, err := client.Do(r)
	if err != nil {
		failed(&h, err)
		return h
	}
	_ = answer.Body.Close()
	h.Reached, h.Status, h.Took = diagnosis.StepAnswer, answer.StatusCode, d.since(begun)
	return h
}

// failed says how far it came, where the trace does not tell.
func failed(h *diagnosis.Host, err error) {
	var denied *egress.Denied
	var name *net.DNSError
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err
	}
	switch h.Trouble = because(err); {
	case errors.As(err, &denied):
		h.Reached, h.Trouble = diagnosis.StepDenied, diagnosis.Trouble(denied.Cause.Error())
	case errors.As(err, &name):
		h.Reached, h.Trouble = diagnosis.StepNone, diagnosis.Trouble(name.Err)
	case strings.Contains(err.Error(), "Proxy Authentication Required"):
		h.Reached, h.Status = diagnosis.StepAnswer, http.StatusProxyAuthRequired
	}
}
