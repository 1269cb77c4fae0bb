package simulator

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// recordVersion changes with the meaning of a record.
const recordVersion = 1

// record is one line of the file. What has an identity replaces what an earlier
// line said of it; what Ended names is left out from then on.
type record struct {
	Version  int           `json:"version"`
	Advanced time.Duration `json:"advanced"`
	Serial   uint64        `json:"serial"`
	Accepted int           `json:"accepted"` // messages, ever
	Settings Settings      `json:"settings"`
	Faults   []*Fault      `json:"faults,omitempty"`
	Answers  []savedAnswer `json:"answers,omitempty"`

	Numbers   []savedNumber   `json:"numbers,omitempty"`
	Customers []savedCustomer `json:"customers,omitempty"`
	Threads   []savedThread   `json:"threads,omitempty"`
	Messages  []savedMessage  `json:"messages,omitempty"`
	Sent      []*OutboxEntry  `json:"sent,omitempty"`
	Media     []savedMedia    `json:"media,omitempty"`
	Tasks     []savedTask     `json:"tasks,omitempty"`
	Items     []savedItem     `json:"items,omitempty"`
	Ended     ended           `json:"ended,omitzero"`
}

type (
	savedAnswer struct {
		AutoAnswer
		Used int `json:"used"`
	}
	savedNumber struct {
		Number
		Subscribed bool           `json:"subscribed"`
		Override   string         `json:"override,omitempty"`
		Free       map[string]int `json:"free,omitempty"`
	}
	savedCustomer struct {
		NewCustomer
		Behaviour Behaviour `json:"behaviour"`
	}
	savedThread struct {
		Customer  string    `json:"customer"`
		Number    string    `json:"number"`
		LastIn    time.Time `json:"last_in,omitzero"`
		PhoneUsed time.Time `json:"phone_used,omitzero"`
		Reached   time.Time `json:"reached,omitzero"`
		Burst     time.Time `json:"burst,omitzero"` // began
		Sent      int       `json:"sent,omitempty"` // in the burst
		Blocked   bool      `json:"blocked,omitempty"`
	}
	savedMessage struct {
		MessageView
		Out       bool         `json:"out,omitempty"`
		Failure   int          `json:"failure,omitempty"`
		Mute      bool         `json:"mute,omitempty"`
		Category  string       `json:"category,omitempty"`
		Phone     string       `json:"phone,omitempty"`
		Priced    *pricing     `json:"priced,omitempty"`
		PaidOnce  bool         `json:"paid_once,omitempty"`
		HistoryID string       `json:"history_id,omitempty"`
		History   []savedEvent `json:"history,omitempty"`
	}
	savedEvent struct {
		ID     string    `json:"id"`
		Status string    `json:"status"`
		At     time.Time `json:"at"`
		State  string    `json:"state"`
	}
	savedMedia struct {
		ID     string        `json:"id"`
		Number string        `json:"number"`
		MIME   string        `json:"mime"`
		Data   []byte        `json:"data"`
		At     time.Time     `json:"at"`
		Life   time.Duration `json:"life"`
	}
	savedTask struct {
		Seq     uint64    `json:"seq"`
		Due     time.Time `json:"due"`
		Kind    string    `json:"kind"`
		Message string    `json:"message,omitempty"` // wamid
		Step    *Step     `json:"step,omitempty"`
	}
	savedItem struct {
		Seq     uint64          `json:"seq"`
		Number  string          `json:"number"`
		Raw     json.RawMessage `json:"raw"`
		Status  bool            `json:"status,omitempty"`
		Echo    bool            `json:"echo,omitempty"`
		Contact *contact        `json:"contact,omitempty"`
		Message string          `json:"message"`         // wamid
		Event   string          `json:"event,omitempty"` // id of it
	}
)

