package main

import (
	"context"
	"log/slog"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
	"botschaft/internal/private"
)

// pace keeps the gate at what each number may send: WhatsApp raises it by itself, and
// holds a number down that is used in the WhatsApp Business app, too (Meta: Throughput).
// Every node asks for itself, each hour and when WhatsApp told of the number.
type pace struct {
	inboxes *directory.Directory
	ask     func(ctx context.Context, inbox desk.Inbox, token private.Key) (desk.Capacity, error)
	note    func(ctx context.Context, inbox desk.InboxID, c desk.Capacity) error
	told    func(ctx context.Context) (map[desk.InboxID]int64, error) // how often WhatsApp told of each number
	woken   <-chan struct{}                                           // it did just now
	allow   func(inbox desk.InboxID, perSecond int)
	log     *slog.Logger
	known   map[desk.InboxID]learnt
}

// learnt is what was last heard of a number, when, and after how much that was told of it.
type learnt struct {
	desk.Capacity
	at     time.Time
	told   int64
	failed bool // it was not heard
}

// How often a number is asked for, how soon again after no answer to what was told of it, how
// often new ones are looked for, and how long an answer may take.
const (
	paceEvery   = time.Hour
	paceAgain   = time.Minute
	paceLook    = 10 * time.Second
	pacePatient = 10 * time.Second
)

// Run asks until ctx ends. Who gives no answer is believed to be as before.
func (p *pace) Run(ctx context.Context) error {
	tick := time.NewTicker(paceLook)
	defer tick.Stop()
	for {
		p.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-p.woken:
		}
	}
}

// look asks for every number that is due.
func (p *pace) look(ctx context.Context) {
	told, err := p.told(ctx)
	for _, e := range p.inboxes.All() {
		was := p.known[e.ID]
		news := told[e.ID]
		if err != nil { // as before; the next look sees it
			news = was.told
		}
		if ctx.Err() == nil && was.isDue(news, time.Now()) {
			p.learn(ctx, e, was, news)
		}
	}
}

func (l learnt) isDue(told int64, now time.Time) bool {
	wait := paceEvery
	switch {
	case told != l.told && l.failed:
		wait = paceAgain
	case told != l.told:
		wait = 0
	}
	return now.Sub(l.at) >= wait
}

func (p *pace) learn(ctx context.Context, e *directory.Entry, was learnt, told int64) {
	asking, cancel := context.WithTimeout(ctx, pacePatient)
	defer cancel()
	is := learnt{at: time.Now(), told: told}
	var err error
	if is.Capacity, err = p.ask(asking, e.Inbox, e.Secrets.AccessToken); err != nil {
		is.Capacity, is.told, is.failed = was.Capacity, was.told, true
	}
	p.known[e.ID] = is
	if is.Capacity == was.Capacity {
		return
	}
	p.allow(e.ID, is.PerSecond)
	if err := p.note(ctx, e.ID, is.Capacity); err != nil { // the next look asks again
		delete(p.known, e.ID)
	}
	p.log.Info("what an inbox may send", "inbox", e.ID, "per_second", is.PerSecond, "people_a_day", is.People)
}
