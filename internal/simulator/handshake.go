package simulator

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Handshake asks a number's receiver to prove that it knows the verify token,
// as Meta does when a callback is entered. (webhooks/create-webhook-endpoint)
func (s *Simulator) Handshake(ctx context.Context, phoneNumberID string) error {
	s.mu.Lock()
	n := s.numbers[phoneNumberID]
	if n == nil {
		s.mu.Unlock()
		return ErrNumberUnknown
	}
	callback, token := n.callback(), n.VerifyToken
	s.mu.Unlock()
	return s.handshake(ctx, callback, token)
}

func (s *Simulator) handshake(ctx context.Context, callback, token string) error {
	u, err := url.Parse(callback)
	if err != nil {
		return fmt.Errorf("simulator: callback: %w", err)
	}
	s.mu.Lock()
	s.serial++
	challenge := digits(s.seed.hex(s.serial, 40)) + "7"
	s.mu.Unlock()
	q := u.Query()
	q.Set("hub.mode", "subscribe")
	q.Set("hub.challenge", challenge)
	q.Set("hub.verify_token", token)
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fmt.Errorf("simulator: callback: %w", err)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("the callback did not answer: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	if err != nil {
		return fmt.Errorf("the callback did not answer: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP Status Code = %d", res.StatusCode)
	}
	if strings.TrimSpace(string(body)) != challenge {
		return fmt.Errorf("the callback answered 200 without the challenge")
	}
	return nil
}
