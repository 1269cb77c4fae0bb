package simulator

import "time"

// tell starts the statuses of an accepted message: failed, or sent and then
// whatever the phone does with it. The channel in out.told closes when the
// receiver has answered the first status with 200.
func (s *Simulator) tell(m *message, fault *Fault, out *accepted) {
	wait := s.settings.delay(s.settings.SentMS)
	if fault != nil {
		if fault.StatusMS == never {
			m.mute = true
			return
		}
		wait += milliseconds(fault.StatusMS)
		if fault.Kind == FailStatusFirst {
			wait = 0 // the sender waits for it
		}
	}
	out.told = make(chan struct{})
	s.after(wait, act{kind: actTell, m: m, told: out.told})
}

// tellFirst tells the first status of a message and lets the phone have it.
func (s *Simulator) tellFirst(m *message, told chan struct{}) {
	status := "sent"
	if m.failure != 0 {
		status = "failed"
	}
	s.climb(m, status, told)
	if c := s.customers[m.Customer]; c != nil && m.failure == 0 {
		s.arrive(c, m)
	}
}

// arrive lets a phone do what it does when a message reaches it.
func (s *Simulator) arrive(c *customer, m *message) {
	if c.behaviour.Offline || !c.behaviour.AutoDeliver || m.Kind == "reaction" {
		return
	}
	wait := s.settings.delay(s.settings.DeliverMS)
	if c.behaviour.DeliverAfter != "" {
		wait = c.behaviour.deliverAfter
	}
	s.after(wait, act{kind: actReach, m: m})
}

// reach puts a message on a phone that is still there.
func (s *Simulator) reach(m *message) {
	c := s.customers[m.Customer]
	if c.behaviour.Offline || rank(m.Status) >= rank("delivered") {
		return
	}
	s.climb(m, "delivered", nil)
	if c.behaviour.AutoRead {
		s.lookAt(c, m)
	}
	s.autoAnswer(c, m)
}

// lookAt lets a phone read a message by itself.
func (s *Simulator) lookAt(c *customer, m *message) {
	wait := s.settings.delay(s.settings.ReadMS)
	if c.behaviour.ReadAfter != "" {
		wait = c.behaviour.readAfter
	}
	s.after(wait, act{kind: actLook, m: m})
}

func (s *Simulator) lookedAt(m *message) {
	if !s.customers[m.Customer].behaviour.Offline {
		s.climb(m, "read", nil)
	}
}

// climb raises a message to a status and tells the receiver; told, if there is
// one, closes when the receiver knows. A status never falls: read, then late
// delivered, does not happen here.
func (s *Simulator) climb(m *message, status string, told chan struct{}) {
	if rank(status) <= rank(m.Status) {
		if told != nil {
			close(told)
		}
		return
	}
	now := s.now()
	m.Status = status
	event := &historyEvent{id: s.graphID(), status: status, at: now, state: "PENDING"}
	m.history = append(m.history, event)
	s.journal.mark(m)
	if status == "failed" {
		m.Error = m.failure
	}
	if m.Customer != "" {
		s.publish("message", m.MessageView)
	}
	s.emitStatus(m, event, told)
}

// emitStatus builds one element of statuses.
// (webhooks/reference/messages/status)
func (s *Simulator) emitStatus(m *message, event *historyEvent, told chan struct{}) {
	n, c, name, now := s.numbers[m.Number], s.customers[m.Customer], event.status, event.at
	st := status{ID: m.ID, Status: name, Timestamp: seconds(now), CallbackData: m.CallbackData}
	var who *contact
	if c != nil && name != "failed" {
		who = s.card(c, n, now, name != "sent")
		st.RecipientUserID = c.userIDs[n.Portfolio]
		st.RecipientID = who.WaID
	}
	switch {
	case name == "failed" && m.phone != "":
		st.RecipientID = m.phone
	case name == "failed" && c != nil:
		st.RecipientUserID = c.userIDs[n.Portfolio]
	}
	switch {
	case name == "failed":
		st.Errors = []statusError{newError(m.failure, "").inStatus()}
	case name == "sent":
		m.priced = n.price(m, now)
		s.journal.mark(n) // what is free this month
		st.Pricing = m.priced
	case !m.paidOnce:
		m.paidOnce = true
		st.Pricing = m.priced
	}
	raw, err := plain(st)
	if err != nil {
		s.cfg.Log.Error("simulator: status not built", "error", err)
		return
	}
	if !s.emit(n, item{raw: raw, isStatus: true, contact: who, m: m, event: event, told: told}) {
		s.cfg.Log.Warn("simulator: webhook queue full, status dropped")
	}
}

// card is the contacts entry of a customer as a number may see it.
func (s *Simulator) card(c *customer, n *number, now time.Time, withUsername bool) *contact {
	out := &contact{Profile: &profile{Name: c.Name}, UserID: c.userIDs[n.Portfolio]}
	if withUsername {
		out.Profile.Username = c.Username
	}
	if c.phoneShown(n, now) {
		out.WaID = c.digits
	}
	if n.IdentityCheck {
		out.IdentityKeyHash = c.deviceKey()
	}
	return out
}

// Read lets a customer read everything a number sent. It returns how many
// messages became read.
func (s *Simulator) Read(customerID, numberID string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, n, err := s.pair(customerID, numberID)
	if err != nil {
		return 0, err
	}
	count := 0
	for _, m := range c.thread(n.PhoneNumberID).messages {
		if !m.out || m.failure != 0 || m.mute || m.Kind == "reaction" || m.Status == "read" || c.behaviour.Offline {
			continue
		}
		s.climb(m, "sent", nil) // who reads sooner than the delays say
		s.climb(m, "delivered", nil)
		s.climb(m, "read", nil)
		count++
	}
	s.publish("customer", s.viewCustomer(c))
	return count, nil
}

func (s *Simulator) pair(customerID, numberID string) (*customer, *number, error) {
	c := s.customers[customerID]
	if c == nil {
		return nil, nil, ErrCustomerUnknown
	}
	if numberID == "" && len(s.order) > 0 {
		numberID = s.order[0]
	}
	n := s.numbers[numberID]
	if n == nil {
		return nil, nil, ErrNumberUnknown
	}
	return c, n, nil
}
