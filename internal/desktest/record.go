package desktest

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// auditHolds counts the entries of an act, by anybody or by one Agent.
func auditHolds(ctx context.Context, w *world, a args) error {
	want, err := a.number("N")
	if err != nil {
		return err
	}
	query, values := `SELECT COUNT(*) FROM audit_entry WHERE act = $1`, []any{a.one("ACT")}
	if a.one("AGENT") != "" {
		who, err := w.agent(ctx, a.one("AGENT"))
		if err != nil {
			return err
		}
		query, values = query+` AND actor_id = $2`, append(values, who.id[:])
	}
	var got int
	if err := w.data.QueryRowContext(ctx, query, values...).Scan(&got); err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("got %d, want %d", got, want)
	}
	return nil
}

// auditVerifies signs a Checkpoint and checks that the log is whole and under it.
func auditVerifies(ctx context.Context, w *world, _ args) error {
	if err := w.house.Checkpoint(ctx); err != nil {
		return err
	}
	r, err := w.house.Verify(ctx)
	switch {
	case err != nil:
		return err
	case r.Fault != nil:
		return fmt.Errorf("it does not: %s", r.Fault.Text)
	case r.Entries == 0 || r.Waiting != 0 || r.Protected != r.Entries:
		return fmt.Errorf("%d entries, of which %d are protected, and %d wait", r.Entries, r.Protected, r.Waiting)
	}
	return nil
}

// tamperAudit changes an entry past the house, as somebody with the database would.
func tamperAudit(ctx context.Context, w *world, a args) error {
	return w.tamper(ctx, a, `UPDATE audit_entry SET act = 'list.opened', subject = 'list' WHERE n = $1`)
}

// cutAudit removes an entry.
func cutAudit(ctx context.Context, w *world, a args) error {
	return w.tamper(ctx, a, `DELETE FROM audit_entry WHERE n = $1`)
}

func (w *world) tamper(ctx context.Context, a args, statement string) error {
	n, err := a.number("N")
	if err != nil {
		return err
	}
	if err := w.house.Checkpoint(ctx); err != nil {
		return err
	}
	result, err := w.data.ExecContext(ctx, statement, n)
	if err != nil {
		return err
	}
	if touched, err := result.RowsAffected(); err != nil || touched != 1 {
		return fmt.Errorf("%d entries were touched: %w", touched, err)
	}
	return nil
}

// auditNames checks which entry the verifier blames, and for what.
func auditNames(ctx context.Context, w *world, a args) error {
	want, err := a.number("N")
	if err != nil {
		return err
	}
	r, err := w.house.Verify(ctx)
	switch {
	case err != nil:
		return err
	case r.Fault == nil:
		return errors.New("it verifies")
	case r.Fault.Kind != a.one("FAULT") || r.Fault.Entry != int64(want):
		return fmt.Errorf("it names entry %d, %s: %s", r.Fault.Entry, r.Fault.Kind, r.Fault.Text)
	}
	return nil
}

// logComplains checks that the log says that something is wrong; a scenario without
// this line wants a log that does not.
func logComplains(_ context.Context, w *world, _ args) error {
	if w.log.faults.Load() == 0 {
		return errors.New("it does not")
	}
	return nil
}

// noCanary searches everything the product wrote for what must be readable nowhere.
func noCanary(ctx context.Context, w *world, _ args) error {
	w.learnIDs()
	places, err := w.places(ctx)
	if err != nil {
		return err
	}
	found, err := search(places, w.canaries)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return errors.New(strings.Join(found, "\n\t"))
	}
	return nil
}

// learnIDs makes canaries of the ids that WhatsApp gave: of messages, which hold the
// telephone number, and of people.
func (w *world) learnIDs() {
	known := map[string]bool{}
	for _, c := range w.canaries {
		known[c.value] = true
	}
	learn := func(what, value string) {
		if !known[value] {
			known[value] = true
			w.keepSecret(what, value)
		}
	}
	for _, c := range w.sim.Customers() {
		for _, id := range c.UserIDs {
			learn("a user id of "+c.ID, id)
		}
		for _, in := range w.inboxes {
			all, err := w.sim.Messages(c.ID, in.number)
			if err != nil {
				continue // the simulator does not serve the number
			}
			for _, m := range all {
				learn("a message id of "+c.ID, m.ID)
			}
		}
	}
}
