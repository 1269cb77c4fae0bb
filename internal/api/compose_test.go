package api_test

import (
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/store"
)

// writes asks for a Message to be sent.
func (w *world) writes(t *testing.T, who asker, clientID, words string, header ...string) answer {
	t.Helper()
	q := question{
		method: "POST", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/messages",
		body: map[string]any{"client_id": clientID, "kind": "text", "text": words}, header: http.Header{},
	}
	for i := 0; i < len(header); i += 2 {
		q.header.Set(header[i], header[i+1])
	}
	return w.ask(t, who, q)
}

type message struct {
	ID, Conversation, Direction, Kind, Text, Status string
	Author                                          *struct{ ID string }
}

// Asking twice sends once, and is answered as the first time.
func TestSameClientID(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		first := w.writes(t, agent, "c-1", "Gern geschehen.")
		var m message
		first.read(t, &m)
		if first.status != http.StatusCreated || m.ID == "" || m.Text != "Gern geschehen." || m.Direction != "out" || m.Kind != "text" ||
			m.Status != "queued" || m.Conversation != w.north.conversation.ID.String() || m.Author == nil {
			t.Fatalf("got %d %s", first.status, first.body)
		}
		w.clock.Add(time.Minute)
		if again := w.writes(t, agent, "c-1", "Gern geschehen."); again.status != first.status || again.body != first.body {
			t.Errorf("asked twice: %d %s\nthe first time: %d %s", again.status, again.body, first.status, first.body)
		}
		acts := w.acts(t)
		other := w.writes(t, agent, "c-1", "Gern geschehen!")
		if p := other.problem(t); other.status != http.StatusConflict || p.Code != "conflict" || len(p.Reasons) != 0 {
			t.Errorf("the same client_id for other words: %d %s", other.status, other.body)
		}
		// The name is the author's own: a colleague's is another, and so is one elsewhere.
		var n message
		w.writes(t, w.agentOf(t, w.north), "c-1", "Gern geschehen.").read(t, &n)
		if n.ID == "" || n.ID == m.ID {
			t.Errorf("a colleague's client_id met mine: %+v", n)
		}
		// What became impossible since does not change the answer.
		must(t, w.settings.PauseInbox(t.Context(), shell, w.north.inbox, "Umzug"))
		w.clock.Add(48 * time.Hour)
		if again := w.writes(t, agent, "c-1", "Gern geschehen."); again.status != first.status || again.body != first.body {
			t.Errorf("asked again later: %d %s", again.status, again.body)
		}
		if now := w.acts(t); now <= acts || w.count(t) != 2 {
			t.Errorf("%d messages of ours are there, want 2", w.count(t))
		}
	})
}

// count counts the Messages of ours that wait for their Provider.
func (w *world) count(t *testing.T) (n int64) {
	t.Helper()
	depths, err := w.Read().LaneDepths(t.Context())
	must(t, err)
	for _, d := range depths {
		n += d.Depth
	}
	return n
}

// Many who ask the same at the same time get one Message.
func TestSameClientIDAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		var wg sync.WaitGroup
		got := make([]answer, 8)
		for i := range got {
			wg.Go(func() { got[i] = w.writes(t, agent, "c-1", "Einmal.") })
		}
		wg.Wait()
		for _, a := range got {
			if a.status != http.StatusCreated || a.body != got[0].body {
				t.Errorf("got %d %s and %d %s", got[0].status, got[0].body, a.status, a.body)
			}
		}
		if n := w.count(t); n != 1 {
			t.Errorf("%d messages wait to be sent", n)
		}
	})
}

