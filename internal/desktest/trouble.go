package desktest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"
)

// providerIs takes WhatsApp off the net, or brings it back at its address.
func providerIs(ctx context.Context, w *world, a args) error {
	switch a.one("STATE") {
	case "down":
		w.phones.CloseClientConnections()
		return w.phones.Listener.Close()
	case "up":
		var lc net.ListenConfig
		l, err := lc.Listen(ctx, "tcp", w.phones.Listener.Addr().String())
		if err != nil {
			return err
		}
		back := &http.Server{Handler: w.sim.Handler(), ReadHeaderTimeout: 10 * time.Second}
		go func() { _ = back.Serve(l) }()
		end := w.endPhones
		w.endPhones = func() error { return errors.Join(back.Close(), end()) }
		return nil
	}
	return errors.New("the provider is up or down")
}

// faultsEnd lets sends go well again.
func faultsEnd(_ context.Context, w *world, _ args) error {
	w.sim.ClearFaults()
	return nil
}

// crowdOf are the people of a crowd, by the names a scenario may call them.
func crowdOf(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("crowd%d", i+1)
	}
	return all
}

// crowdSays lets many people write.
func crowdSays(ctx context.Context, w *world, a args) error {
	n, err := a.number("N")
	if err != nil {
		return err
	}
	w.crowd = crowdOf(n)
	for _, name := range w.crowd {
		if err := customerSays(ctx, w, args{"CUSTOMER": {name}, "TEXT": a["TEXT"]}); err != nil {
			return err
		}
	}
	return nil
}

// tellings are what the crowd is told, in order.
func tellings(a args) ([]string, error) {
	n, err := a.number("N")
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("Antwort %d", i+1)
	}
	return all, err
}

// agentRepliesCrowd answers everybody of the crowd some times.
func agentRepliesCrowd(ctx context.Context, w *world, a args) error {
	texts, err := tellings(a)
	if err != nil {
		return err
	}
	for _, name := range w.crowd {
		m, err := w.meet(ctx, args{"AGENT": a["AGENT"], "CUSTOMER": {name}})
		if err != nil {
			return err
		}
		for _, text := range texts {
			m.who.asked = random(16)
			if _, err := w.reply(ctx, m, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// crowdShows checks that everybody of the crowd was told everything, once and in order.
func crowdShows(ctx context.Context, w *world, a args) error {
	texts, err := tellings(a)
	if err != nil {
		return err
	}
	for _, name := range w.crowd {
		if err := phoneShows(ctx, w, args{"CUSTOMER": {name}, "TEXT": texts}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// agentRenews gives an Inbox its access token once more, as after the old one was revoked.
func agentRenews(ctx context.Context, w *world, a args) error {
	who, in, err := w.worksAt(ctx, a)
	if err != nil {
		return err
	}
	return w.ask(ctx, who, request{method: http.MethodPut, path: "/inboxes/" + in.id.String() + "/secrets", body: map[string]string{"access_token": in.accessToken}}, nil)
}

// taskSeen is what an Agent is asked to do.
type taskSeen struct {
	ID, Kind string
	Message  *string
	Done     *struct{ How string }
	Failure  *failureWords
	Alert    *failureWords
}

func (w *world) openTasks(ctx context.Context, who *colleague) ([]taskSeen, error) {
	all, err := every[taskSeen](ctx, w, who, "/tasks")
	return slices.DeleteFunc(all, func(t taskSeen) bool {
		return t.Done != nil || t.Kind != "failed" && t.Kind != "paused" && t.Kind != "alert"
	}), err
}

// agentMustDo compares what an Agent is asked to do because something went wrong.
func agentMustDo(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	open, err := w.openTasks(ctx, who)
	if err != nil {
		return err
	}
	var got []string
	for _, t := range open {
		got = append(got, t.Kind)
		if w.failed = t.Failure; w.failed == nil {
			w.failed = t.Alert
		}
	}
	want := a["KIND"]
	if slices.Equal(want, []string{"nothing"}) {
		want = nil
	}
	return wantTexts(got, want)
}

// agentEnds has seen to what WhatsApp tells about an Inbox.
func agentEnds(ctx context.Context, w *world, a args) error {
	who, in, err := w.worksAt(ctx, a)
	if err != nil {
		return err
	}
	var all listed[struct {
		ID    string
		Ended *struct{}
	}]
	if err := w.ask(ctx, who, request{method: http.MethodGet, path: "/inboxes/" + in.id.String() + "/alerts"}, &all); err != nil {
		return err
	}
	for _, alert := range all.Items {
		if alert.Ended == nil {
			err = errors.Join(err, w.ask(ctx, who, request{method: http.MethodPost, path: "/alerts/" + alert.ID + "/end"}, nil))
		}
	}
	return err
}

// agentDismisses says that nothing more is to be done about a message that failed.
func agentDismisses(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	found, err := w.message(ctx, m, a.one("TEXT"))
	if err != nil {
		return err
	}
	open, err := w.openTasks(ctx, m.who)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open, func(t taskSeen) bool { return t.Message != nil && *t.Message == found.ID })
	if i < 0 {
		return fmt.Errorf("nothing is to be done about %q", a.one("TEXT"))
	}
	return w.ask(ctx, m.who, request{method: http.MethodPost, path: "/tasks/" + open[i].ID + "/done", body: map[string]string{"how": "dismissed"}}, nil)
}

// inboxDelivered compares how many messages of all months WhatsApp counts alike.
func inboxDelivered(ctx context.Context, w *world, a args) error {
	want, err := a.number("N")
	if err != nil {
		return err
	}
	in, err := w.inbox(a.one("INBOX"))
	if err != nil {
		return err
	}
	var all listed[struct {
		Items []struct {
			Category, Type string
			Count          int
		}
	}]
	if err := w.ask(ctx, w.agents["ada"], request{method: http.MethodGet, path: "/inboxes/" + in.id.String() + "/charges"}, &all); err != nil {
		return err
	}
	got := 0
	for _, month := range all.Items {
		for _, c := range month.Items {
			if c.Category == a.one("CATEGORY") && c.Type == a.one("TYPE") {
				got += c.Count
			}
		}
	}
	if got != want {
		return fmt.Errorf("got %d, want %d of %+v", got, want, all.Items)
	}
	return nil
}
