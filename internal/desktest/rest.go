package desktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"botschaft/internal/simulator"
)

const (
	patience = 20 * time.Second // by the system's clock, for what must happen by itself
	glance   = 2 * time.Millisecond
)

// rest returns when nothing is under way any more: every webhook was answered, and no
// lane is held or due at the time the clock stands at. What is put off stays put off.
// While the house is stopped, every webhook was turned away.
func (w *world) rest(ctx context.Context) error {
	var busy string
	if w.house == nil {
		return eventually(func() error { return errors.New("a webhook still tries") }, func() (bool, error) { return w.turnedAway(), nil })
	}
	return eventually(func() error { return fmt.Errorf("the house does not come to rest: %s", busy) }, func() (bool, error) {
		before := w.posted()
		if busy = w.webhooksUnderWay(); busy != "" {
			return false, nil
		}
		lanes, err := w.busyLanes(ctx)
		if err != nil || lanes > 0 {
			busy = fmt.Sprintf("%d lanes are busy", lanes)
			return false, err
		}
		// What a lane did last may have set webhooks off.
		busy = w.webhooksUnderWay()
		return busy == "" && w.posted() == before, nil
	})
}

// eventually looks again and again until done, or fails with what late says.
func eventually(late func() error, look func() (done bool, err error)) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(glance) {
		done, err := look()
		switch {
		case err != nil:
			return err
		case done:
			return nil
		case time.Now().After(deadline):
			return late()
		}
	}
}

// turnedAway tells whether each webhook that waits has been tried.
func (w *world) turnedAway() bool {
	if w.sim.Settings().Paused {
		return true
	}
	items, _ := w.sim.Pending()
	return items == 0 && !slices.ContainsFunc(w.sim.Deliveries(false), func(d simulator.DeliveryView) bool { return len(d.Attempts) == 0 })
}

// posted counts the webhooks there have been.
func (w *world) posted() int { return len(w.sim.Deliveries(false)) }

// webhooksUnderWay says what has not been answered yet, if anything.
func (w *world) webhooksUnderWay() string {
	if w.sim.Settings().Paused {
		return ""
	}
	items, bodies := w.sim.Pending()
	if items+bodies > 0 {
		return fmt.Sprintf("%d items and %d webhooks wait; %s", items, bodies, w.turned())
	}
	if w.doubled == 0 {
		return ""
	}
	for _, d := range w.sim.Deliveries(false) {
		if d.ID >= w.doubled && len(d.Attempts) < 2 {
			return "a webhook waits to be repeated"
		}
	}
	return ""
}

// turned says how the house answered the webhooks that wait.
func (w *world) turned() string {
	answers := []string{"answers:"}
	for _, d := range w.sim.Deliveries(false) {
		for _, a := range d.Attempts {
			if d.State == "waiting" {
				answers = append(answers, fmt.Sprint(a.Status), a.Error)
			}
		}
	}
	return strings.Join(answers, " ")
}

func (w *world) busyLanes(ctx context.Context) (n int, err error) {
	err = w.data.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM lane WHERE holder <> '' OR due_at <= $1) +
		(SELECT COUNT(*) FROM conversation WHERE snoozed_until <= $1)`, w.clock.Now().UnixMilli()).Scan(&n)
	return n, err
}