// header is what stands in every record.
func (s *Simulator) header() *record {
	r := &record{
		Version: recordVersion, Advanced: s.offset, Serial: s.serial, Accepted: s.outbox.total,
		Settings: s.settings, Faults: s.faults,
	}
	for _, a := range s.answers {
		r.Answers = append(r.Answers, savedAnswer{a, a.used})
	}
	return r
}

// changes adds what was gathered since the turn before.
func (s *Simulator) changes(r *record) {
	j := s.journal
	for _, thing := range j.things {
		s.add(r, thing)
	}
	for _, t := range j.tasks {
		s.addTask(r, t)
	}
	for _, q := range j.items {
		r.Items = append(r.Items, q.saved())
	}
	r.Ended = j.ended
}

// everything adds all there is, each kind in its order.
func (s *Simulator) everything(r *record) {
	for _, id := range s.order {
		s.add(r, s.numbers[id])
	}
	for _, id := range s.people {
		c := s.customers[id]
		s.add(r, c)
		for _, t := range c.threads {
			s.add(r, t)
		}
	}
	for _, m := range s.kept.line {
		s.add(r, m)
	}
	for _, e := range s.outbox.entries {
		s.add(r, e)
	}
	for _, id := range s.media.order {
		if m := s.media.items[id]; m != nil {
			s.add(r, m)
		}
	}
	for _, t := range s.tasks.items {
		s.addTask(r, t)
	}
	for _, id := range s.order {
		n := s.numbers[id]
		for _, it := range n.hook.waiting {
			r.Items = append(r.Items, queued{n, it}.saved())
		}
	}
	for _, d := range s.log.kept {
		for _, it := range d.items { // there are none once the receiver has them
			r.Items = append(r.Items, queued{d.number, it}.saved())
		}
	}
	slices.SortFunc(r.Items, func(a, b savedItem) int { return cmp.Compare(a.Seq, b.Seq) })
}

// add adds one thing as it is now.
func (s *Simulator) add(r *record, thing any) {
	switch v := thing.(type) {
	case *number:
		r.Numbers = append(r.Numbers, savedNumber{v.Number, v.subscribed, v.override, v.free})
	case *customer:
		r.Customers = append(r.Customers, savedCustomer{v.NewCustomer, v.behaviour})
	case *thread:
		r.Threads = append(r.Threads, savedThread{v.customer.ID, v.number, v.lastIn, v.phoneUsed, v.reached, v.pair.began, v.pair.sent, v.blocked})
	case *message:
		if s.messages[v.ID] == v { // it may have been forgotten meanwhile
			r.Messages = append(r.Messages, v.saved())
		}
	case *OutboxEntry:
		r.Sent = append(r.Sent, v)
	case *mediaItem:
		r.Media = append(r.Media, savedMedia{v.id, v.number, v.mime, v.data, v.at, v.life})
	}
}

func (m *message) saved() savedMessage {
	out := savedMessage{
		MessageView: m.MessageView, Out: m.out, Failure: m.failure, Mute: m.mute, Category: m.category, Phone: m.phone,
		Priced: m.priced, PaidOnce: m.paidOnce, HistoryID: m.historyI,
	}
	for _, e := range m.history {
		out.History = append(out.History, savedEvent{e.id, e.status, e.at, e.state})
	}
	return out
}

// addTask adds what will happen. The repetition of a webhook is no part of it:
// its items go again at once after a restart.
func (s *Simulator) addTask(r *record, t task) {
	saved := savedTask{Seq: t.seq, Due: t.due, Kind: t.act.kind, Step: t.act.step}
	if t.act.kind == actDeliver {
		return
	}
	if t.act.m != nil {
		saved.Message = t.act.m.ID
	}
	r.Tasks = append(r.Tasks, saved)
}

func (q queued) saved() savedItem {
	out := savedItem{Seq: q.it.seq, Number: q.n.PhoneNumberID, Raw: q.it.raw, Status: q.it.isStatus, Echo: q.it.isEcho, Contact: q.it.contact, Message: q.it.m.ID}
	if q.it.event != nil {
		out.Event = q.it.event.id
	}
	return out
}
