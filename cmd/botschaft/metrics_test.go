package main_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// measured gives the house's next server an address for its metrics, and a function
// that reads them.
func (h *house) measured() func() string {
	address := freeAddress(h.t)
	h.env = append(h.env, "BOTSCHAFT_METRICS_LISTEN="+address)
	return func() string {
		h.t.Helper()
		other := *h
		other.listen = address
		var a answer
		eventually(h.t, 5*time.Second, "the metrics' address answers", func() (ok bool) { // it may listen a moment later than the server
			var err error
			a, err = other.do(http.MethodGet, "/metrics", nil)
			return err == nil
		})
		wantStatus(h.t, "metrics", a, http.StatusOK)
		return a.body
	}
}

// value gives a figure by its name with labels, as it is written.
func value(t testing.TB, metrics, name string) float64 {
	t.Helper()
	for line := range strings.Lines(metrics) {
		if figure, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			v, err := strconv.ParseFloat(figure, 64)
			must(t, err)
			return v
		}
	}
	return 0
}

// TestMetrics lets happen what the figures tell of, and sees them move.
func TestMetrics(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, h *house) {
		p := newProvider(t)
		_, webhook := h.inbox(phoneNumberID, p.url)
		metrics := h.measured()
		h.start()
		before := metrics()
		for _, name := range []string{
			"botschaft_inbound_lag_seconds", "botschaft_inbound_set_aside_total", "botschaft_outbound_send_seconds",
			"botschaft_outbound_oldest_doubt_seconds", "botschaft_set_aside", "botschaft_store_up", "botschaft_event_lag_seconds",
			"botschaft_inbound_oldest_seconds", "botschaft_audit_unsigned_seconds", "botschaft_audit_altered", "botschaft_clock_skew_seconds",
		} {
			if !strings.Contains(before, "# TYPE "+name+" ") {
				t.Errorf("%s is missing", name)
			}
		}
		h.hear() // events are built for those who listen
		wantStatus(t, "webhook", h.deliver(webhook, said(1, "hello")), http.StatusOK)
		h.awaitTexts("hello")
		wantStatus(t, "malformed", h.deliver(webhook, "{"), http.StatusOK)
		eventually(t, 15*time.Second, "the notice is sent", func() bool { return len(p.sent()) == 1 })
		p.hush(true) // what is sent now may have arrived
		conversation := h.conversation()
		wantStatus(t, "first reply", h.reply(conversation, "1", "in doubt"), http.StatusCreated)
		h.awaitStatus("in doubt", "in_doubt")
		wantStatus(t, "second reply", h.reply(conversation, "2", "waits"), http.StatusCreated)
		for name, least := range map[string]float64{
			"botschaft_inbound_lag_seconds_count":                                                       2,
			`botschaft_inbound_lag_seconds_bucket{le="+Inf"}`:                                           2,
			`botschaft_inbound_items_total{item="message"}`:                                             1,
			"botschaft_inbound_set_aside_total":                                                         1,
			"botschaft_event_lag_seconds_count":                                                         1,
			"botschaft_audit_unsigned_seconds":                                                          0.001,
			`botschaft_disk_free_bytes{place="data"}`:                                                   1,
			"botschaft_set_aside":                                                                       1,
			"botschaft_outbound_oldest_doubt_seconds":                                                   0.001,
			`botschaft_lane_depth{kind="outbound"}`:                                                     1,
			"botschaft_outbound_send_seconds_count":                                                     1,
			`botschaft_http_requests_total{method="POST",route="/hooks/whatsapp/{inbox}",status="200"}`: 2,
		} {
			eventually(t, 10*time.Second, name+" moves", func() bool { return value(t, metrics(), name) >= least })
		}
		if lag := value(t, metrics(), "botschaft_inbound_lag_seconds_sum"); lag <= 0 || lag > 20 {
			t.Errorf("the lag is %g s", lag)
		}
		if items := h.aside(); len(items) == 1 {
			h.command(&struct{}{}, "deliveries", "drop", "--json", "--reason", "a test", items[0].ID)
		}
		if left := value(t, metrics(), "botschaft_set_aside"); left != 0 {
			t.Errorf("%g items are set aside after the decision", left)
		}
		wantNoTraces(t, "the metrics", metrics(), append(h.secrets(), canary{"the number", "4915700000001"}, canary{"the name", "Anna Muster"},
			canary{"the wamid", "wamid.said.1"}, canary{"the conversation", conversation}))
	})
}

// Metrics are shown on their own address alone, and nothing else there.
func TestMetricsHaveTheirOwnAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	metrics := h.measured()
	h.start()
	for _, path := range []string{"/metrics", "/metrics/", "/debug/pprof/", "/debug/vars"} {
		for _, header := range [][]string{{}, h.bearer()} {
			wantStatus(t, path, h.ask(http.MethodGet, path, "", header...), http.StatusNotFound)
		}
	}
	if !strings.Contains(metrics(), "go_goroutines ") {
		t.Error("the process's own figures are missing")
	}
	other := *h
	other.listen = strings.TrimPrefix(h.env[len(h.env)-1], "BOTSCHAFT_METRICS_LISTEN=")
	for _, path := range []string{"/", "/healthz", "/readyz", "/api/v1/me", "/hooks/whatsapp/x", "/debug/pprof/"} {
		wantStatus(t, "on the metrics' address "+path, other.ask(http.MethodGet, path, "", h.bearer()...), http.StatusNotFound)
	}
}

// The log is text or JSON, as it is configured, and says when the server starts.
func TestLogFormats(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{"json": `"msg":"serving"`, "text": "msg=serving"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.env = append(h.env, "BOTSCHAFT_LOG_FORMAT="+format, "BOTSCHAFT_LOG_LEVEL=info")
			h.start()
			wantStatus(t, "me", h.call(http.MethodGet, "/me", ""), http.StatusOK)
			h.serving.end(t, syscall.SIGTERM)
			log := h.serving.said.String()
			if !strings.Contains(log, want) || !strings.Contains(log, "/api/v1/me") {
				t.Errorf("the log says:\n%s", log)
			}
			for line := range strings.Lines(log) {
				if structured := strings.HasPrefix(line, "{") == (format == "json"); !structured || !strings.Contains(line, "level") {
					t.Errorf("not %s: %s", format, fmt.Sprintf("%.200s", line))
				}
			}
			wantNoTraces(t, "the log", log, h.secrets())
		})
	}
}
