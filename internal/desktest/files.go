package desktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"botschaft/internal/simulator"
)

// customerSendsFileHolding sends a document: what it is called and what stands in it are
// canaries.
func customerSendsFileHolding(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	return w.send(c, simulator.Inbound{Kind: a.one("KIND"), File: &simulator.InboundFile{
		Name: marked(a.one("NAME"), c.mark) + ".txt", MIME: "text/plain", Data: []byte(marked(a.one("TEXT"), c.mark)),
	}})
}

// fileOf gives where the newest file of a kind is, and how far it came.
func (w *world) fileOf(ctx context.Context, a args) (m meeting, path, state string, err error) {
	if m, err = w.meet(ctx, a); err != nil {
		return m, "", "", err
	}
	all, err := w.thread(ctx, m)
	if err != nil {
		return m, "", "", err
	}
	for _, x := range slices.Backward(all) { // the newest stand last
		if x.Kind == a.one("KIND") && x.Details != nil && x.Details.File != nil {
			return m, "/messages/" + x.ID + "/file", x.Details.File.State, nil
		}
	}
	return m, "", "", fmt.Errorf("there is no such file; the thread is %s", w.shown(all))
}

func agentOpensFile(ctx context.Context, w *world, a args) error {
	m, path, _, err := w.fileOf(ctx, a)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.door.url()+"/api/v1"+path, nil)
	if err != nil {
		return err
	}
	m.who.introduce(r)
	resp, content, err := w.do(r)
	switch {
	case err != nil:
		return err
	case resp.StatusCode >= http.StatusBadRequest:
		return problemOf(resp, content)
	case w.plain(string(content)) != a.one("TEXT"):
		return fmt.Errorf("it holds %q", w.plain(string(content)))
	case !strings.Contains(resp.Header.Get("Content-Security-Policy"), "sandbox"):
		return fmt.Errorf("it may act: %v", resp.Header)
	}
	return nil
}

func agentWaitsForFile(ctx context.Context, w *world, a args) error {
	_, _, state, err := w.fileOf(ctx, a)
	if err == nil && state != a.one("STATE") {
		return fmt.Errorf("it is %s", state)
	}
	return err
}

func agentAsksForFile(ctx context.Context, w *world, a args) error {
	m, path, _, err := w.fileOf(ctx, a)
	if err != nil {
		return err
	}
	return w.ask(ctx, m.who, request{method: http.MethodPost, path: path + "/attempts"}, nil)
}

// brings brings in a file to send, and gives its id.
func (w *world) brings(ctx context.Context, m meeting, content string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.door.url()+"/api/v1"+m.path+"/files", strings.NewReader(content))
	if err != nil {
		return "", err
	}
	m.who.introduce(r)
	r.Header.Set("Content-Type", "text/plain")
	resp, answer, err := w.do(r)
	if err != nil {
		return "", err
	} else if resp.StatusCode >= http.StatusBadRequest {
		return "", problemOf(resp, answer)
	}
	var made struct{ ID string }
	return made.ID, json.Unmarshal(answer, &made)
}

// agentSendsFileHolding sends a document: what it is called, what stands in it and what is said
// of it are canaries.
func agentSendsFileHolding(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	id, err := w.brings(ctx, m, marked(a.one("TEXT"), m.who.mark))
	if err != nil {
		return err
	}
	body := map[string]any{"client_id": random(16), "kind": a.one("KIND"), a.one("KIND"): map[string]string{
		"file": id, "filename": marked(a.one("NAME"), m.who.mark) + ".txt", "caption": marked(a.one("NAME"), m.who.mark),
	}}
	return w.noted(m, w.ask(ctx, m.who, request{method: http.MethodPost, path: m.path + "/messages", body: body}, nil))
}

// asPDF is a document that can stand above something else.
func asPDF(text string) string { return "%PDF-1.4\n" + text }

// agentSendsBelow sends a template or an offer below a document: what that is called and holds are
// canaries.
func agentSendsBelow(ctx context.Context, w *world, a args) error {
	m, body, err := w.composes(ctx, a)
	if err != nil {
		return err
	}
	id, err := w.brings(ctx, m, asPDF(marked(a.one("TEXT"), m.who.mark)))
	if err != nil {
		return err
	}
	below, ok := body["template"].(map[string]any)
	if !ok {
		if below, ok = body["offer"].(map[string]any); !ok {
			return errors.New("it holds neither a template nor an offer")
		}
	}
	below["document"] = map[string]string{"file": id, "filename": marked(a.one("NAME"), m.who.mark) + ".pdf"}
	return w.noted(m, w.ask(ctx, m.who, request{method: http.MethodPost, path: m.path + "/messages", body: body}, nil))
}

// below is what a message shows above its text: the name of a document, and its id.
func below(m simulator.MessageView) (name, id string, ok bool) {
	if v := m.Template; v != nil && v.HeaderKind == "document" {
		return v.Header, v.Media, true
	}
	var p struct {
		Header struct{ Document struct{ ID, Filename string } }
	}
	if m.Kind != "interactive" || json.Unmarshal(m.Payload, &p) != nil {
		return "", "", false
	}
	d := p.Header.Document
	return d.Filename, d.ID, d.ID != ""
}

// phoneShowsBelow finds a template or an offer below a document on the phone, once.
func phoneShowsBelow(_ context.Context, w *world, a args) error {
	all, err := w.phone(a)
	if err != nil {
		return err
	}
	var got []string
	for _, m := range all {
		if name, id, ok := below(m); ok && m.Kind == a.one("KIND") {
			got = append(got, w.plain(strings.TrimSuffix(name, ".pdf"))+": "+w.plain(string(w.sim.File(id)))+": "+w.plain(m.Text))
		}
	}
	want := a.one("NAME") + ": " + asPDF(a.one("TEXT")) + ": " + a.one("OTHER")
	if len(got) != 1 || got[0] != want {
		return fmt.Errorf("the phone shows %q", got)
	}
	return nil
}

// phoneShowsFileHolding finds what stands in a file of ours on the phone, once.
func phoneShowsFileHolding(_ context.Context, w *world, a args) error {
	all, err := w.phone(a)
	if err != nil {
		return err
	}
	var got []string
	for _, m := range all {
		var p struct{ ID, Filename string }
		if m.From == "business" && m.Kind == a.one("KIND") && json.Unmarshal(m.Payload, &p) == nil {
			got = append(got, w.plain(strings.TrimSuffix(p.Filename, ".txt"))+": "+w.plain(string(w.sim.File(p.ID))))
		}
	}
	want := a.one("NAME") + ": " + a.one("TEXT")
	if n := strings.Count(strings.Join(got, "\n")+"\n", want+"\n"); n != 1 {
		return fmt.Errorf("%d times; the phone shows %q", n, got)
	}
	return nil
}

// faultUpload lets the next uploads be answered with an HTTP status or a code of Meta's.
func faultUpload(_ context.Context, w *world, a args) error {
	code, err := strconv.Atoi(a.one("CODE"))
	if err != nil {
		return fmt.Errorf("%q is no code", a.one("CODE"))
	}
	n, err := a.number("N")
	if err != nil {
		return err
	}
	return w.fault(simulator.Fault{Kind: simulator.FailUpload, Code: code, Count: n})
}
