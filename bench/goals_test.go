package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// goal is what a figure shall be: at most a bound, or at least one.
type goal struct {
	figure  string // the benchmark's name without its engine
	unit    string
	bound   float64
	atLeast bool
}

// goals are those that docs/benchmarks.md publishes.
var goals = []goal{
	{figure: "Ingest", unit: "refused"},
	{figure: "Ingest", unit: "lost"},
	{figure: "Ingest", unit: "ack-p99-ms", bound: 100},
	{figure: "Ingest", unit: "processed/s", bound: 1000, atLeast: true},
	{figure: "Ingest", unit: "backlog-s", bound: 120},
	{figure: "Stream", unit: "event-p99-ms", bound: 100},
	{figure: "Streams", unit: "branch-p99-ms", bound: 300},
	{figure: "Streams", unit: "all-p99-ms", bound: 500},
	{figure: "Streams", unit: "in-use-KiB/stream", bound: 48},
	{figure: "Reply", unit: "wire-p99-ms", bound: 20},
	{figure: "Idle", unit: "resident-MiB", bound: 80},
	{figure: "Idle", unit: "ready-ms", bound: 500},
	{figure: "Idle", unit: "program-MiB", bound: 60},
	{figure: "Media", unit: "MB/s", bound: 60, atLeast: true},
	{figure: "Media", unit: "grows-MiB", bound: 64},
	{figure: "Updates", unit: "processed-ms", bound: 1000},
	{figure: "Drain", unit: "slower-%", bound: 5},
	{figure: "Drain", unit: "refused"},
	{figure: "Drain", unit: "missing"},
	{figure: "Thread", unit: "open-ms", bound: 300},
	{figure: "Thread", unit: "all-ms", bound: 300},
	{figure: "Large", unit: "list-1-p99-ms", bound: 20},
	{figure: "Large", unit: "list-8-p99-ms", bound: 20},
	{figure: "Large", unit: "open-1-p99-ms", bound: 15},
	{figure: "Large", unit: "open-8-p99-ms", bound: 15},
	{figure: "Full", unit: "refused"},
	{figure: "Full", unit: "ack-p99-ms", bound: 250},
	{figure: "Full", unit: "lag-end-s", bound: 30},
	{figure: "Full", unit: "lag-after-s", bound: 1},
	{figure: "Takeover", unit: "takeover-s", bound: 10},
	{figure: "Restore", unit: "restore-s", bound: 300},
	{figure: "Backup", unit: "slower-%", bound: 20},
	{figure: "Desk/load", unit: "js-css-kB", bound: 150},
	{figure: "Desk/load", unit: "rows-ms", bound: 1000},
	{figure: "Desk/open", unit: "open-p50-ms", bound: 100},
	{figure: "Desk/arrival", unit: "row-p95-ms", bound: 150},
	{figure: "Desk/arrival", unit: "bubble-p95-ms", bound: 150},
	{figure: "Desk/type", unit: "tasks-over-50ms"},
	{figure: "Desk/type", unit: "wait-max-ms", bound: 50},
	{figure: "Desk/hour", unit: "growth-MB", bound: 10},
}

// judge says what the goal is and whether a median meets it; nothing where there is none.
func judge(benchmark, unit string, median float64) string {
	figure := strings.TrimPrefix(benchmark, "Benchmark")
	figure = strings.TrimSuffix(strings.TrimSuffix(figure, "/sqlite"), "/postgres")
	i := slices.IndexFunc(goals, func(g goal) bool { return g.figure == figure && g.unit == unit })
	if i < 0 {
		return ""
	}
	g, outcome := goals[i], "met"
	if g.atLeast && median < g.bound || !g.atLeast && median > g.bound {
		outcome = "missed"
	}
	if g.atLeast {
		return fmt.Sprintf(" goal at least %g: %s", g.bound, outcome)
	}
	return fmt.Sprintf(" goal %g: %s", g.bound, outcome)
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		benchmark, unit string
		median          float64
		want            string
	}{
		{"BenchmarkLarge/sqlite", "open-1-p99-ms", 13.1, " goal 15: met"},
		{"BenchmarkLarge/postgres", "open-1-p99-ms", 15.1, " goal 15: missed"},
		{"BenchmarkIngest/postgres", "processed/s", 999, " goal at least 1000: missed"},
		{"BenchmarkIngest/postgres", "processed/s", 1000, " goal at least 1000: met"},
		{"BenchmarkIngest/sqlite", "lost", 0, " goal 0: met"},
		{"BenchmarkDesk/load", "rows-ms", 1001, " goal 1000: missed"},
		{"BenchmarkStream/sqlite", "events", 5990, ""},
	} {
		if got := judge(c.benchmark, c.unit, c.median); got != c.want {
			t.Errorf("%s %s of %g: %q instead of %q", c.benchmark, c.unit, c.median, got, c.want)
		}
	}
}
