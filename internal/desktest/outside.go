package desktest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"botschaft/internal/simulator"
)

// turnClock lets time pass, all at once, for the house and for WhatsApp.
func turnClock(_ context.Context, w *world, a args) error {
	d, err := a.duration()
	if err != nil {
		return err
	}
	if d <= 0 {
		return errors.New("time goes forward alone")
	}
	w.clock.Add(d)
	w.sim.Advance(0) // what fell due at WhatsApp happens now
	if w.house != nil {
		for _, kind := range []string{"inbound", "outbound"} {
			w.house.Store.Hint(kind) // the house would look by itself within a second
		}
	}
	return nil
}

// fault lets the next sends be refused with a code of Meta's.
func fault(_ context.Context, w *world, a args) error {
	code, err := strconv.Atoi(a.one("CODE"))
	if err != nil {
		return fmt.Errorf("%q is no error code", a.one("CODE"))
	}
	n, err := a.number("N")
	if err != nil {
		return err
	}
	return w.fault(simulator.Fault{Kind: simulator.FailError, Code: code, Count: n})
}

func (w *world) fault(f simulator.Fault) error {
	_, err := w.sim.AddFault(f)
	return err
}

// faultErrorPage lets the next send be answered by something on the way, not by Meta.
func faultErrorPage(_ context.Context, w *world, _ args) error {
	return w.fault(simulator.Fault{Kind: simulator.FailHTTP500})
}

// filesWithheld lets WhatsApp hand no file out.
func filesWithheld(_ context.Context, w *world, _ args) error {
	return w.fault(simulator.Fault{Kind: simulator.FailMedia, Code: 503, Count: -1})
}

// filesHandedOut lets everything go well again.
func filesHandedOut(_ context.Context, w *world, _ args) error {
	w.sim.ClearFaults()
	return nil
}

// faultStatusFirst lets the next status come before the answer to its send.
func faultStatusFirst(_ context.Context, w *world, _ args) error {
	return w.fault(simulator.Fault{Kind: simulator.FailStatusFirst})
}

// faultAnswerLost lets WhatsApp take the next message and the answer be lost.
func faultAnswerLost(_ context.Context, w *world, a args) error {
	f := simulator.Fault{Kind: simulator.FailTimeout, StatusMS: -1}
	if a.one("DURATION") != "" {
		d, err := a.duration()
		if err != nil {
			return err
		}
		f.StatusMS = int(d.Milliseconds())
	}
	return w.fault(f)
}

func faultStatusLate(_ context.Context, w *world, a args) error {
	d, err := a.duration()
	if err != nil {
		return err
	}
	return w.fault(simulator.Fault{Kind: simulator.FailStatusLate, StatusMS: int(d.Milliseconds())})
}

// faultFailedStatus lets WhatsApp take the next message and give it up afterwards.
func faultFailedStatus(_ context.Context, w *world, a args) error {
	code, err := strconv.Atoi(a.one("CODE"))
	if err != nil {
		return fmt.Errorf("%q is no error code", a.one("CODE"))
	}
	return w.fault(simulator.Fault{Kind: simulator.FailStatus, Code: code})
}

// webhooks says how webhooks come from now on.
func webhooks(ctx context.Context, w *world, a args) error {
	set := w.sim.Settings()
	switch a.one("MODE") {
	case "held":
		set.Paused = true
	case "released":
		set.Paused = false
	case "doubled": // each comes once more after it was answered
		set.Duplicate = 1
		w.doubled = uint64(w.posted()) + 1
	case "shuffled": // each item by itself, many at once and in no order
		set.BatchSize, set.Parallel, set.ShuffleMS = 1, 8, 30
	case "replayed":
		return w.replay(ctx, false)
	default:
		return errors.New("webhooks are held, released, doubled, shuffled or replayed")
	}
	return w.sim.SetSettings(set)
}

func replayBackwards(ctx context.Context, w *world, _ args) error { return w.replay(ctx, true) }

