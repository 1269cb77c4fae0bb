package desktest

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// agentFinds checks whose Conversations stand in one of the Agent's views, in its order.
func agentFinds(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	sort := map[string]string{"mine": "due", "unassigned": "due"}[a.one("VIEW")]
	if sort == "" {
		sort = "newest"
	}
	all, err := every[conversationSeen](ctx, w, who, "/conversations?view="+a.one("VIEW")+"&sort="+sort)
	if err != nil {
		return err
	}
	return w.wantPeople(all, a["CUSTOMER"])
}

// wantPeople compares Conversations with the people they should be with.
func (w *world) wantPeople(all []conversationSeen, people []string) error {
	var got, want []string
	for _, c := range all {
		got = append(got, c.Contact.Name+" in "+c.Inbox.Name)
	}
	for _, name := range people {
		c, err := w.party(name)
		if err != nil {
			return err
		}
		want = append(want, c.name+" in "+c.in.name)
	}
	return wantTexts(got, want)
}

func (w *world) idOf(ctx context.Context, name string) (string, error) {
	who, err := w.agent(ctx, name)
	if err != nil {
		return "", err
	}
	var me struct{ Agent struct{ ID string } }
	err = w.ask(ctx, who, request{method: http.MethodGet, path: "/me"}, &me)
	return me.Agent.ID, err
}

func agentTakes(ctx context.Context, w *world, a args) error {
	id, err := w.idOf(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	return w.change(ctx, a, http.MethodPut, "/assignment", map[string]string{"agent": id, "was": ""})
}

func agentReleases(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodDelete, "/assignment", nil)
}

func agentTransfers(ctx context.Context, w *world, a args) error {
	id, err := w.idOf(ctx, a.one("COLLEAGUE"))
	if err != nil {
		return err
	}
	return w.writes(ctx, a, http.MethodPost, "/transfers", "note", map[string]string{"agent": id})
}

// writes asks for a change that holds words, marked so that they are searched for too.
func (w *world) writes(ctx context.Context, a args, method, noun, field string, more map[string]string) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	body := map[string]string{field: marked(a.one("TEXT"), who.mark)}
	maps.Copy(body, more)
	return w.change(ctx, a, method, noun, body)
}

func agentNotes(ctx context.Context, w *world, a args) error {
	return w.writes(ctx, a, http.MethodPost, "/notes", "text", map[string]string{"client_id": random(16)})
}

func agentDrafts(ctx context.Context, w *world, a args) error {
	return w.writes(ctx, a, http.MethodPut, "/draft", "reply", map[string]string{"note": ""})
}

func agentCloses(ctx context.Context, w *world, a args) error {
	return w.writes(ctx, a, http.MethodPost, "/closure", "reason", nil)
}

func agentReopens(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodDelete, "/closure", nil)
}

func agentSnoozes(ctx context.Context, w *world, a args) error {
	body := map[string]any{"until": nil}
	if a.one("DURATION") != "" {
		d, err := a.duration()
		if err != nil {
			return err
		}
		body["until"] = w.clock.Now().Add(d)
	}
	return w.change(ctx, a, http.MethodPut, "/snooze", body)
}

func agentWakes(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodDelete, "/snooze", nil)
}

// agentFollows checks what happened beside Messages, the oldest first: the kinds, with
// the words where there are some.
func agentFollows(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	type entry struct{ Turn *struct{ Kind, Text string } }
	all, err := every[entry](ctx, w, m.who, m.path+"/thread")
	if err != nil {
		return err
	}
	slices.Reverse(all)
	var got []string
	for _, e := range all {
		if e.Turn == nil {
			continue
		}
		if text := w.plain(e.Turn.Text); text != "" {
			got = append(got, fmt.Sprintf("%s %s", e.Turn.Kind, text))
		} else {
			got = append(got, e.Turn.Kind)
		}
	}
	return wantTexts(got, a["TEXT"])
}

// agentResumesDraft checks what the Agent finds typed and not sent.
func agentResumesDraft(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	var draft struct{ Reply string }
	if err := w.ask(ctx, m.who, request{method: http.MethodGet, path: m.path + "/draft"}, &draft); err != nil {
		return err
	}
	return wantTexts([]string{w.plain(draft.Reply)}, []string{a.one("TEXT")})
}
