package simulator

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"time"
)

// Open is New with a memory in a file, which is made if it is not there:
// numbers, customers, messages with their states, webhooks the receiver has not
// answered with 200, and statuses to come. Close, or a kill at any moment, and a
// later Open bring them back. Forgotten are only the bodies of webhooks that
// were delivered.
//
// What the file remembers goes before Settings, Numbers and Customers; but the
// names, addresses and secrets of Numbers are those of cfg.
func Open(path string, cfg Config) (*Simulator, error) {
	s := build(cfg)
	j, err := openJournal(path, s)
	if err != nil {
		return nil, err
	}
	if err := s.begin(j); err != nil {
		j.close()
		return nil, err
	}
	return s, nil
}

// begin brings back what the file says and writes it anew, in one line.
func (s *Simulator) begin(j *journal) error {
	before, err := readPast(j.path)
	if err != nil {
		return err
	}
	if err := s.restore(before); err != nil {
		return fmt.Errorf("simulator: %s: %w", j.path, err)
	}
	s.populate(s.cfg)
	s.journal = j
	line, err := s.line(true)
	if err != nil {
		return fmt.Errorf("simulator: %s: %w", j.path, err)
	}
	if err := j.rewrite(line); err != nil {
		return fmt.Errorf("simulator: the file cannot be written: %w", err)
	}
	return nil
}

// past is what a file tells: its records, folded.
type past struct {
	last      *record // what stands in every record; nil of an empty file
	numbers   ordered[string, savedNumber]
	customers ordered[string, savedCustomer]
	threads   ordered[[2]string, savedThread]
	messages  ordered[string, savedMessage]
	sent      ordered[string, *OutboxEntry]
	media     ordered[string, savedMedia]
	tasks     ordered[uint64, savedTask]
	items     ordered[uint64, savedItem]
}

// ordered keeps values in the order in which their keys first came.
type ordered[K comparable, V any] struct {
	keys []K
	by   map[K]V
}

func (o *ordered[K, V]) put(k K, v V) {
	if o.by == nil {
		o.by = map[K]V{}
	}
	if _, known := o.by[k]; !known {
		o.keys = append(o.keys, k)
	}
	o.by[k] = v
}

func (o *ordered[K, V]) all() iter.Seq[V] {
	return func(yield func(V) bool) {
		for _, k := range o.keys {
			if v, ok := o.by[k]; ok && !yield(v) {
				return
			}
		}
	}
}

// readPast reads a file. A last line that was cut off was never acknowledged.
func readPast(path string) (*past, error) {
	p := &past{}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewReaderSize(f, 1<<16)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return nil, fmt.Errorf("simulator: %w", err)
		}
		var r record
		if err := json.Unmarshal(bytes.TrimSpace(line), &r); err != nil {
			if _, more := lines.Peek(1); errors.Is(more, io.EOF) {
				return p, nil
			}
			return nil, fmt.Errorf("simulator: %s, line %d: %w", path, number, err)
		}
		if r.Version != recordVersion {
			return nil, fmt.Errorf("simulator: %s was written by another version", path)
		}
		p.fold(&r)
	}
}

// fold adds a later record.
func (p *past) fold(r *record) {
	p.last = r
	for _, n := range r.Numbers {
		p.numbers.put(n.PhoneNumberID, n)
	}
	for _, c := range r.Customers {
		p.customers.put(c.ID, c)
	}
	for _, t := range r.Threads {
		p.threads.put([2]string{t.Customer, t.Number}, t)
	}
	for _, m := range r.Messages {
		p.messages.put(m.ID, m)
	}
	for _, e := range r.Sent {
		p.sent.put(e.ID, e)
	}
	for _, m := range r.Media {
		p.media.put(m.ID, m)
	}
	for _, t := range r.Tasks {
		p.tasks.put(t.Seq, t)
	}
	for _, it := range r.Items {
		p.items.put(it.Seq, it)
	}
	for _, seq := range r.Ended.Tasks {
		delete(p.tasks.by, seq)
	}
	for _, seq := range r.Ended.Items {
		delete(p.items.by, seq)
	}
	for _, id := range r.Ended.Media {
		delete(p.media.by, id)
	}
}

