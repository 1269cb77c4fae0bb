// Package bench measures the figures that docs/benchmarks.md publishes. Each figure
// starts the real program on durable settings and plays the outer world on the same
// machine. `make bench FIG=ingest` runs one; it is no test and fails on nothing but a
// lost message.
//
// BENCH_SECONDS and BENCH_ROUNDS shorten a look; published figures use the defaults.
package bench

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"botschaft/internal/storetest"
)

// engines runs a figure on both engines.
func engines(b *testing.B, figure func(b *testing.B, database string)) {
	b.Run("sqlite", func(b *testing.B) { figure(b, "") })
	b.Run("postgres", func(b *testing.B) { figure(b, storetest.PostgresURL(b)) })
}

func number(variable string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

func seconds(otherwise int) time.Duration {
	return time.Duration(number("BENCH_SECONDS", otherwise)) * time.Second
}

// medians runs a measurement several times and reports the median of each of its
// figures; all values are printed.
func medians(b *testing.B, measure func(round int) map[string]float64) {
	b.Helper()
	all := map[string][]float64{}
	for round := range number("BENCH_ROUNDS", 5) {
		for unit, v := range measure(round) {
			all[unit] = append(all[unit], v)
		}
	}
	report(b, all)
}

// report prints all values and reports the median of each unit.
func report(b *testing.B, all map[string][]float64) {
	b.Helper()
	for unit, values := range all {
		b.Logf("%s %-24s %.2f", b.Name(), unit, values)
		slices.Sort(values)
		b.ReportMetric(values[len(values)/2], unit)
	}
	b.ReportMetric(0, "ns/op")
}

// percentile gives the p-th part of 100 of what was measured.
func percentile(all []time.Duration, p float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(float64(len(all))*p/100))]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func must(b testing.TB, err error, doing string) {
	b.Helper()
	if err != nil {
		b.Fatal(fmt.Errorf("%s: %w", doing, err))
	}
}
