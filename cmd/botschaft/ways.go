package main

import (
	"context"
	"net"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/egress"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// declare opens the way to the Providers of the Inboxes.
func (h *house) declare() {
	for _, e := range h.inboxes.All() {
		if err := declareProvider(h.dialer, e.GraphURL); err != nil {
			h.log.Error("an inbox's provider cannot be reached", "inbox", e.ID, "error", err)
		}
	}
}

// declareProvider opens the way to an Inbox's Provider. One on this machine is own
// infrastructure, such as the simulator. An address that is none leads nowhere.
func declareProvider(dialer *egress.Dialer, graphURL string) error {
	host, port, ok := desk.LeadsTo(graphURL)
	if !ok {
		return nil
	}
	d := egress.Declaration{Purpose: "WhatsApp messages", Host: host, Port: port, Processor: companyOf(host)}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		d.Own, d.Processor = true, ""
	}
	if err := dialer.Declare(d); err != nil || desk.FilesHost(host) == host {
		return err
	}
	d.Purpose, d.Host = "files that contacts send", desk.FilesHost(host)
	return dialer.Declare(d)
}

// companyOf names whose host it is. Of all but Meta's only the name of the host is known; by
// whom else Messages are carried stands in the register.
func companyOf(host string) string {
	if metas, _, _ := desk.LeadsTo(settings.DefaultGraphURL); host == metas {
		return desk.MetaIreland
	}
	return host
}

// ways lists where data may go, and when it last went there from here.
func (h *house) ways() []desk.Destination {
	used := map[egress.Declaration]time.Time{}
	for _, u := range h.dialer.Used(time.Time{}) {
		used[u.Declaration] = u.At
	}
	var open []desk.Destination
	for _, d := range h.dialer.Declarations() {
		open = append(open, desk.Destination{
			Host: d.Host, Port: d.Port, Purpose: d.Purpose, Company: d.Processor, Open: true, FirstUsed: used[d], LastUsed: used[d],
		})
	}
	return open
}

// noteEvery is how exact it is known when data last went to a Destination.
const noteEvery = time.Minute

// noteDestinations writes down where data went, each minute and at the end.
func (h *house) noteDestinations(ctx context.Context) error {
	tick := time.NewTicker(noteEvery)
	defer tick.Stop()
	var noted time.Time
	for {
		select {
		case <-ctx.Done():
			h.note(context.WithoutCancel(ctx), noted)
			return nil
		case <-tick.C:
			noted = h.note(ctx, noted)
		}
	}
}

// note writes what was used after a moment, and gives the moment to go on from. What cannot
// be written is tried again.
func (h *house) note(ctx context.Context, after time.Time) time.Time {
	uses, until := h.dialer.Used(after), after
	if len(uses) == 0 {
		return after
	}
	err := h.store.Update(ctx, func(tx *store.Tx) error {
		for _, u := range uses {
			if err := tx.NoteDestination(ctx, rows.NoteDestinationParams{
				Host: u.Host, Port: int64(u.Port), Purpose: u.Purpose, Company: u.Processor, At: desk.AsMillis(u.At),
			}); err != nil {
				return err
			}
			if u.At.After(until) {
				until = u.At
			}
		}
		return nil
	})
	if err != nil {
		h.log.Warn("where data went cannot be noted and is tried again", "error", err)
		return after
	}
	return until
}
