package desktest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// refusal is a no of the gate, to be read in both languages.
type refusal struct {
	who  *colleague
	path string // of the Conversation
	said []reasonSeen
}

// meeting is an Agent and a Conversation.
type meeting struct {
	who  *colleague
	with party
	path string // of the Conversation
}

// meet finds the Conversation with a person. The admin looks it up, so that what the
// Agent may see is tried by the Agent's own request.
func (w *world) meet(ctx context.Context, a args) (meeting, error) {
	m := meeting{}
	var err error
	if m.who, err = w.agent(ctx, a.one("AGENT")); err != nil {
		return m, err
	}
	if m.with, err = w.party(a.one("CUSTOMER")); err != nil {
		return m, err
	}
	all, err := w.conversations(ctx, w.agents["ada"])
	if err != nil {
		return m, err
	}
	if !slices.ContainsFunc(all, func(c conversationSeen) bool {
		return c.Contact.Name == m.with.name && c.Inbox.ID == m.with.in.id.String()
	}) {
		if all, err = every[conversationSeen](ctx, w, w.agents["ada"], "/conversations?view=closed"); err != nil {
			return m, err
		}
	}
	for _, c := range all {
		if c.Contact.Name != m.with.name || c.Inbox.ID != m.with.in.id.String() {
			continue
		}
		if m.path != "" {
			return m, fmt.Errorf("%s has several conversations in %s", m.with.id, m.with.in.name)
		}
		m.path = "/conversations/" + c.ID
	}
	if m.path == "" {
		return m, fmt.Errorf("%s has no conversation in %s; there are %d in all", m.with.id, m.with.in.name, len(all))
	}
	return m, nil
}

func (w *world) conversations(ctx context.Context, who *colleague) ([]conversationSeen, error) {
	return every[conversationSeen](ctx, w, who, "/conversations")
}

// thread reads the whole thread but for the Notice, the oldest message first.
func (w *world) thread(ctx context.Context, m meeting) ([]messageSeen, error) {
	all, err := every[messageSeen](ctx, w, m.who, m.path+"/messages")
	slices.Reverse(all)
	return slices.DeleteFunc(all, func(x messageSeen) bool { return x.Origin == "notice" }), err
}

// message finds the one message of the thread that says text.
func (w *world) message(ctx context.Context, m meeting, text string) (messageSeen, error) {
	all, err := w.thread(ctx, m)
	if err != nil {
		return messageSeen{}, err
	}
	var found []messageSeen
	for _, x := range all {
		if w.plain(x.Text) == text {
			found = append(found, x)
		}
	}
	if len(found) != 1 {
		return messageSeen{}, fmt.Errorf("%d messages say %q; the thread is %s", len(found), text, w.shown(all))
	}
	return found[0], nil
}

// shown writes a thread for people.
func (w *world) shown(all []messageSeen) string {
	parts := make([]string, len(all))
	for i, m := range all {
		parts[i] = fmt.Sprintf("%s %s %q (%s)", m.Direction, m.Kind, w.plain(m.Text), m.Status)
	}
	return strings.Join(parts, ", ")
}

// agentLists checks whose Conversations the Agent's list shows, the newest first.
func agentLists(ctx context.Context, w *world, a args) error {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return err
	}
	all, err := w.conversations(ctx, who)
	if err != nil {
		return err
	}
	return w.wantPeople(all, a["CUSTOMER"])
}

func agentOpens(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	if err := w.ask(ctx, m.who, request{method: http.MethodGet, path: m.path}, nil); err != nil {
		return err
	}
	_, err = w.thread(ctx, m)
	return err
}

// agentSees checks that exactly one message is of the kind and says the text.
func agentSees(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	all, err := w.thread(ctx, m)
	if err != nil {
		return err
	}
	n := 0
	for _, x := range all {
		if w.plain(x.Text) == a.one("TEXT") && (a.one("KIND") == "" || x.Kind == a.one("KIND")) {
			n++
		}
	}
	if n != 1 {
		return fmt.Errorf("%d such messages; the thread is %s", n, w.shown(all))
	}
	return nil
}

func agentSeesLate(ctx context.Context, w *world, a args) error { return w.wantLate(ctx, a, true) }

