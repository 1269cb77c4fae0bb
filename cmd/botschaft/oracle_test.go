package main_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"botschaft/internal/desk"
)

// written is a text that a customer wrote and the house answered with 200.
type written struct {
	text string
	at   time.Time // Meta tells whole seconds
}

// arrived is a reply that reached the outer world.
type arrived struct {
	customer  string
	reference string // biz_opaque_callback_data: the Message's id
}

// history is what happened outside the house, and what the house shows of it.
type history struct {
	brief    bool                 // taken down before every doubt was over
	written  map[string][]written // by customer, in the order of writing
	accepted map[string]string    // text of each reply that was answered with 201, by Message id
	arrived  []arrived            // in the order of arrival
	threads  map[string][]shown   // by customer, the oldest first
	noted    map[string]string    // text of each Note that was answered with 201, by id
	notes    map[string]int       // how often each text stands as a Note
	audited  map[string]int       // how often the log speaks of a reply or a Note, by id
	stolen   int                  // how often a node committed work of a lane it had lost
}

// verdict names each Message that the house did not treat well.
type verdict struct{ lost, doubled, reordered, unaudited []string }

// String is the summary in one line.
func (v verdict) String() string {
	return fmt.Sprintf("lost %d, doubled %d, reordered %d, unaudited %d", len(v.lost), len(v.doubled), len(v.reordered), len(v.unaudited))
}

func (v verdict) clean() bool {
	return len(v.lost)+len(v.doubled)+len(v.reordered)+len(v.unaudited) == 0
}

// judge compares what happened with what is shown.
func (h history) judge() verdict {
	var v verdict
	for customer, said := range h.written {
		v.inbound(customer, said, h.threads[customer])
	}
	for customer, thread := range h.threads {
		v.order(customer, thread)
	}
	v.replies(h)
	v.acts(h)
	if h.stolen > 0 {
		v.doubled = append(v.doubled, fmt.Sprintf("work of lanes, %d times, by a node that had lost them", h.stolen))
	}
	return v
}

// acts checks that each act that was answered stands in the audit log once, and each Note
// in its Conversation once.
func (v *verdict) acts(h history) {
	for _, acts := range []map[string]string{h.accepted, h.noted} {
		for id, text := range acts {
			if n := h.audited[id]; n != 1 {
				v.unaudited = append(v.unaudited, fmt.Sprintf("%s (%s) stands %d times in the log", text, id, n))
			}
		}
	}
	for _, text := range h.noted {
		switch n := h.notes[text]; {
		case n == 0:
			v.lost = append(v.lost, "the note "+text)
		case n > 1:
			v.doubled = append(v.doubled, "the note "+text)
		}
	}
}

// inbound checks that each text is there once, at its writer's time.
func (v *verdict) inbound(customer string, said []written, thread []shown) {
	times := map[string]time.Time{}
	for _, w := range said {
		times[w.text] = w.at.Truncate(time.Second)
	}
	found := map[string]int{}
	for _, m := range thread {
		if m.Direction != string(desk.In) {
			continue
		}
		found[m.Text]++
		at, known := times[m.Text]
		switch {
		case !known, found[m.Text] > 1:
			v.doubled = append(v.doubled, customer+": "+m.Text)
		case !m.ExternalAt.Equal(at):
			v.reordered = append(v.reordered, fmt.Sprintf("%s: %s was written at %s, not %s", customer, m.Text, at, m.ExternalAt))
		}
	}
	for _, w := range said {
		if found[w.text] == 0 {
			v.lost = append(v.lost, customer+": "+w.text)
		}
	}
}

// order checks that a thread stands in the order that desk defines.
func (v *verdict) order(customer string, thread []shown) {
	for i, m := range thread {
		if at, _ := desk.ThreadTime(m.ExternalAt, m.At); !m.ThreadAt.Equal(at) {
			v.reordered = append(v.reordered, fmt.Sprintf("%s: %s stands at %s, not %s", customer, m.Text, m.ThreadAt, at))
		}
		if i > 0 && cmp.Or(thread[i-1].ThreadAt.Compare(m.ThreadAt), cmp.Compare(thread[i-1].Position, m.Position)) >= 0 {
			v.reordered = append(v.reordered, fmt.Sprintf("%s: %s stands below %s", customer, m.Text, thread[i-1].Text))
		}
	}
}