// restore fills a Simulator that nobody knows yet. Ids are made from a new
// source, so that one that was never acknowledged cannot come again.
func (s *Simulator) restore(p *past) error {
	if p.last == nil {
		return nil
	}
	s.offset, s.serial, s.settings, s.faults = p.last.Advanced, p.last.Serial, p.last.Settings, p.last.Faults
	for _, a := range p.last.Answers {
		after, err := parseDelay(a.After)
		if err != nil {
			return err
		}
		a.AutoAnswer.after, a.AutoAnswer.used = after, a.Used
		s.answers = append(s.answers, a.AutoAnswer)
	}
	for n := range p.numbers.all() {
		s.restoreNumber(n)
	}
	for c := range p.customers.all() {
		if err := c.Behaviour.parse(); err != nil {
			return err
		}
		s.enter(newCustomer(c.NewCustomer, c.Behaviour))
	}
	for m := range p.messages.all() {
		s.restoreMessage(m)
	}
	for t := range p.threads.all() {
		if c := s.customers[t.Customer]; c != nil {
			known := c.thread(t.Number)
			known.lastIn, known.phoneUsed, known.reached, known.pair, known.blocked = t.LastIn, t.PhoneUsed, t.Reached, pairRate{t.Burst, t.Sent}, t.Blocked
		}
	}
	for e := range p.sent.all() {
		s.outbox.add(e)
	}
	s.outbox.total = p.last.Accepted
	for m := range p.media.all() {
		s.shelve(&mediaItem{id: m.ID, number: m.Number, mime: m.MIME, data: m.Data, at: m.At, life: m.Life})
	}
	for t := range p.tasks.all() {
		s.restoreTask(t)
	}
	for it := range p.items.all() {
		s.restoreItem(it)
	}
	return nil
}

func (s *Simulator) restoreNumber(saved savedNumber) {
	n := newNumber(saved.Number, s.cfg)
	n.subscribed, n.override = saved.Subscribed, saved.Override
	if saved.Free != nil {
		n.free = saved.Free
	}
	s.serve(n)
}

func (s *Simulator) restoreMessage(saved savedMessage) {
	m := &message{
		MessageView: saved.MessageView, out: saved.Out, failure: saved.Failure, mute: saved.Mute, category: saved.Category,
		phone: saved.Phone, priced: saved.Priced, paidOnce: saved.PaidOnce, historyI: saved.HistoryID,
	}
	for _, e := range saved.History {
		m.history = append(m.history, &historyEvent{e.ID, e.Status, e.At, e.State})
	}
	if c := s.customers[m.Customer]; c != nil {
		s.keep(c, m)
	} else {
		s.remember(m)
	}
}

// restoreTask plans an act again; what fell due meanwhile happens at once, at
// the moment it was due.
func (s *Simulator) restoreTask(saved savedTask) {
	a := act{kind: saved.Kind, m: s.messages[saved.Message], step: saved.Step}
	if a.m == nil && a.step == nil {
		return // its message was forgotten
	}
	heap.Push(&s.tasks.items, task{due: saved.Due, seq: saved.Seq, act: a})
}

func (s *Simulator) restoreItem(saved savedItem) {
	n, m := s.numbers[saved.Number], s.messages[saved.Message]
	if n == nil {
		return
	}
	if m == nil { // forgotten, and its webhook goes all the same
		m = &message{MessageView: MessageView{ID: saved.Message, Status: "delivered"}}
	}
	it := item{seq: saved.Seq, raw: saved.Raw, isStatus: saved.Status, isEcho: saved.Echo, contact: saved.Contact, m: m}
	for _, e := range m.history {
		if e.id == saved.Event {
			it.event = e
		}
	}
	if len(n.hook.waiting) == 0 {
		n.hook.since = time.Now()
	}
	n.hook.waiting = append(n.hook.waiting, it)
	n.hook.bytes += len(it.raw)
}