func agentSeesInTime(ctx context.Context, w *world, a args) error { return w.wantLate(ctx, a, false) }

func (w *world) wantLate(ctx context.Context, a args, want bool) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	found, err := w.message(ctx, m, a.one("TEXT"))
	if err == nil && found.Late != want {
		err = fmt.Errorf("late is %v, want %v", found.Late, want)
	}
	return err
}

// agentReads checks that the thread is these texts and no others, in this order.
func agentReads(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	all, err := w.thread(ctx, m)
	if err != nil {
		return err
	}
	var got []string
	for _, x := range all {
		got = append(got, w.plain(x.Text))
	}
	return wantTexts(got, a["TEXT"])
}

// ticks checks how far one of our messages has come, as the desk shows it.
func ticks(ctx context.Context, w *world, a args) error {
	a["AGENT"] = []string{"ada"}
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	found, err := w.message(ctx, m, a.one("TEXT"))
	if err != nil {
		return err
	}
	want, code := a.one("STATUS"), a.one("CODE")
	if code != "" {
		want = "failed"
	}
	if found.Status != want {
		return fmt.Errorf("got %s, want %s", found.Status, want)
	}
	w.failed, w.refused = found.Failure, nil
	switch {
	case code == "" && found.Failure != nil:
		return fmt.Errorf("it is %s and failed by %s", found.Status, found.Failure.Code)
	case code != "" && (found.Failure == nil || found.Failure.Code != code):
		return fmt.Errorf("it failed by %+v, want %s", found.Failure, code)
	}
	return nil
}

func inGerman(ctx context.Context, w *world, a args) error {
	return w.wantWords(ctx, "de", a.one("TEXT"))
}

func inEnglish(ctx context.Context, w *world, a args) error {
	return w.wantWords(ctx, "en", a.one("TEXT"))
}

// wantWords checks the words of the last no: the gate's, or a failed message's.
func (w *world) wantWords(ctx context.Context, language, want string) error {
	var got string
	switch {
	case w.failed != nil:
		f := w.failed
		got = map[string]string{"de": f.Sentence.DE + " " + f.Helps.DE, "en": f.Sentence.EN + " " + f.Helps.EN}[language]
	case w.refused != nil:
		var err error
		if got, err = w.reasons(ctx, language); err != nil {
			return err
		}
	default:
		return fmt.Errorf("nothing was refused and nothing has failed")
	}
	if !strings.Contains(got, want) {
		return fmt.Errorf("it says %q, want %q in it", got, want)
	}
	return nil
}

// reasons gives the last refusal in words. It was read in German; what the gate would
// say now, in any language, is told before anybody types.
func (w *world) reasons(ctx context.Context, language string) (string, error) {
	said := w.refused.said
	if language != "de" {
		var now struct{ Reasons []reasonSeen }
		q := request{method: http.MethodGet, path: w.refused.path + "/permit", language: language}
		if err := w.ask(ctx, w.refused.who, q, &now); err != nil {
			return "", err
		}
		said = now.Reasons
	}
	var words []string
	for _, r := range said {
		words = append(words, r.Sentence, r.Helps)
	}
	return strings.Join(words, " "), nil
}

// window checks WhatsApp's window as lists show it: open or closed.
func window(ctx context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	all, err := w.conversations(ctx, w.agents["ada"])
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Contact.Name == c.name && x.Inbox.ID == c.in.id.String() {
			if want := a.one("STATE") == "open"; x.Window.Open != want {
				return fmt.Errorf("open is %v, want %v", x.Window.Open, want)
			}
			return nil
		}
	}
	return fmt.Errorf("%s has no conversation in %s", c.id, c.in.name)
}

// contacts checks as how many Contacts a person stands in the house.
func contacts(ctx context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	want, err := a.number("N")
	if err != nil {
		return err
	}
	all, err := w.conversations(ctx, w.agents["ada"])
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, x := range all {
		if x.Contact.Name == c.name {
			ids[x.Contact.ID] = true
		}
	}
	if len(ids) != want {
		return fmt.Errorf("got %d, want %d", len(ids), want)
	}
	return nil
}