// replies checks that each accepted reply is shown once and reached its customer once,
// or is in doubt, and that a customer's replies arrived in the order of the thread.
func (v *verdict) replies(h history) {
	count, last := map[string]int{}, map[string]int64{}
	outgoing, texts := h.outgoing()
	for _, a := range h.arrived {
		count[a.reference]++
		m, known := outgoing[a.customer][a.reference]
		switch {
		case !known, count[a.reference] > 1:
			v.doubled = append(v.doubled, a.customer+": reply "+a.reference)
		case m.Position <= last[a.customer]:
			v.reordered = append(v.reordered, a.customer+": "+m.Text+" was overtaken")
		}
		last[a.customer] = max(last[a.customer], m.Position)
	}
	for id, text := range h.accepted {
		switch n := texts[text]; {
		case n == 0:
			v.lost = append(v.lost, text+" is not shown")
		case n > 1:
			v.doubled = append(v.doubled, text+" is shown more than once")
		}
		for customer := range outgoing {
			m, ok := outgoing[customer][id]
			if ok && !explains(m.Status, count[id]) && !(h.brief && held(h.threads[customer], m)) {
				v.lost = append(v.lost, fmt.Sprintf("%s is %s%s and arrived %d times", text, m.Status, m.cause(), count[id]))
			}
		}
	}
	for customer := range outgoing {
		for id, m := range outgoing[customer] {
			if _, known := h.accepted[id]; !known {
				v.doubled = append(v.doubled, customer+": "+m.Text+" was never accepted")
			}
		}
	}
}

// cause is the code of a failure.
func (m shown) cause() string {
	if m.Failure == nil {
		return ""
	}
	return " with " + m.Failure.Code
}

// outgoing gives the replies by customer and id, and how often each text is shown.
func (h history) outgoing() (map[string]map[string]shown, map[string]int) {
	all, texts := map[string]map[string]shown{}, map[string]int{}
	for customer, thread := range h.threads {
		all[customer] = map[string]shown{}
		for _, m := range thread {
			if m.Direction == string(desk.Out) {
				all[customer][m.ID] = m
				texts[m.Text]++
			}
		}
	}
	return all, texts
}

// explains tells whether a status is true of a reply that arrived so often. The
// simulator tells of everything that arrived, so a doubt about it must be settled.
func explains(status string, times int) bool {
	switch desk.Status(status) {
	case desk.StatusSent, desk.StatusDelivered, desk.StatusRead:
		return times == 1
	case desk.StatusInDoubt:
		return times == 0
	default:
		return false
	}
}

// held tells whether a reply waits behind one that is in doubt, which holds its lane
// for a minute at most.
func held(thread []shown, m shown) bool {
	return m.Status == string(desk.StatusQueued) && slices.ContainsFunc(thread, func(before shown) bool {
		return before.Direction == m.Direction && before.Position < m.Position && before.Status == string(desk.StatusInDoubt)
	})
}

// fabricated is a history without fault.
func fabricated() history {
	noon := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	in := func(n int, text string, second int) shown {
		at := noon.Add(time.Duration(second) * time.Second)
		return shown{ID: text, Direction: "in", Text: text, Status: "received", At: at.Add(300 * time.Millisecond), ExternalAt: at, ThreadAt: at, Position: int64(n)}
	}
	out := func(n int, id string, second int, status string) shown {
		at := noon.Add(time.Duration(second) * time.Second)
		return shown{ID: id, Direction: "out", Text: "text of " + id, Status: status, At: at, ExternalAt: at, ThreadAt: at, Position: int64(n)}
	}
	return history{
		written: map[string][]written{
			"anna": {{"a1", noon.Add(900 * time.Millisecond)}, {"a2", noon.Add(time.Second)}, {"a3", noon.Add(2 * time.Second)}},
			"ben":  {{"b1", noon}},
		},
		accepted: map[string]string{"r1": "text of r1", "r2": "text of r2", "r3": "text of r3"},
		arrived:  []arrived{{"anna", "r1"}, {"anna", "r2"}},
		noted:    map[string]string{"n1": "text of n1"},
		notes:    map[string]int{"text of n1": 1},
		audited:  map[string]int{"r1": 1, "r2": 1, "r3": 1, "n1": 1},
		threads: map[string][]shown{
			"anna": {in(1, "a1", 0), in(3, "a2", 1), in(2, "a3", 2), out(4, "r1", 3, "read"), out(5, "r2", 3, "sent")},
			"ben":  {in(1, "b1", 0), out(2, "r3", 3, "in_doubt")},
		},
	}
}

