package diagnosis

import "slices"

// Severity says how much a Finding matters.
type Severity string

// The severities, from harmless to harmful.
const (
	OK      Severity = "ok"      // as it should be
	Note    Severity = "note"    // worth knowing
	Warning Severity = "warning" // works today, and will hurt or hurts a little
	Problem Severity = "problem" // something does not work, or a promise is not kept
)

var severities = []Severity{OK, Note, Warning, Problem}

// Finding is what one look gave.
type Finding struct {
	Check    string   `json:"check"` // stable code, e.g. root_key
	Severity Severity `json:"severity"`
	Looked   string   `json:"looked"`         // what was looked at
	Found    string   `json:"found"`          // what was found
	Mend     string   `json:"mend,omitempty"` // what mends it
}

// Worst gives the highest severity among findings.
func Worst(findings []Finding) Severity {
	worst := 0
	for _, f := range findings {
		worst = max(worst, slices.Index(severities, f.Severity))
	}
	return severities[worst]
}

// Examine judges the Facts, in the order in which somebody would look.
func Examine(f Facts) []Finding {
	if len(f.Settings) > 0 {
		return configuration(f)
	}
	var found []Finding
	for _, look := range []func(Facts) []Finding{
		configuration, serving, clock, disks, files, database, servers, vault, archive, rootKey,
		publicURL, certificate, pair, proxies, hosts, inboxes, setAside, doubt, waiting, auditLog, dayKeys,
	} {
		found = append(found, look(f)...)
	}
	return found
}

func configuration(f Facts) []Finding {
	if len(f.Settings) == 0 {
		return []Finding{{"configuration", OK, "defaults, file, environment and flags", "complete and consistent", ""}}
	}
	found := make([]Finding, len(f.Settings))
	for i, mistake := range f.Settings {
		found[i] = Finding{"configuration", Problem, "defaults, file, environment and flags", mistake,
			"Correct the setting; docs/operate.md lists them all. Nothing else was looked at."}
	}
	return found
}
