package simulator

import (
	"net/http"
	"strconv"
)

// pageCustomers is how many phones the page shows.
const pageCustomers = 200

// customerViews lists phones in order of arrival, from the one after a given id.
func (s *Simulator) customerViews(most int, after string) []CustomerView {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []CustomerView{}
	found := after == ""
	for _, id := range s.people {
		if found && len(out) < most {
			out = append(out, s.viewCustomer(s.customers[id]))
		}
		found = found || id == after
	}
	return out
}

// Customers lists every phone in order of arrival.
func (s *Simulator) Customers() []CustomerView { return s.customerViews(1<<31, "") }

// Messages lists what passed between a customer and a number, oldest first,
// both directions, with their states.
func (s *Simulator) Messages(customerID, numberID string) ([]MessageView, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, n, err := s.pair(customerID, numberID)
	if err != nil {
		return nil, err
	}
	t := c.thread(n.PhoneNumberID)
	out := make([]MessageView, len(t.messages))
	for i, m := range t.messages {
		out[i] = m.MessageView
	}
	return out, nil
}

func (s *Simulator) ctlCustomers(r *http.Request) (any, error) {
	most, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || most < 1 {
		most = 1000
	}
	return items(s.customerViews(most, r.URL.Query().Get("after"))), nil
}

func (s *Simulator) ctlAddCustomer(r *http.Request) (any, error) {
	var in NewCustomer
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.AddCustomer(in)
}

func (s *Simulator) ctlCustomer(r *http.Request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customers[r.PathValue("id")]
	if c == nil {
		return nil, ErrCustomerUnknown
	}
	return s.viewCustomer(c), nil
}

func (s *Simulator) ctlMessages(r *http.Request) (any, error) {
	list, err := s.Messages(r.PathValue("id"), r.URL.Query().Get("number"))
	if err != nil {
		return nil, err
	}
	return items(list), nil
}

func (s *Simulator) ctlSend(r *http.Request) (any, error) {
	var in struct {
		Number string `json:"number"`
		Inbound
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return s.Send(r.PathValue("id"), in.Number, in.Inbound)
}

func (s *Simulator) ctlRead(r *http.Request) (any, error) {
	var in struct {
		Number string `json:"number"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	count, err := s.Read(r.PathValue("id"), in.Number)
	return map[string]int{"read": count}, err
}

func (s *Simulator) ctlBehave(r *http.Request) (any, error) {
	b := Behaviour{AutoDeliver: true}
	if err := read(r, &b); err != nil {
		return nil, err
	}
	return ok(), s.Behave(r.PathValue("id"), b)
}