// TestOracle spoils a history in every way the kill tests look for.
func TestOracle(t *testing.T) {
	t.Parallel()
	if v := fabricated().judge(); !v.clean() {
		t.Errorf("a history without fault: %s %+v", v, v)
	}
	waiting := fabricated()
	waiting.brief, waiting.arrived = true, nil
	waiting.threads["anna"][3].Status, waiting.threads["anna"][4].Status = "in_doubt", "queued"
	if v := waiting.judge(); !v.clean() {
		t.Errorf("a reply that waits behind a doubt: %s %+v", v, v)
	}
	for name, c := range map[string]struct {
		want  string // the list that must not be empty
		spoil func(*history)
	}{
		"a text is missing":           {"lost", func(h *history) { h.threads["anna"] = slices.Delete(h.threads["anna"], 1, 2) }},
		"a thread is missing":         {"lost", func(h *history) { delete(h.threads, "ben") }},
		"a reply is not shown":        {"lost", func(h *history) { h.threads["anna"] = h.threads["anna"][:4]; h.arrived = h.arrived[:1] }},
		"a sent reply did not arrive": {"lost", func(h *history) { h.arrived = h.arrived[:1] }},
		"a reply is queued for ever":  {"lost", func(h *history) { h.threads["ben"][1].Status = "queued" }},
		"a reply waits for nothing": {"lost", func(h *history) {
			h.brief, h.threads["ben"][1].Status = true, "queued"
		}},
		"a doubt held up the others for good": {"lost", func(h *history) {
			h.threads["anna"][3].Status, h.threads["anna"][4].Status, h.arrived = "in_doubt", "queued", nil
		}},
		"a reply failed":               {"lost", func(h *history) { h.threads["ben"][1].Status = "failed" }},
		"an arrived reply is in doubt": {"lost", func(h *history) { h.threads["anna"][4].Status = "in_doubt" }},
		"a text is there twice": {"doubled", func(h *history) {
			again := h.threads["anna"][2]
			again.Position = 9
			h.threads["anna"] = slices.Insert(h.threads["anna"], 3, again)
		}},
		"a text went to another":       {"doubled", func(h *history) { h.threads["ben"][0].Text = "a1" }},
		"a reply arrived twice":        {"doubled", func(h *history) { h.arrived = append(h.arrived, arrived{"anna", "r2"}) }},
		"a reply reached another":      {"doubled", func(h *history) { h.arrived[1].customer = "ben" }},
		"a reply nobody knows arrived": {"doubled", func(h *history) { h.arrived = append(h.arrived, arrived{"anna", "r9"}) }},
		"a reply was composed twice": {"doubled", func(h *history) {
			again := h.threads["anna"][4]
			again.ID, again.Position = "r9", 9
			h.threads["anna"] = append(h.threads["anna"], again)
		}},
		"a node works a lost lane":    {"doubled", func(h *history) { h.stolen = 1 }},
		"a note is lost":              {"lost", func(h *history) { delete(h.notes, "text of n1") }},
		"a note is there twice":       {"doubled", func(h *history) { h.notes["text of n1"] = 2 }},
		"a reply was not audited":     {"unaudited", func(h *history) { delete(h.audited, "r2") }},
		"a note was not audited":      {"unaudited", func(h *history) { delete(h.audited, "n1") }},
		"a reply was audited twice":   {"unaudited", func(h *history) { h.audited["r1"] = 2 }},
		"a thread is shuffled":        {"reordered", func(h *history) { t := h.threads["anna"]; t[0], t[1] = t[1], t[0] }},
		"positions are shuffled":      {"reordered", func(h *history) { t := h.threads["anna"]; t[3], t[4] = t[4], t[3] }},
		"a text stands elsewhere":     {"reordered", func(h *history) { h.threads["anna"][1].ThreadAt = h.threads["anna"][2].ThreadAt }},
		"a text has another's time":   {"reordered", func(h *history) { m := &h.threads["anna"][1]; m.ExternalAt, m.ThreadAt = m.At, m.At }},
		"replies overtook each other": {"reordered", func(h *history) { slices.Reverse(h.arrived) }},
	} {
		h := fabricated()
		c.spoil(&h)
		v := h.judge()
		found := map[string][]string{"lost": v.lost, "doubled": v.doubled, "reordered": v.reordered, "unaudited": v.unaudited}
		if len(found[c.want]) == 0 {
			t.Errorf("%s: nothing is %s: %s", name, c.want, v)
		}
	}
}

// report fails the test with what the house did wrong.
func (v verdict) report(t testing.TB) {
	t.Helper()
	for what, list := range map[string][]string{"lost": v.lost, "doubled": v.doubled, "reordered": v.reordered, "unaudited": v.unaudited} {
		if len(list) > 0 {
			t.Errorf("%d %s, such as\n  %s", len(list), what, strings.Join(list[:min(len(list), 20)], "\n  "))
		}
	}
}
