package simulator

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// NewCustomer describes a phone to be added.
type NewCustomer struct {
	ID       string `json:"id"`                 // chosen by the caller, or made
	Name     string `json:"name"`               // profile name
	Phone    string `json:"phone"`              // "+49 1570 0000001"; may be empty with a username
	Username string `json:"username"`           // adopts a username, which hides the phone
	Language string `json:"language"`           // "de"
	Rotation int    `json:"rotation,omitempty"` // how often its user ids have changed
	Device   int    `json:"device,omitempty"`   // how often its device has changed
}

// Behaviour is how a phone treats what arrives.
type Behaviour struct {
	Offline      bool   `json:"offline"`       // nothing is delivered until it is back
	AutoDeliver  bool   `json:"auto_deliver"`  // delivered as soon as it may be
	AutoRead     bool   `json:"auto_read"`     // and read
	DeliverAfter string `json:"deliver_after"` // a Go duration, "2s"
	ReadAfter    string `json:"read_after"`
	Blocked      bool   `json:"blocked"` // not on WhatsApp any more: 131026

	deliverAfter, readAfter time.Duration
}

// CustomerView is a phone as the control API shows it.
type CustomerView struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Phone     string            `json:"phone,omitempty"`
	Username  string            `json:"username,omitempty"`
	Language  string            `json:"language,omitempty"`
	UserIDs   map[string]string `json:"user_ids"` // by portfolio
	Behaviour Behaviour         `json:"behaviour"`
	Unread    map[string]int    `json:"unread"` // by phone number id
	Last      *MessageView      `json:"last,omitempty"`
}

type customer struct {
	NewCustomer
	digits    string
	userIDs   map[string]string
	behaviour Behaviour
	threads   map[string]*thread
}

var (
	// ErrCustomerKnown is returned for an id, phone or username already in use.
	ErrCustomerKnown = errors.New("simulator: customer exists already")
	// ErrCustomerUnknown is returned for an id that no phone has.
	ErrCustomerUnknown = errors.New("simulator: no such customer")
	// ErrNumberUnknown is returned for a phone number id that is not served.
	ErrNumberUnknown = errors.New("simulator: no such number")

	usernamePattern = regexp.MustCompile(`^[a-z0-9._]{3,35}$`)
)

// AddCustomer adds a phone and returns its view.
func (s *Simulator) AddCustomer(n NewCustomer) (CustomerView, error) {
	n.Username = strings.TrimPrefix(n.Username, "@")
	d := digits(n.Phone)
	switch {
	case n.Name == "":
		return CustomerView{}, errors.New("simulator: a customer needs a name")
	case d == "" && n.Username == "":
		return CustomerView{}, errors.New("simulator: a customer needs a phone or a username")
	case n.Username != "" && !usernamePattern.MatchString(n.Username):
		return CustomerView{}, fmt.Errorf("simulator: username %q is not 3 to 35 of a-z 0-9 . _", n.Username)
	case d != "" && (len(d) < 7 || len(d) > 15):
		return CustomerView{}, errors.New("simulator: a phone has 7 to 15 digits")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n.ID == "" {
		s.serial++
		n.ID = fmt.Sprintf("customer-%d", s.serial)
	}
	if s.customers[n.ID] != nil || (d != "" && s.byPhone[d] != nil) || s.usernameTaken(n.Username) {
		return CustomerView{}, fmt.Errorf("%w: %s", ErrCustomerKnown, n.ID)
	}
	c := newCustomer(n, Behaviour{AutoDeliver: true})
	s.enter(c)
	s.journal.mark(c)
	s.publish("customer", s.viewCustomer(c))
	return s.viewCustomer(c), nil
}

func newCustomer(n NewCustomer, b Behaviour) *customer {
	return &customer{
		NewCustomer: n, digits: digits(n.Phone), userIDs: map[string]string{}, threads: map[string]*thread{}, behaviour: b,
	}
}

// enter makes a customer known to everybody.
func (s *Simulator) enter(c *customer) {
	s.customers[c.ID] = c
	s.people = append(s.people, c.ID)
	if c.digits != "" {
		s.byPhone[c.digits] = c
	}
	for _, id := range s.order {
		s.nameInPortfolio(c, s.numbers[id].Portfolio)
	}
}

func (s *Simulator) usernameTaken(name string) bool {
	if name == "" {
		return false
	}
	for _, c := range s.customers {
		if c.Username == name {
			return true
		}
	}
	return false
}

// nameInPortfolio gives a customer the user id one portfolio knows it by.
func (s *Simulator) nameInPortfolio(c *customer, portfolio string) {
	if c.userIDs[portfolio] != "" {
		return
	}
	country := "DE"
	if c.digits != "" {
		country = countryOf(c.digits)
	}
	seed := c.ID
	if c.Rotation > 0 {
		seed = fmt.Sprintf("%s\x00%d", c.ID, c.Rotation)
	}
	id := s.userID(portfolio, seed, country)
	c.userIDs[portfolio] = id
	s.byUserID[id] = c
}

// Behave sets how a phone treats what arrives. Coming back online delivers
// what waited.
func (s *Simulator) Behave(id string, b Behaviour) error {
	if err := b.parse(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customers[id]
	if c == nil {
		return ErrCustomerUnknown
	}
	c.behaviour = b
	s.journal.mark(c)
	for _, t := range c.threads {
		for _, m := range t.messages {
			if m.out && m.Status == "sent" && m.failure == 0 {
				s.arrive(c, m)
			}
		}
	}
	s.publish("customer", s.viewCustomer(c))
	return nil
}

func (b *Behaviour) parse() (err error) {
	if b.deliverAfter, err = parseDelay(b.DeliverAfter); err != nil {
		return err
	}
	b.readAfter, err = parseDelay(b.ReadAfter)
	return err
}

func parseDelay(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("simulator: %q is not a duration such as 2s or 25h", s)
	}
	return d, nil
}

// phoneShown tells whether a business number sees the phone of a customer. A
// username hides it unless this number sent to the phone within 30 days.
// (business-scoped-user-ids)
func (c *customer) phoneShown(n *number, now time.Time) bool {
	if c.digits == "" {
		return false
	}
	if c.Username == "" {
		return true
	}
	t := c.threads[n.PhoneNumberID]
	return t != nil && !t.phoneUsed.IsZero() && now.Sub(t.phoneUsed) <= 30*24*time.Hour
}

func (s *Simulator) viewCustomer(c *customer) CustomerView {
	v := CustomerView{
		ID: c.ID, Name: c.Name, Phone: c.Phone, Username: c.Username, Language: c.Language,
		UserIDs: c.userIDs, Behaviour: c.behaviour, Unread: map[string]int{},
	}
	var last *message
	for _, id := range s.order { // in this order, so that of two in one moment it is always the same
		t := c.threads[id]
		if t == nil {
			continue
		}
		for _, m := range t.messages {
			if m.out && m.Status == "delivered" {
				v.Unread[id]++
			}
		}
		if n := len(t.messages); n > 0 && (last == nil || t.messages[n-1].At > last.At) {
			last = t.messages[n-1]
		}
	}
	if last != nil {
		view := last.MessageView
		v.Last = &view
	}
	v.UserIDs = make(map[string]string, len(c.userIDs))
	for k, id := range c.userIDs {
		v.UserIDs[k] = id
	}
	return v
}
