package inbox_test

import (
	"context"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/outbound"
)

// use is one thing an Agent can do with a Conversation of the north.
type use struct {
	name string
	do   func(ctx context.Context, v inbox.Viewer) (shown any, err error)
}

// uses are all that name an object. ids may name what is not there.
func (w *world) uses(conversation desk.ConversationID, message desk.MessageID, in desk.InboxID) []use {
	return []use{
		{"Open", func(ctx context.Context, v inbox.Viewer) (any, error) {
			c, err := w.Open(ctx, v, conversation)
			return shown(c.Last != nil || !c.ID.IsZero()), err
		}},
		{"Thread", func(ctx context.Context, v inbox.Viewer) (any, error) {
			page, err := w.Messages(ctx, v, conversation, 0, "")
			return shown(len(page.Items) > 0), err
		}},
		{"List", func(ctx context.Context, v inbox.Viewer) (any, error) {
			page, err := w.List(ctx, v, inbox.Query{Inbox: in})
			return shown(len(page.Items) > 0), err
		}},
		{"Reveal", func(ctx context.Context, v inbox.Viewer) (any, error) {
			all, err := w.Reveal(ctx, v, conversation)
			return shown(len(all) > 0), err
		}},
		{"Preview", func(ctx context.Context, v inbox.Viewer) (any, error) {
			p, err := w.Preview(ctx, v, conversation, "", "")
			return shown(p.Outcome != "" || len(p.Reasons) > 0), err
		}},
		{"Reply", func(ctx context.Context, v inbox.Viewer) (any, error) {
			m, err := w.Reply(ctx, v, outbound.Submission{Conversation: conversation, ClientID: "c-1", Kind: desk.KindText, Text: text("Hallo")})
			return shown(!m.ID.IsZero()), err
		}},
		{"Repeat", func(ctx context.Context, v inbox.Viewer) (any, error) {
			m, err := w.Repeat(ctx, v, message, true)
			return shown(!m.ID.IsZero()), err
		}},
		{"Entries", func(ctx context.Context, v inbox.Viewer) (any, error) {
			page, err := w.Thread(ctx, v, conversation, 0, "")
			return shown(len(page.Items) > 0), err
		}},
		{"Notes", func(ctx context.Context, v inbox.Viewer) (any, error) {
			_, err := w.Notes(ctx, v, conversation)
			return shown(err == nil), err
		}},
		{"Matters", func(ctx context.Context, v inbox.Viewer) (any, error) {
			_, err := w.Matters(ctx, v, conversation)
			return shown(err == nil), err
		}},
		{"Identities", func(ctx context.Context, v inbox.Viewer) (any, error) {
			ids, err := w.Identities(ctx, v, conversation)
			return shown(len(ids) > 0), err
		}},
		{"Attending", func(ctx context.Context, v inbox.Viewer) (any, error) {
			_, err := w.Attending(ctx, v, conversation)
			return shown(err == nil), err
		}},
		{"Colleagues", func(ctx context.Context, v inbox.Viewer) (any, error) {
			agents, err := w.Colleagues(ctx, v, in)
			return shown(len(agents) > 0), err
		}},
		{"Restrict", func(ctx context.Context, v inbox.Viewer) (any, error) {
			return nil, w.Restrict(ctx, v, conversation, "asked by telephone")
		}},
		{"Unrestrict", func(ctx context.Context, v inbox.Viewer) (any, error) {
			return nil, w.Unrestrict(ctx, v, conversation)
		}},
	}
}

func shown(is bool) any {
	if is {
		return "content"
	}
	return nil
}

// What is outside the Scope is not there: the same answer, and no trace.
func TestScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.wrote(t, w.north, w.north.inboxes[0], "Guten Tag")
		m := w.fails(t, c, "Antwort")
		there, absent := w.uses(c.ID, m, w.north.inboxes[0]), w.uses(desk.NewID[desk.Conversation](), desk.NewID[desk.Message](), desk.NewID[desk.Inbox]())
		dpo := w.north.viewer
		dpo.Scope = desk.Scope{}
		for name, v := range map[string]inbox.Viewer{"an agent of the other controller": w.south.viewer, "whoever has no scope": dpo} {
			for i := range there {
				got, err := there[i].do(ctx, v)
				none, want := absent[i].do(ctx, v)
				if got != nil || none != nil || desk.CodeOf(err) != desk.CodeNotFound || want == nil || err.Error() != want.Error() {
					t.Errorf("%s may %s: %v, %v; of what is not there: %v", name, there[i].name, got, err, want)
				}
			}
			if page, err := w.List(ctx, v, inbox.Query{}); err != nil || len(page.Items) != 0 {
				t.Errorf("%s lists %q, %v", name, says(page.Items), err)
			}
			if w.HasOpened(v.Actor.Agent, c.ID) {
				t.Errorf("%s has opened it", name)
			}
		}
		if left := w.audited(t, ""); len(left) != 0 {
			t.Errorf("who was refused left %+v", left)
		}
		all := desk.Scope{Agent: desk.NewID[desk.Agent](), All: true}
		for name, v := range map[string]inbox.Viewer{"the agent": w.north.viewer, "an admin": {Actor: desk.Actor{Kind: desk.ActorAgent, Agent: all.Agent}, Scope: all}} {
			for _, u := range there {
				if u.name == "Repeat" { // once for all
					continue
				}
				if got, err := u.do(ctx, v); err != nil || got == nil && !strings.HasSuffix(u.name, "strict") {
					t.Errorf("%s may not %s: %v, %v", name, u.name, got, err)
				}
			}
		}
	})
}

func TestInboxesInScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, tc := range map[string]struct {
			scope desk.Scope
			want  []string
		}{
			"north":      {w.north.viewer.Scope, []string{"Service Nord0", "Service Nord1"}},
			"south":      {w.south.viewer.Scope, []string{"Service Süd0", "Service Süd1"}},
			"all":        {desk.Scope{All: true}, []string{"Service Nord0", "Service Nord1", "Service Süd0", "Service Süd1"}},
			"none":       {desk.Scope{}, nil},
			"a nobody's": {desk.Scope{Agent: desk.NewID[desk.Agent]()}, nil},
		} {
			for range 2 { // and the directory is as it was
				got, err := w.Inboxes(t.Context(), tc.scope)
				must(t, err)
				if len(got) != len(tc.want) {
					t.Fatalf("%s: %d inboxes, want %q", name, len(got), tc.want)
				}
				for i, e := range got {
					if e.Name != tc.want[i] {
						t.Errorf("%s: %q at %d, want %q", name, e.Name, i, tc.want[i])
					}
				}
			}
		}
	})
}
