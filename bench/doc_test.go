// Package bench measures the figures that docs/benchmarks.md publishes. Each figure
// starts the real program on durable settings and plays the outer world on the same
// machine. `make bench FIG=ingest` runs one; it is no test: a goal that is missed is printed,
// and nothing but a lost message fails.
//
// BENCH_SECONDS and BENCH_ROUNDS shorten a look; published figures use the defaults.
package bench

import (
	"fmt"
	"maps"
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

// report prints the median of each unit, all its values and its goal, and reports the
// medians. It prints past b.Log, of which no more than ten lines are shown.
func report(b *testing.B, all map[string][]float64) {
	b.Helper()
	said := "\n"
	for _, unit := range slices.Sorted(maps.Keys(all)) {
		sorted := slices.Sorted(slices.Values(all[unit]))
		median := sorted[len(sorted)/2]
		said += fmt.Sprintf("%s %s median %.2f %.2f%s\n", b.Name(), unit, median, all[unit], judge(b.Name(), unit, median))
		b.ReportMetric(median, unit)
	}
	fmt.Print(said)
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