// replay posts every webhook there has been once more, byte for byte.
func (w *world) replay(ctx context.Context, backwards bool) error {
	all := w.sim.Deliveries(true)
	if backwards {
		slices.Reverse(all)
	}
	for _, d := range all {
		for _, in := range w.inboxes {
			if in.number != d.Number {
				continue
			}
			if err := w.post(ctx, in, d.Body, in.appSecret); err != nil {
				return err
			}
			if err := w.rest(ctx); err != nil { // each in a batch of its own
				return err
			}
		}
	}
	return nil
}

// post posts a webhook body to an Inbox; an answer other than 200 is a *problem.
func (w *world) post(ctx context.Context, in *inboxPlace, body, secret string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.door.url()+"/hooks/whatsapp/"+in.id.String(), strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Hub-Signature-256", simulator.Sign([]byte(secret), []byte(body)))
	resp, text, err := w.do(r)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return problemOf(resp, text)
	}
	return nil
}

// webhook posts a file of the scenario as WhatsApp would.
func webhook(ctx context.Context, w *world, a args) error { return w.postFile(ctx, a, "") }

func webhookForged(ctx context.Context, w *world, a args) error {
	return w.postFile(ctx, a, "a guess")
}

func (w *world) postFile(ctx context.Context, a args, secret string) error {
	in, err := w.inbox(a.one("INBOX"))
	if err != nil {
		return err
	}
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	body, err := w.file(a.one("FILE"), c)
	if err != nil {
		return err
	}
	if secret == "" {
		secret = in.appSecret
	}
	return w.post(ctx, in, body, secret)
}

// accepted checks how often WhatsApp took a message, whether or not the house heard of
// it.
func accepted(_ context.Context, w *world, a args) error {
	want, err := a.number("N")
	if err != nil {
		return err
	}
	all, _ := w.sim.Outbox()
	got := 0
	for _, m := range all {
		if w.plain(m.Text) == a.one("TEXT") {
			got++
		}
	}
	if got != want {
		return fmt.Errorf("got %d times, want %d", got, want)
	}
	return nil
}

// inboxSeen is an Inbox as the house knows it: what changed there may be a second old.
type inboxSeen struct {
	ID     string
	Paused *struct{ Reason string }
}

// awaitInbox waits until the house shows an Inbox as it should be.
func (w *world) awaitInbox(ctx context.Context, in *inboxPlace, right func(inboxSeen) bool) error {
	return eventually(func() error { return errors.New("it does not come to be so") }, func() (bool, error) {
		var me struct{ Inboxes []inboxSeen }
		err := w.ask(ctx, w.agents["ada"], request{method: http.MethodGet, path: "/me"}, &me)
		return slices.ContainsFunc(me.Inboxes, func(x inboxSeen) bool { return x.ID == in.id.String() && right(x) }), err
	})
}

func inboxIsPaused(ctx context.Context, w *world, a args) error {
	in, err := w.inbox(a.one("INBOX"))
	if err != nil {
		return err
	}
	return w.awaitInbox(ctx, in, func(x inboxSeen) bool { return x.Paused != nil })
}

// inboxIsSetUp adds an Inbox that belongs to the same Controller and Meta app as another.
func inboxIsSetUp(ctx context.Context, w *world, a args) error {
	beside, err := w.inbox(a.one("OTHER"))
	if err != nil {
		return err
	}
	name := a.one("INBOX")
	if err := w.addInbox(ctx, inboxPlace{
		name: name, controller: beside.controller, number: a.one("NUMBER"), waba: beside.waba, appSecret: beside.appSecret,
	}); err != nil {
		return err
	}
	return w.awaitInbox(ctx, w.inboxes[name], func(inboxSeen) bool { return true })
}

func stop(_ context.Context, w *world, _ args) error {
	if w.house == nil {
		return errors.New("the house is not running")
	}
	return w.stop()
}

// start starts the house, and a second passes in which WhatsApp comes again.
func start(ctx context.Context, w *world, _ args) error {
	if err := w.start(ctx); err != nil {
		return err
	}
	return turnClock(ctx, w, args{"DURATION": {"1s"}})
}

func restart(ctx context.Context, w *world, a args) error {
	return errors.Join(stop(ctx, w, a), start(ctx, w, a))
}
