package policy

import (
	_ "embed"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

//go:embed testdata/gate.txt
var gateTable string

// elementary are the facts that the table is written in, each with how it is set.
var elementary = []struct {
	name string
	set  func(*Facts, *Draft, bool)
}{
	{"paused", func(f *Facts, _ *Draft, on bool) { f.InboxPaused = on }},
	{"processors", func(f *Facts, _ *Draft, on bool) { f.ProcessorsComplete = answer(on) }},
	{"transfer", func(f *Facts, _ *Draft, on bool) { f.TransferAllowed = answer(on) }},
	{"blocked", func(f *Facts, _ *Draft, on bool) { f.ContactBlocked = on }},
	{"doubted", func(f *Facts, _ *Draft, on bool) { f.ContactDoubted = on }},
	{"restricted", func(f *Facts, _ *Draft, on bool) { f.ContactRestricted = on }},
	{"erased", func(f *Facts, _ *Draft, on bool) { f.ContactErased = answer(on) }},
	{"objected", func(f *Facts, _ *Draft, on bool) { f.Objected = answer(on) }},
	{"purpose", func(f *Facts, _ *Draft, on bool) { f.BasisKnown = answer(on) }},
	{"barred", func(f *Facts, _ *Draft, on bool) { f.InterestBarred = answer(on) }},
	{"ready", func(f *Facts, _ *Draft, on bool) { f.NoticeReady = answer(on) }},
	{"shown", func(f *Facts, _ *Draft, on bool) { f.NoticeShown = answer(on) }},
	{"is_notice", func(_ *Facts, d *Draft, on bool) { d.Notice = on }},
	{"window", func(f *Facts, _ *Draft, on bool) {
		if f.WindowUntil = noon; on {
			f.WindowUntil = noon.Add(1)
		}
	}},
	{"template", func(_ *Facts, d *Draft, on bool) { d.Template = on }},
	{"opt_in", func(f *Facts, _ *Draft, on bool) { f.OptIn = answer(on) }},
	{"advertising", func(_ *Facts, d *Draft, on bool) {
		if d.Class = ClassTransactional; on {
			d.Class = ClassAdvertising
		}
	}},
	{"consent", func(f *Facts, _ *Draft, on bool) { f.AdvertisingConsent = answer(on) }},
	{"quiet", func(f *Facts, _ *Draft, on bool) { f.QuietHours = answer(on) }},
	{"sensitive", func(f *Facts, _ *Draft, on bool) { f.SensitiveContent = answer(on) }},
	{"machine", func(_ *Facts, d *Draft, on bool) {
		if d.Origin = desk.OriginAgent; on {
			d.Origin = desk.OriginSystem
		}
	}},
	{"disclosed", func(f *Facts, _ *Draft, on bool) { f.AIDisclosed = answer(on) }},
	{"decides", func(f *Facts, _ *Draft, on bool) { f.MachineDecision = answer(on) }},
	{"special", func(f *Facts, _ *Draft, on bool) { f.Art9Content = answer(on) }},
	{"documents", func(f *Facts, _ *Draft, on bool) { f.DocumentsComplete = answer(on) }},
}

func answer(on bool) Answer {
	if on {
		return Yes
	}
	return No
}

// line is one of the table: which facts must be on, and which off, as bits.
type line struct {
	row     string
	code    Code
	on, off uint32
}

func readTable(t *testing.T) (lines []line) {
	t.Helper()
	bit := func(name string) uint32 {
		for i, e := range elementary {
			if e.name == name {
				return 1 << i
			}
		}
		t.Fatalf("the table knows a fact %q and the test does not", name)
		return 0
	}
	for _, text := range strings.Split(gateTable, "\n") {
		fields := strings.Fields(text)
		if len(fields) == 0 || strings.HasPrefix(text, "#") {
			continue
		}
		l := line{row: fields[0], code: Code(fields[1])}
		for _, name := range fields[2:] {
			if name == "&" {
				continue
			}
			if off, isOff := strings.CutPrefix(name, "!"); isOff {
				l.off |= bit(off)
			} else {
				l.on |= bit(name)
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// TestGateTable asks about every combination of the elementary facts, 33,554,432 in all, and
// compares with the table, all reasons in order (GDPR Art. 5, 6, 7, 9, 13, 17, 18, 21, 22, 24, 28, 32 and 44;
// AI Act Art. 50; § 7 UWG; §§ 7 and 8 VVG; § 618 BGB).
func TestGateTable(t *testing.T) {
	lines := readTable(t)
	const parts = 3 // bits that say which part a combination is in
	for part := range uint32(1 << parts) {
		t.Run(fmt.Sprintf("part %d", part), func(t *testing.T) {
			t.Parallel()
			checkCombinations(t, lines, part<<(len(elementary)-parts), len(elementary)-parts)
		})
	}
}

// checkCombinations goes through all combinations of the first facts beside what the others are.
// From each to the next one fact changes (a Gray code), so that only that one is set anew.
func checkCombinations(t *testing.T, lines []line, others uint32, first int) {
	t.Helper()
	f, d := Facts{Now: noon, Basis: "6(1)(b)"}, Draft{Kind: desk.KindText}
	for i, e := range elementary {
		e.set(&f, &d, others>>i&1 == 1)
	}
	var want []line
	for n := range uint32(1 << first) {
		facts := others | n ^ n>>1
		if n > 0 {
			changed := bits.TrailingZeros32(n)
			elementary[changed].set(&f, &d, facts>>changed&1 == 1)
		}
		want = reasonsFor(lines, facts, want[:0])
		if got := Decide(f, d); !agrees(got, want) {
			t.Fatalf("facts %025b: got %v, want %v", facts, codes(got), want)
		}
	}
}

// reasonsFor adds what the table says of a combination: refusals, or that the Notice goes first.
func reasonsFor(lines []line, facts uint32, to []line) []line {
	owed := -1
	for i, l := range lines {
		switch {
		case facts&l.on != l.on || facts&l.off != 0:
		case l.code == firstNotice:
			owed = i
		default:
			to = append(to, l)
		}
	}
	if owed >= 0 && len(to) == 0 {
		to = append(to, lines[owed])
	}
	return to
}

const firstNotice Code = "notice_first"

func agrees(got Decision, want []line) bool {
	if len(want) == 1 && want[0].code == firstNotice {
		return got.Outcome == OutcomeNoticeFirst
	}
	if len(want) == 0 {
		return got.Outcome == OutcomePermit
	}
	return got.Outcome == OutcomeRefusal && slices.EqualFunc(got.Refusal.Reasons, want, func(r Reason, l line) bool { return r.Code == l.code }) &&
		got.Refusal.Reasons[0].Row == want[0].row
}

// Every code that a rule can give stands in the table, and none that no rule gives.
func TestTableIsWhole(t *testing.T) {
	t.Parallel()
	var inTable, inRules []string
	for _, l := range readTable(t) {
		inTable = append(inTable, l.row+" "+string(l.code))
	}
	for _, r := range rules {
		code := string(r.code)
		if code == "" {
			code = "notice_first"
		}
		if code != "" {
			inRules = append(inRules, r.row+" "+code)
		}
	}
	if !slices.Equal(inTable, inRules) {
		t.Errorf("the table has %v, the rules %v", inTable, inRules)
	}
}
