package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sys/unix"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/live"
)

// nodeGauges tell, when somebody looks, how things stand on this node alone.
type nodeGauges struct {
	places  map[string]string // directories by what they hold
	skew    func(context.Context) (time.Duration, error)
	last    func() desk.Verification
	free    *prometheus.Desc
	ahead   *prometheus.Desc
	altered *prometheus.Desc
}

func newNodeGauges(places map[string]string, skew func(context.Context) (time.Duration, error), last func() desk.Verification) *nodeGauges {
	return &nodeGauges{
		places: places, skew: skew, last: last,
		free:    prometheus.NewDesc("botschaft_disk_free_bytes", "Free space of the directories of this node, by what they hold.", []string{"place"}, nil),
		ahead:   prometheus.NewDesc("botschaft_clock_skew_seconds", "How far the database's clock is ahead of this node's.", nil, nil),
		altered: prometheus.NewDesc("botschaft_audit_altered", "1 if the last verification of the audit log on this node found a fault.", nil, nil),
	}
}

// Describe names the gauges.
func (g *nodeGauges) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.free, g.ahead, g.altered} {
		out <- d
	}
}

// Collect reads them. What cannot be read has no line.
func (g *nodeGauges) Collect(out chan<- prometheus.Metric) {
	set := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for place, dir := range g.places {
		var fs unix.Statfs_t
		if unix.Statfs(dir, &fs) == nil {
			set(g.free, float64(fs.Bavail)*float64(fs.Bsize), place)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if ahead, err := g.skew(ctx); err == nil {
		set(g.ahead, ahead.Seconds())
	}
	altered := 0.0
	if g.last().State == desk.VerificationFault {
		altered = 1
	}
	set(g.altered, altered)
}

// places are the directories this node keeps files in.
func (h *house) places() map[string]string {
	places := map[string]string{"data": h.cfg.DataDir}
	if dir := directoryOf(h.cfg.Database); dir != "" && dir != h.cfg.DataDir {
		places["database"] = dir
	}
	if dir := directoryOf(h.cfg.Vault); dir != "" && dir != h.cfg.DataDir {
		places["vault"] = dir
	}
	return places
}

// told measures how long events wait until their views are built for those who listen.
func (m *meter) told(build live.Build[inbox.News], now func() time.Time) live.Build[inbox.News] {
	return func(ctx context.Context, events []desk.Event) ([]inbox.News, error) {
		views, err := build(ctx, events)
		if err == nil && len(events) > 0 {
			m.events.Observe(max(0, now().Sub(events[0].At).Seconds()))
		}
		return views, err
	}
}
