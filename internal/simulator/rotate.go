package simulator

import (
	"errors"
	"fmt"
	"net/http"
)

// ChangePhone gives a customer another telephone number, and with it other user ids; an empty
// one changes the user ids alone. Every business number that knows the customer is told by a
// system message. (webhooks/reference/messages/system, business-scoped-user-ids)
func (s *Simulator) ChangePhone(customerID, phone string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, d := s.customers[customerID], digits(phone)
	switch {
	case c == nil:
		return ErrCustomerUnknown
	case d != "" && (len(d) < 7 || len(d) > 15):
		return errors.New("simulator: a phone has 7 to 15 digits")
	case d != "" && s.byPhone[d] != nil:
		return fmt.Errorf("%w: %s", ErrCustomerKnown, customerID)
	}
	before := was{digits: c.digits, userIDs: c.userIDs, shown: map[string]bool{}}
	for id := range c.threads {
		before.shown[id] = c.phoneShown(s.numbers[id], s.now())
	}
	if d != "" {
		delete(s.byPhone, c.digits)
		c.Phone, c.digits = phone, d
		s.byPhone[d] = c
	}
	c.Rotation++
	c.userIDs = map[string]string{}
	for _, id := range s.order {
		s.nameInPortfolio(c, s.numbers[id].Portfolio)
	}
	s.journal.mark(c)
	for _, id := range s.order {
		if c.threads[id] != nil {
			if err := s.tellChanged(c, s.numbers[id], before, d != ""); err != nil {
				return err
			}
		}
	}
	s.publish("customer", s.viewCustomer(c))
	return nil
}

// was is what a customer was reached by.
type was struct {
	digits  string
	userIDs map[string]string
	shown   map[string]bool // by number: whether it saw the phone
}

// tellChanged sends the system message about a change. It comes without contacts.
func (s *Simulator) tellChanged(c *customer, n *number, before was, phone bool) error {
	if s.full(n) {
		return ErrQueueFull
	}
	now, old := s.now(), before.userIDs[n.Portfolio]
	system := map[string]string{"type": "user_changed_user_id", "body": "User id changed", "user_id": c.userIDs[n.Portfolio], "previous_user_id": old}
	o := map[string]any{"timestamp": seconds(now), "type": "system", "from_user_id": old, "system": system}
	counterpart := old
	if before.shown[n.PhoneNumberID] {
		counterpart = before.digits
		o["from"] = before.digits
		if phone {
			system["type"], system["wa_id"] = "user_changed_number", c.digits
			system["body"] = "User changed from " + before.digits + " to " + c.digits
		}
	}
	payload, err := plain(system)
	if err != nil {
		return err
	}
	m := &message{MessageView: MessageView{
		ID: s.wamid(counterpart, false), Number: n.PhoneNumberID, Customer: c.ID, From: "customer", Kind: "system", Text: system["body"],
		Payload: payload, At: now.UnixMilli(), Status: "accepted",
	}}
	o["id"] = m.ID
	raw, err := plain(o)
	if err != nil {
		return err
	}
	n.count(now)
	s.keep(c, m)
	s.emit(n, item{raw: raw, m: m})
	return nil
}

func (s *Simulator) ctlChangePhone(r *http.Request) (any, error) {
	var in struct {
		Phone string `json:"phone"` // empty: the user ids alone change
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return ok(), s.ChangePhone(r.PathValue("id"), in.Phone)
}
