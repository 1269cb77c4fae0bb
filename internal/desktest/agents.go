package desktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

func agentReplies(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	m.who.asked = random(16)
	_, err = w.reply(ctx, m, a.one("TEXT"))
	return err
}

// reply asks for a message under the name the Agent last asked by, and gives its id.
func (w *world) reply(ctx context.Context, m meeting, text string) (id string, err error) {
	body := map[string]string{"client_id": m.who.asked, "kind": "text", "text": marked(text, m.who.mark)}
	var made messageSeen
	err = w.ask(ctx, m.who, request{method: http.MethodPost, path: m.path + "/messages", body: body}, &made)
	return made.ID, w.noted(m, err)
}

// agentSends composes a message of a kind as the file says, to another one if it is named.
func agentSends(ctx context.Context, w *world, a args) error {
	m, body, err := w.composes(ctx, a)
	if err != nil {
		return err
	}
	if other := a.one("TEXT"); other != "" {
		about, err := w.message(ctx, m, other)
		if err != nil {
			return err
		}
		body["about"] = about.ID
	}
	return w.noted(m, w.ask(ctx, m.who, request{method: http.MethodPost, path: m.path + "/messages", body: body}, nil))
}

// composes finds whom an Agent writes to, and reads what it sends from a FILE.
func (w *world) composes(ctx context.Context, a args) (m meeting, body map[string]any, err error) {
	if m, err = w.meet(ctx, a); err != nil {
		return m, nil, err
	}
	text, err := w.file(a.one("FILE"), m.with)
	if err != nil {
		return m, nil, err
	}
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		return m, nil, err
	}
	body["client_id"], body["kind"] = random(16), a.one("KIND")
	return m, body, nil
}

// agentRepliesAgain asks twice for the same reply, as a browser does that heard no
// answer, and wants the same answer.
func agentRepliesAgain(ctx context.Context, w *world, a args) error {
	if err := agentReplies(ctx, w, a); err != nil {
		return err
	}
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	found, err := w.message(ctx, m, a.one("TEXT"))
	if err != nil {
		return err
	}
	id, err := w.reply(ctx, m, a.one("TEXT"))
	if err == nil && id != found.ID {
		err = errors.New("the second answer is another message")
	}
	return err
}

// agentRepliesInstead asks for another text by the name of the last reply.
func agentRepliesInstead(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	_, err = w.reply(ctx, m, a.one("TEXT"))
	return err
}

// noted keeps a refusal, so that its words can be looked at.
func (w *world) noted(m meeting, err error) error {
	var p *problem
	if errors.As(err, &p) && p.Code == "refused" {
		w.refused, w.failed = &refusal{m.who, m.path, p.Reasons}, nil
	}
	return err
}

func agentRepeats(ctx context.Context, w *world, a args) error { return w.repeat(ctx, a, false) }

func agentRepeatsDoubt(ctx context.Context, w *world, a args) error { return w.repeat(ctx, a, true) }

func (w *world) repeat(ctx context.Context, a args, confirmed bool) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	found, err := w.message(ctx, m, a.one("TEXT"))
	if err != nil {
		return err
	}
	body := map[string]bool{"confirm_doubt": confirmed}
	return w.noted(m, w.ask(ctx, m.who, request{method: http.MethodPost, path: "/messages/" + found.ID + "/attempts", body: body}, nil))
}

// agentReveals checks which Identities are shown in full, and that the number among
// them is the phone's.
func agentReveals(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	var shown listed[struct{ Kind, Value string }]
	if err := w.ask(ctx, m.who, request{method: http.MethodPost, path: m.path + "/revelations"}, &shown); err != nil {
		return err
	}
	var got []string
	for _, x := range shown.Items {
		got = append(got, x.Kind)
		if x.Kind == "phone" && x.Value != "+"+m.with.tel {
			return fmt.Errorf("the number is not the one of %s", m.with.id)
		}
	}
	want := a["KIND"]
	slices.Sort(got)
	slices.Sort(want)
	if len(want) == 0 {
		return nil
	}
	return wantTexts(got, want)
}

// change asks for a change of a Conversation.
func (w *world) change(ctx context.Context, a args, method, noun string, body any) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	return w.ask(ctx, m.who, request{method: method, path: m.path + noun, body: body}, nil)
}

func because(a args) map[string]string { return map[string]string{"reason": a.one("REASON")} }

func agentRestricts(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodPut, "/restriction", because(a))
}

func agentUnrestricts(ctx context.Context, w *world, a args) error {
	return w.change(ctx, a, http.MethodDelete, "/restriction", nil)
}

func agentPauses(ctx context.Context, w *world, a args) error {
	return w.changeInbox(ctx, a, http.MethodPut, "/pause", because(a))
}

func agentResumes(ctx context.Context, w *world, a args) error {
	return w.changeInbox(ctx, a, http.MethodDelete, "/pause", nil)
}

func (w *world) changeInbox(ctx context.Context, a args, method, what string, body any) error {
	who, in, err := w.worksAt(ctx, a)
	if err != nil {
		return err
	}
	return w.ask(ctx, who, request{method: method, path: "/inboxes/" + in.id.String() + what, body: body}, nil)
}

// asideSeen is an item that was set aside.
type asideSeen struct{ ID, Reason, Path string }

func (w *world) aside(ctx context.Context) ([]asideSeen, error) {
	var all listed[asideSeen]
	err := w.ask(ctx, w.agents["ada"], request{method: http.MethodGet, path: "/deliveries"}, &all)
	return all.Items, err
}

func agentRetries(ctx context.Context, w *world, a args) error {
	return w.decideAside(ctx, a, http.MethodPost, "/attempts", nil)
}

func agentDrops(ctx context.Context, w *world, a args) error {
	return w.decideAside(ctx, a, http.MethodPut, "/closure", because(a))
}

// decideAside decides upon everything that was set aside.
func (w *world) decideAside(ctx context.Context, a args, method, noun string, body any) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	all, err := w.aside(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("nothing was set aside")
	}
	for _, x := range all {
		if err := w.ask(ctx, who, request{method: method, path: "/deliveries/" + x.ID + noun, body: body}, nil); err != nil {
			return err
		}
	}
	return nil
}

// setAside checks how many items wait for a decision, and why.
func setAside(ctx context.Context, w *world, a args) error {
	want, err := a.number("N")
	if err != nil {
		return err
	}
	all, err := w.aside(ctx)
	if err != nil {
		return err
	}
	if len(all) != want {
		return fmt.Errorf("got %v, want %d", all, want)
	}
	for _, x := range all {
		if reason := a.one("REASON"); reason != "" && x.Reason != reason {
			return fmt.Errorf("got %v, want reason %s", x, reason)
		}
	}
	return nil
}

// agentLogsIn changes from the token to a session, as in a browser.
func agentLogsIn(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	body := map[string]string{"email": who.email, "password": who.password}
	return w.ask(ctx, who, request{method: http.MethodPost, path: "/session", body: body}, nil)
}

func agentIsDisabled(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	id, err := w.house.Settings.FindAgent(ctx, private.NewText(who.email))
	if err != nil {
		return err
	}
	return w.house.Settings.DisableAgent(ctx, shell, id, "left the house")
}

func tokenIsRevoked(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	return w.house.Settings.RevokeToken(ctx, shell, desk.AgentID{}, who.tokenID)
}
