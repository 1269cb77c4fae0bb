package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// deviceKey is the hash of the identity key of the customer's device.
func (c *customer) deviceKey() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00device\x00%d", c.ID, c.Device))
	return base64.StdEncoding.EncodeToString(sum[:18])
}

// CheckIdentities switches the identity change check of a number.
func (s *Simulator) CheckIdentities(number string, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.numbers[number]
	if n == nil {
		return ErrNumberUnknown
	}
	n.IdentityCheck = on
	s.journal.mark(n)
	return nil
}

// ChangeDevice gives a customer another device. Nobody is told of it by itself: the key in its
// next message says so, or a message to the device before is refused.
func (s *Simulator) ChangeDevice(customer string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customers[customer]
	if c == nil {
		return ErrCustomerUnknown
	}
	c.Device++
	s.journal.mark(c)
	return nil
}