// A Refusal says why, by what norm and what would help, in the reader's language.
func TestRefusal(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		w.clock.Add(desk.WindowLength)
		must(t, w.settings.PauseInbox(t.Context(), shell, w.north.inbox, "Umzug nach Köln"))
		acts := w.acts(t)
		english := w.writes(t, agent, "c-1", "Noch da?", "Accept-Language", "fr, en;q=0.5")
		german := w.writes(t, agent, "c-1", "Noch da?", "Accept-Language", "de-AT, de;q=0.9, en;q=0.1")
		none := w.writes(t, agent, "c-1", "Noch da?")
		for _, a := range []answer{english, german, none} {
			p := a.problem(t)
			if a.status != http.StatusUnprocessableEntity || p.Code != "refused" || p.Field != "" || len(p.Reasons) != 2 ||
				p.Reasons[0].Code != "inbox_paused" || p.Reasons[1].Code != "window_closed" {
				t.Fatalf("got %d %s", a.status, a.body)
			}
			for _, r := range p.Reasons {
				if !strings.HasSuffix(r.Sentence, ".") || !strings.HasSuffix(r.Helps, ".") || r.Article == "" {
					t.Errorf("%s: %+v", p.Code, r)
				}
			}
			if !strings.Contains(p.Reasons[0].Sentence, "Umzug nach Köln") || p.Reasons[0].Article != "GDPR Art. 24" {
				t.Errorf("got %+v", p.Reasons[0])
			}
		}
		en, de := english.problem(t), german.problem(t)
		for i := range en.Reasons {
			if en.Reasons[i].Sentence == de.Reasons[i].Sentence || en.Reasons[i].Helps == de.Reasons[i].Helps {
				t.Errorf("%s sounds the same in both languages: %q", en.Reasons[i].Code, en.Reasons[i].Sentence)
			}
		}
		if !strings.Contains(de.Reasons[1].Sentence, "Stunden") || !strings.Contains(en.Reasons[1].Sentence, "hour") {
			t.Errorf("got %q and %q", de.Reasons[1].Sentence, en.Reasons[1].Sentence)
		}
		if !reflect.DeepEqual(none.problem(t).Reasons, en.Reasons) {
			t.Errorf("whoever names no language reads %q", none.body)
		}
		if n := w.acts(t) - acts; n != 3 || w.count(t) != 0 {
			t.Errorf("three refusals left %d audit entries and %d messages", n, w.count(t))
		}
		w.checkPreview(t, agent, german.problem(t))
		must(t, w.settings.ResumeInbox(t.Context(), shell, w.north.inbox))
		w.opens(t)
		if a := w.writes(t, agent, "c-1", "Noch da?"); a.status != http.StatusCreated {
			t.Errorf("nothing stands in the way any more: %d %s", a.status, a.body)
		}
	})
}

// opens opens the Window, as a Message of the Contact does.
func (w *world) opens(t *testing.T) {
	t.Helper()
	must(t, w.Update(t.Context(), func(tx *store.Tx) error {
		c, err := tx.LockConversation(t.Context(), w.north.conversation.ID)
		if err != nil {
			return err
		}
		c.OpenWindow(tx.Now(), tx.Now())
		return tx.SaveConversations(t.Context(), []desk.Conversation{*c})
	}))
}

// checkPreview wants the preview to say beforehand what the gate says.
func (w *world) checkPreview(t *testing.T, who asker, refused problem) {
	t.Helper()
	var said struct {
		Outcome string
		Reasons []struct{ Code, Sentence, Article, Helps string }
	}
	w.ask(t, who, question{
		method: "GET", path: "/api/v1/conversations/" + w.north.conversation.ID.String() + "/permit", header: http.Header{"Accept-Language": {"de"}},
	}).read(t, &said)
	if said.Outcome != "refusal" || !reflect.DeepEqual(said.Reasons, refused.Reasons) {
		t.Errorf("the preview says %+v, the gate %+v", said, refused.Reasons)
	}
}

// A Refusal of an attempt at a failed Message is one as well.
func TestRefusedAttempt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		agent := w.agentOf(t, w.north)
		path := "/api/v1/messages/" + w.fails(t, w.north.conversation, "Antwort").String() + "/attempts"
		try := func() answer {
			return w.ask(t, agent, question{method: "POST", path: path, body: map[string]any{"confirm_doubt": false}, header: http.Header{"Accept-Language": {"de"}}})
		}
		w.clock.Add(desk.WindowLength)
		a := try()
		if p := a.problem(t); a.status != http.StatusUnprocessableEntity || p.Code != "refused" || len(p.Reasons) != 1 || !strings.Contains(p.Reasons[0].Sentence, "Stunden") {
			t.Errorf("got %d %s", a.status, a.body)
		}
		w.opens(t)
		var m message
		a = try()
		if a.read(t, &m); a.status != http.StatusCreated || m.Status != "queued" || m.Text != "Antwort" {
			t.Errorf("got %d %s", a.status, a.body)
		}
		if a := try(); a.status != http.StatusConflict {
			t.Errorf("a message that waits to be sent was repeated: %d %s", a.status, a.body)
		}
	})
}
