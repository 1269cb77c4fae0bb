package httpd

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// certificates keeps the server's certificate and reads it again when its file
// has changed, at most once a minute, so that a renewal needs no restart.
type certificates struct {
	cert, key string
	now       func() time.Time

	mu      sync.Mutex
	current *tls.Certificate
	changed time.Time // modification time of the file behind current
	looked  time.Time
}

func newCertificates(cert, key string, now func() time.Time) (*certificates, error) {
	c := &certificates{cert: cert, key: key, now: now}
	if err := c.load(); err != nil {
		return nil, fmt.Errorf("load the TLS certificate: %w", err)
	}
	c.looked = now()
	return c, nil
}

// get gives the certificate for a handshake. A renewal that cannot be read, such
// as one half written, leaves the old certificate in place until the next look.
func (c *certificates) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.looked) >= time.Minute {
		c.looked = now
		if info, err := os.Stat(c.cert); err == nil && !info.ModTime().Equal(c.changed) {
			_ = c.load()
		}
	}
	return c.current, nil
}

func (c *certificates) load() error {
	info, err := os.Stat(c.cert)
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.current, c.changed = &pair, info.ModTime()
	return nil
}
