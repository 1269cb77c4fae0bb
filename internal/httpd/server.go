package httpd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Timeouts and limits of every server of the house.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = time.Minute     // a whole request; Stream lifts it
	writeTimeout      = 2 * time.Minute // a whole answer; Stream lifts it
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
	defaultBody       = 1 << 20
	hookBody          = 3 << 20 // Meta's largest webhook
)

// Options are what a Server needs to know.
type Options struct {
	Listen          string           // host:port
	TLSCertFile     string           // PEM; empty = plain HTTP. Renewed files are read again
	TLSKeyFile      string           // PEM
	PublicURL       *url.URL         // how people reach the server; https turns HSTS on
	TrustedProxies  []netip.Prefix   // whose forwarded headers count
	FrameAncestors  []string         // origins that may show the app in a frame; the demo's, none otherwise
	BodyLimits      []BodyLimit      // beyond 1 MiB in general and 3 MiB under /hooks/
	ShutdownTimeout time.Duration    // how long open requests may finish; 0 = 20 s
	Log             *slog.Logger     // requests and faults
	Now             func() time.Time // clock for durations and certificates
	Metrics         *Metrics         // counts requests; nil = not counted
}

// BodyLimit is the largest request body under a path prefix.
type BodyLimit struct {
	Prefix string
	Bytes  int64
}

// Server is the one HTTP server of the house. It is made by New and runs once.
type Server struct {
	o       Options
	secure  bool
	headers http.Header // of every answer
	cross   *http.CrossOriginProtection
	certs   *certificates
	closing context.Context // ends when the shutdown begins
	close   context.CancelFunc
}

// New makes a Server. It fails if the certificate cannot be read or the public URL
// is missing.
func New(o Options) (*Server, error) {
	if o.PublicURL == nil || o.Log == nil || o.Now == nil {
		return nil, errors.New("httpd: PublicURL, Log and Now are required")
	}
	if o.ShutdownTimeout == 0 {
		o.ShutdownTimeout = 20 * time.Second
	}
	s := &Server{o: o, secure: o.PublicURL.Scheme == "https" || o.TLSCertFile != ""}
	var err error
	if s.headers, err = securityHeaders(o.FrameAncestors, s.secure); err != nil {
		return nil, err
	}
	if s.cross, err = crossOrigin(o.PublicURL); err != nil {
		return nil, err
	}
	if o.TLSCertFile != "" {
		if s.certs, err = newCertificates(o.TLSCertFile, o.TLSKeyFile, o.Now); err != nil {
			return nil, err
		}
	}
	s.closing, s.close = context.WithCancel(context.Background())
	return s, nil
}

// Secure tells whether people reach the server by https: cookies depend on it.
func (s *Server) Secure() bool { return s.secure }

// Client gives the network address a request came from, counting forwarded
// headers from trusted proxies alone. It is personal data.
func (s *Server) Client(r *http.Request) netip.Addr { return clientAddress(r, s.o.TrustedProxies) }

// Run listens and serves routes until ctx ends, then shuts down as Serve does.
func (s *Server) Run(ctx context.Context, routes http.Handler) error {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", s.o.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.o.Listen, err)
	}
	return s.Serve(ctx, ln, routes)
}

// Serve serves routes on ln until ctx ends. Then it is not ready any more, ends
// every Stream, lets the other requests finish within the shutdown timeout, cuts
// what is left, and returns; nil means that nothing was cut.
func (s *Server) Serve(ctx context.Context, ln net.Listener, routes http.Handler) error {
	defer s.close()
	srv := newServer(s.Handler(routes), s.o.Log)
	if s.certs != nil {
		srv.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: s.certs.get}
		return serve(ctx, srv, s.close, s.o.ShutdownTimeout, func() error { return srv.ServeTLS(ln, "", "") })
	}
	return serve(ctx, srv, s.close, s.o.ShutdownTimeout, func() error { return srv.Serve(ln) })
}

// Stream marks a handler whose answer has no end, such as the event stream: its
// timeouts are lifted and its request's context ends when the shutdown begins.
func (s *Server) Stream(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(s.closing, cancel)()
		rc := http.NewResponseController(w)
		_ = rc.SetReadDeadline(time.Time{}) // a recorder in a test knows no deadlines
		_ = rc.SetWriteDeadline(time.Time{})
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

func newServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(faultHandler{log.Handler()}, slog.LevelWarn),
	}
}

// serve runs start until ctx ends or it fails, then drains srv.
func serve(ctx context.Context, srv *http.Server, closing func(), patience time.Duration, start func() error) error {
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	srv.BaseContext = func(net.Listener) context.Context { return base }
	failed := make(chan error, 1)
	go func() { failed <- start() }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	closing()
	grace, cancel := context.WithTimeout(base, patience)
	defer cancel()
	err := srv.Shutdown(grace)
	if err != nil {
		cut()
		err = errors.Join(fmt.Errorf("requests were cut after %s: %w", patience, err), srv.Close())
	}
	<-failed
	return err
}

// faultHandler keeps addresses out of what net/http says about connections:
// "http: TLS handshake error from 192.0.2.1:4711: EOF".
type faultHandler struct{ slog.Handler }

// Handle logs the record up to the address.
func (h faultHandler) Handle(ctx context.Context, r slog.Record) error {
	text, _, _ := strings.Cut(r.Message, " from ")
	text, _, _ = strings.Cut(text, " serving ")
	if strings.Contains(text, "TLS handshake error") {
		if r.Level = slog.LevelDebug; !h.Enabled(ctx, r.Level) {
			return nil
		}
	}
	return h.Handler.Handle(ctx, slog.NewRecord(r.Time, r.Level, text, r.PC))
}
