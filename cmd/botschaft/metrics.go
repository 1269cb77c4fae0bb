package main

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"botschaft/internal/inbound"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// meter counts what the pipeline does; labels are codes, never content.
type meter struct {
	processed *prometheus.CounterVec
	lag       prometheus.Histogram
	setAside  prometheus.Counter
	sent      *prometheus.CounterVec
	signals   *prometheus.CounterVec
	sending   prometheus.Histogram
	unknown   *prometheus.CounterVec
	dropped   *prometheus.CounterVec
	events    prometheus.Histogram

	mu    sync.Mutex
	names map[string]bool
}

func newMeter(r prometheus.Registerer) *meter {
	m := &meter{
		names: map[string]bool{},
		processed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "botschaft_inbound_items_total", Help: "Items taken in, by what they are.",
		}, []string{"item"}),
		lag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "botschaft_inbound_lag_seconds", Help: "From the webhook to processed, of the oldest item of each batch.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300},
		}),
		setAside: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "botschaft_inbound_set_aside_total", Help: "Items that could not be taken in and wait for an operator.",
		}),
		signals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "botschaft_outbound_signals_total", Help: "Read marks and typing, by what came of them.",
		}, []string{"outcome"}),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "botschaft_outbound_sends_total", Help: "Attempts to send, by what is known of the outcome.",
		}, []string{"outcome"}),
		sending: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "botschaft_outbound_send_seconds", Help: "How long the provider took to answer a send.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}),
		unknown: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "botschaft_inbound_unknown_total", Help: "Things in webhooks that this version does not know, by name.",
		}, []string{"name"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "botschaft_hook_dropped_total", Help: "Changes of coexistence with the WhatsApp Business app that were not kept, by the field of the webhook.",
		}, []string{"field"}),
		events: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "botschaft_event_lag_seconds", Help: "From an event's commit until its view is built for those who listen, of the oldest of each page.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}),
	}
	r.MustRegister(m.processed, m.lag, m.setAside, m.sent, m.signals, m.sending, m.unknown, m.dropped, m.events)
	return m
}

// Processed is told what a batch took in.
func (m *meter) Processed(deliveries, messages, statuses int, lag time.Duration) {
	m.processed.WithLabelValues("delivery").Add(float64(deliveries))
	m.processed.WithLabelValues("message").Add(float64(messages))
	m.processed.WithLabelValues("status").Add(float64(statuses))
	if deliveries > 0 {
		m.lag.Observe(lag.Seconds())
	}
}

// SetAside is told how many items could not be taken in.
func (m *meter) SetAside(n int) { m.setAside.Add(float64(n)) }

// Sent is told what came of an attempt.
func (m *meter) Sent(outcome string, took time.Duration) {
	m.sent.WithLabelValues(outcome).Inc()
	m.sending.Observe(took.Seconds())
}

// Signalled is told what came of a read mark.
func (m *meter) Signalled(outcome string) { m.signals.WithLabelValues(outcome).Inc() }

// manyNames bounds the names that are counted apart: they come from outside.
const manyNames = 200

// Unknown is told the name of something in a webhook that is not known.
func (m *meter) Unknown(name string, n int) { m.unknown.WithLabelValues(m.label(name)).Add(float64(n)) }

// Dropped is told which changes of coexistence came and were not kept.
func (m *meter) Dropped(field string, n int) { m.dropped.WithLabelValues(field).Add(float64(n)) }

func (m *meter) label(name string) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(name) > 64 || strings.Trim(name, letters) != "" || len(m.names) >= manyNames && !m.names[name] {
		return "other"
	}
	m.names[name] = true
	return name
}

// gauges asks the store, when somebody looks, how things stand.
type gauges struct {
	store *store.Store
	jobs  *prometheus.Desc
	doubt *prometheus.Desc
	aside *prometheus.Desc
	pause *prometheus.Desc
	open  *prometheus.Desc
	wait  *prometheus.Desc
	sign  *prometheus.Desc
}

func newGauges(s *store.Store) *gauges {
	return &gauges{
		store: s,
		jobs:  prometheus.NewDesc("botschaft_lane_depth", "Jobs that wait, by kind of lane.", []string{"kind"}, nil),
		doubt: prometheus.NewDesc("botschaft_outbound_oldest_doubt_seconds", "Since when the oldest message is in doubt; 0 if none is.", nil, nil),
		aside: prometheus.NewDesc("botschaft_set_aside", "Items that wait for an operator's decision.", nil, nil),
		pause: prometheus.NewDesc("botschaft_inboxes_paused", "Inboxes that send nothing, by an admin's will or because the provider refused everything.", nil, nil),
		open:  prometheus.NewDesc("botschaft_store_up", "1 if the database answered.", nil, nil),
		wait:  prometheus.NewDesc("botschaft_inbound_oldest_seconds", "Since when the oldest delivery waits to be taken in; 0 if none does.", nil, nil),
		sign:  prometheus.NewDesc("botschaft_audit_unsigned_seconds", "Age of the oldest audit entry that no checkpoint protects; 0 if all are protected.", nil, nil),
	}
}

// Describe names the gauges.
func (g *gauges) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.jobs, g.doubt, g.aside, g.pause, g.open, g.wait, g.sign} {
		out <- d
	}
}

// Collect reads them.
func (g *gauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := g.read(ctx, func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	})
	up := 1.0
	if err != nil {
		up = 0
	}
	out <- prometheus.MustNewConstMetric(g.open, prometheus.GaugeValue, up)
}

func (g *gauges) read(ctx context.Context, set func(*prometheus.Desc, float64, ...string)) error {
	q := g.store.Read()
	depths, err := q.LaneDepths(ctx)
	if err != nil {
		return err
	}
	for _, d := range depths {
		set(g.jobs, float64(d.Depth), d.Kind)
	}
	doubt, err := q.OldestDoubt(ctx)
	if err != nil {
		return err
	}
	set(g.doubt, g.age(doubt))
	aside, err := q.CountSetAside(ctx)
	if err != nil {
		return err
	}
	set(g.aside, float64(aside))
	paused, err := q.CountInboxPauses(ctx)
	if err != nil {
		return err
	}
	set(g.pause, float64(paused))
	oldest, err := q.OldestJob(ctx, inbound.Kind)
	if err != nil {
		return err
	}
	set(g.wait, g.age(oldest)) // an inbound lane is in the order of arrival
	unsigned, err := oldestUnsigned(ctx, q)
	if err != nil {
		return err
	}
	set(g.sign, g.age(unsigned))
	return nil
}

// age is how long ago a moment was, in seconds; 0 if there was none.
func (g *gauges) age(millis int64) float64 {
	if millis == 0 {
		return 0
	}
	return max(0, g.store.Now().Sub(time.UnixMilli(millis)).Seconds())
}

// oldestUnsigned gives when the first entry behind the last Checkpoint was written, in
// milliseconds; 0 if there is none.
func oldestUnsigned(ctx context.Context, q *rows.Queries) (int64, error) {
	last, err := q.LastCheckpoint(ctx)
	if err != nil && !store.IsNone(err) {
		return 0, err
	}
	entries, err := q.ListEntries(ctx, rows.ListEntriesParams{AfterN: last.Size, Page: 1})
	if err == nil && len(entries) == 0 {
		entries, err = q.ListFreshEntries(ctx, 1)
	}
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	return entries[0].At.UnixMilli(), nil
}
