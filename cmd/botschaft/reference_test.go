package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"botschaft/internal/desk"
	"botschaft/internal/httpd"
)

var update = flag.Bool("update", false, "write the generated files anew")

// figure is one metric as it is registered.
type figure struct {
	name, kind, help string
	labels           []string
}

// description reads what a descriptor says of itself; client_golang offers no other way.
var description = regexp.MustCompile(`^Desc\{fqName: "([^"]+)", help: "([^"]+)",(?: unit: "[^"]*",)? constLabels: \{[^}]*\}, variableLabels: \{([^}]*)\}\}$`)

// figures gives every metric of the house, as the server registers them.
func figures(t *testing.T) []figure {
	t.Helper()
	r, ok := httpd.NewMetrics().Registry().(*prometheus.Registry)
	if !ok {
		t.Fatal("the registry is none of client_golang")
	}
	newMeter(r)
	r.MustRegister(newGauges(nil), newNodeGauges(nil, func(context.Context) (time.Duration, error) { return 0, nil }, func() desk.Verification { return desk.Verification{} }))
	descriptions := make(chan *prometheus.Desc)
	go func() { r.Describe(descriptions); close(descriptions) }()
	var all []figure
	for d := range descriptions {
		m := description.FindStringSubmatch(d.String())
		if m == nil {
			t.Fatalf("a descriptor is not as expected: %s", d)
		}
		if !strings.HasPrefix(m[1], "botschaft_") { // runtime and process
			continue
		}
		f := figure{name: m[1], help: m[2], labels: strings.FieldsFunc(m[3], func(r rune) bool { return r == ',' })}
		all = append(all, f)
	}
	for i, f := range all { // now that nobody describes any more: the registry is locked meanwhile
		all[i].kind = kindOf(r, f)
	}
	slices.SortFunc(all, func(a, b figure) int { return strings.Compare(a.name, b.name) })
	return all
}

// kindOf asks the registry for what it has under this descriptor.
func kindOf(r *prometheus.Registry, f figure) string {
	var already prometheus.AlreadyRegisteredError
	if !errors.As(r.Register(prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: f.name, Help: f.help}, f.labels)), &already) {
		return "gauge" // one of several that a collector of ours describes
	}
	switch already.ExistingCollector.(type) {
	case prometheus.Gauge, *prometheus.GaugeVec:
		return "gauge"
	case prometheus.Counter, *prometheus.CounterVec:
		return "counter"
	case prometheus.Histogram, *prometheus.HistogramVec:
		return "histogram"
	}
	return "unknown"
}

const metricsHead = `# Metrics

<!-- Generated from the code by make gen. Do not edit. -->

What ` + "`/metrics`" + ` shows, on the address of ` + "`metrics_listen`" + `, besides the figures of runtime and process (` + "`go_…`, `process_…`" + `). What to do with them stands in [operate.md](operate.md#metrics-and-alarms). Counters and histograms with labels appear when first counted. A histogram has the three series ` + "`_bucket`, `_sum` and `_count`" + `.

| Name | Kind | Labels | Means |
|---|---|---|---|
`

func TestMetricsReferenceIsCurrent(t *testing.T) {
	var out bytes.Buffer
	out.WriteString(metricsHead)
	for _, f := range figures(t) {
		labels := "–"
		if len(f.labels) > 0 {
			labels = "`" + strings.Join(f.labels, "`, `") + "`"
		}
		if f.kind == "unknown" {
			t.Errorf("the kind of %s is not known", f.name)
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", f.name, f.kind, labels, f.help)
	}
	current(t, filepath.Join("..", "..", "docs", "reference-metrics.md"), out.Bytes())
}

// current compares a generated file with what it should hold, or writes it.
func current(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not current: run make gen (%v)", filepath.Base(path), err)
	}
}

// series finds what dashboard and alarms ask for.
var series = regexp.MustCompile(`\bbotschaft_[a-z0-9_]+`)

// Dashboard and alarms ask for metrics there are, by labels they have.
func TestWatchersAskForWhatThereIs(t *testing.T) {
	known := map[string]figure{}
	for _, f := range figures(t) {
		known[f.name] = f
		if f.kind == "histogram" {
			for _, ending := range []string{"_bucket", "_sum", "_count"} {
				known[f.name+ending] = figure{labels: append(slices.Clone(f.labels), "le")}
			}
		}
	}
	matchers := regexp.MustCompile(`(botschaft_[a-z0-9_]+)\{([^}]*)\}`)
	label := regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)\s*\\?"`)
	for _, name := range []string{"dashboard.json", "alerts.yaml", "alerts_test.yaml"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "monitoring", name))
		if err != nil {
			t.Fatal(err)
		}
		asked := series.FindAllString(string(text), -1)
		if len(asked) < 10 {
			t.Errorf("%s asks for %d metrics only", name, len(asked))
		}
		for _, metric := range asked {
			if _, ok := known[metric]; !ok {
				t.Errorf("%s asks for %s, which there is not", name, metric)
			}
		}
		for _, m := range matchers.FindAllStringSubmatch(string(text), -1) {
			for _, l := range label.FindAllStringSubmatch(m[2], -1) {
				if !slices.Contains(append([]string{"job", "instance"}, known[m[1]].labels...), l[1]) {
					t.Errorf("%s asks for %s by %q, which it has not", name, m[1], l[1])
				}
			}
		}
	}
}
