package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// Tasks are what people must do.
type Tasks interface {
	Mark(ctx context.Context, actor desk.Actor, scope desk.Scope, n desk.NewThirdPerson) (desk.ShownTask, error)
	Finish(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.TaskID, r desk.TaskResult) error
	List(ctx context.Context, actor desk.Actor, q desk.TaskQuery) (desk.TaskPage, error)
	Count(ctx context.Context, q desk.TaskQuery) (desk.TaskCount, error)
}

// Letters make the information for third persons.
type Letters interface {
	Text(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.TaskID, language string, pdf bool) ([]byte, error)
}

// TaskView is what a person must do.
type TaskView struct {
	ID           string           `json:"id" doc:"Empty for one that the register or an Inbox makes: it ends when that says something else."`
	Kind         desk.TaskKind    `json:"kind" enum:"third_person,doubt,failed,paused,alert,invalid,complete,authority,review,framework,terms,notice,no_notice"`
	Role         desk.ThirdRole   `json:"role" enum:",witness,opponent,other" doc:"Of a third person; else empty."`
	Due          string           `json:"due" example:"2026-12-28" doc:"The last day on which it is in time (Reg. 1182/71); empty: it is late already."`
	Overdue      bool             `json:"overdue"`
	Note         string           `json:"note" doc:"Who the third person is, in a colleague's words."`
	Controller   Named            `json:"controller"`
	Inbox        Maybe[Named]     `json:"inbox" doc:"Null for one that the register makes."`
	Conversation Maybe[string]    `json:"conversation"`
	Message      Maybe[string]    `json:"message"`
	Since        Maybe[time.Time] `json:"since" doc:"Null for one that the register makes."`
	By           Maybe[Named]     `json:"by" doc:"Who marked it; null: the house itself."`
	For          Maybe[Named]     `json:"for" doc:"Whose it is; null: everybody's who serves the Inbox."`
	Failure      Maybe[Failure]   `json:"failure" doc:"Why a Message did not arrive, or an Inbox stands still."`
	Done         Maybe[TaskDone]  `json:"done"`
	Alert        Maybe[AlertView] `json:"alert" doc:"What the provider tells, of one that is about that."`
	About        []TaskSubject    `json:"about" nullable:"false" doc:"What one of the register's is about."`
}

// TaskDone is how a Task ended.
type TaskDone struct {
	At     time.Time       `json:"at"`
	By     Maybe[Named]    `json:"by" doc:"Null: the house itself."`
	How    desk.TaskHow    `json:"how" enum:"informed,not_needed,cleared,withdrawn,repeated,arrived,dismissed"`
	Ground desk.TaskGround `json:"ground" doc:"The exception of GDPR Art. 14(5) or of §§ 29, 33 BDSG."`
	Reason string          `json:"reason"`
}

// TaskSubject is a row of the register that something must be done about.
type TaskSubject struct {
	ID      string   `json:"id" format:"uuid"`
	Name    string   `json:"name" doc:"Of the Recipient; empty: the Controller's own facts."`
	Missing []string `json:"missing" nullable:"false" doc:"Fields of the register."`
	Title   string   `json:"title" doc:"Of the terms; of the authority that is competent."`
}

type (
	taskMarkInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Message string         `json:"message" format:"uuid"`
			Kind    desk.TaskKind  `json:"kind" enum:"third_person"`
			Role    desk.ThirdRole `json:"role" enum:"witness,opponent,other"`
			Note    string         `json:"note,omitempty" maxLength:"200" doc:"Who it is; sealed with the key of the Contact."`
		}
	}
	taskOutput    struct{ Body TaskView }
	taskListInput struct {
		Conversation string `query:"conversation" doc:"Only those of this Conversation."`
		Overdue      bool   `query:"overdue" doc:"Nothing else."`
		Limit        int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
		Cursor       string `query:"cursor" maxLength:"200"`
	}
	taskListOutput struct {
		Body struct {
			Items []TaskView `json:"items" nullable:"false" doc:"What is open, by the day on which it is due; at the end what was done lately."`
			Next  string     `json:"next" doc:"Empty at the end."`
		}
	}
	taskCountOutput struct {
		Body struct {
			Open    int64 `json:"open"`
			Overdue int64 `json:"overdue"`
			Failed  int64 `json:"failed" doc:"Messages of whoever asks that did not arrive, and that they have not decided about."`
		}
	}
	taskDoneInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			How    desk.TaskHow    `json:"how" enum:"informed,not_needed,dismissed"`
			Ground desk.TaskGround `json:"ground,omitempty" enum:"14(5)(a),14(5)(b),14(5)(c),14(5)(d),29,33" doc:"Of not_needed: the exception of GDPR Art. 14(5), § 29 or § 33 BDSG."`
			Reason string          `json:"reason,omitempty" maxLength:"500" doc:"Of not_needed: why, in a sentence."`
		}
	}
)

func (a *API) tasks() {
	register(a, operation("task-mark", http.MethodPost, "/conversations/{id}/tasks", "A Message introduces a third person, who must be informed within a month (GDPR Art. 14(3)(a))", http.StatusCreated),
		auth.WorkConversations, a.markTask)
	register(a, operation("task-list", http.MethodGet, "/tasks", "What people must do, and until when; audited", http.StatusOK),
		auth.ReadTasks, a.listTasks)
	register(a, byItself(operation("task-count", http.MethodGet, "/tasks/count", "How much is to be done, and how much of it is overdue", http.StatusOK)),
		auth.ReadTasks, a.countTasks)
	register(a, operation("task-done", http.MethodPost, "/tasks/{id}/done", "A third person was informed, or need not be (GDPR Art. 14(5)); or nothing more is to be done about a Message that failed", http.StatusNoContent),
		auth.WorkConversations, a.finishTask)
	register(a, operation("task-text", http.MethodGet, "/tasks/{id}/text", "The information for a third person, to be sent by letter; audited (GDPR Art. 14(1) and (2))", http.StatusOK),
		auth.ReadTasks, a.getTaskText)
}

func (a *API) markTask(ctx context.Context, x *exchange, in *taskMarkInput) (*taskOutput, error) {
	id, err := conversationID(in.ID)
	if err != nil {
		return nil, err
	}
	message, err := desk.ParseID[desk.Message](in.Body.Message)
	if err != nil {
		return nil, desk.Invalid("message", "is not an id")
	}
	t, err := a.Tasks.Mark(ctx, x.who.Actor(), x.who.Scope(), desk.NewThirdPerson{
		Conversation: id, Message: message, Role: in.Body.Role, Note: private.NewText(in.Body.Note),
	})
	if err != nil {
		return nil, err
	}
	views, err := a.taskViews(ctx, x, []desk.ShownTask{t})
	if err != nil {
		return nil, err
	}
	return &taskOutput{views[0]}, nil
}

// taskQuery says what the caller may see: what the register asks for is for those who read it,
// an Inbox that stands still for those who can mend it.
func (x *exchange) taskQuery() desk.TaskQuery {
	return desk.TaskQuery{
		Scope: x.who.Scope(), Register: x.who.Require(auth.ReadGovernance) == nil, Inboxes: x.who.Require(auth.ChangeSettings) == nil,
	}
}

func (a *API) listTasks(ctx context.Context, x *exchange, in *taskListInput) (*taskListOutput, error) {
	q := x.taskQuery()
	q.Overdue, q.Limit, q.Cursor = in.Overdue, in.Limit, in.Cursor
	if in.Conversation != "" {
		var err error
		if q.Conversation, err = desk.ParseID[desk.Conversation](in.Conversation); err != nil {
			return nil, desk.Invalid("conversation", "is not an id")
		}
	}
	page, err := a.Tasks.List(ctx, x.who.Actor(), q)
	if err != nil {
		return nil, err
	}
	out := &taskListOutput{}
	out.Body.Next = page.Next
	out.Body.Items, err = a.taskViews(ctx, x, page.Items)
	return out, err
}

func (a *API) countTasks(ctx context.Context, x *exchange, _ *none) (*taskCountOutput, error) {
	n, err := a.Tasks.Count(ctx, x.taskQuery())
	out := &taskCountOutput{}
	out.Body.Open, out.Body.Overdue, out.Body.Failed = n.Open, n.Overdue, n.Failed
	return out, err
}

func (a *API) taskID(s string) (desk.TaskID, error) {
	id, err := desk.ParseID[desk.Task](s)
	if err != nil {
		return id, desk.NotFound("task")
	}
	return id, nil
}

func (a *API) finishTask(ctx context.Context, x *exchange, in *taskDoneInput) (*none, error) {
	id, err := a.taskID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Tasks.Finish(ctx, x.who.Actor(), x.who.Scope(), id, desk.TaskResult{
		How: in.Body.How, Ground: in.Body.Ground, Reason: private.NewText(in.Body.Reason),
	})
}

func (a *API) getTaskText(ctx context.Context, x *exchange, in *DocumentInput) (*documentOutput, error) {
	id, err := a.taskID(in.ID)
	if err != nil {
		return nil, err
	}
	text, err := a.Letters.Text(ctx, x.who.Actor(), x.who.Scope(), id, in.Language, in.isPDF())
	return in.output(text, err)
}

// taskViews shows Tasks with the names of whom they belong to.
func (a *API) taskViews(ctx context.Context, x *exchange, items []desk.ShownTask) ([]TaskView, error) {
	n, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	inboxes, controllers := map[desk.InboxID]string{}, map[desk.ControllerID]string{}
	served, err := a.Inbox.Inboxes(ctx, x.who.Scope())
	if err != nil {
		return nil, err
	}
	for _, e := range served {
		inboxes[e.ID], controllers[e.Controller.ID] = e.Name, e.Controller.Name
	}
	known, err := a.People.Controllers(ctx, x.who)
	if err != nil {
		return nil, err
	}
	for _, c := range known {
		controllers[c.ID] = c.Name
	}
	out := make([]TaskView, len(items))
	for i := range items {
		t := &items[i]
		out[i] = taskView(t, n, a.Now())
		out[i].Controller.Name = controllers[t.Controller]
		if !t.Inbox.IsZero() {
			out[i].Inbox = some(Named{t.Inbox.String(), inboxes[t.Inbox]})
		}
	}
	return out, nil
}

func taskView(t *desk.ShownTask, n names, now time.Time) TaskView {
	v := TaskView{
		Kind: t.Kind, Role: t.Role, Due: t.Day, Overdue: t.IsOverdue(now), Note: t.Words.Reveal(), Controller: Named{ID: t.Controller.String()},
		Since: maybeTime(t.Opened.At), By: n.by(t.Opened.By), About: make([]TaskSubject, len(t.About)),
	}
	if !t.Agent.IsZero() {
		v.For = some(Named(n.of(t.Agent)))
	}
	if t.Alert != nil {
		v.Alert = some(alertView(*t.Alert, n))
	}
	if t.Code != "" {
		v.Failure = some(failureOf(t.Code))
	}
	if !t.ID.IsZero() {
		v.ID, v.Conversation, v.Message = t.ID.String(), some(t.Conversation.String()), some(t.Message.String())
	}
	if d := t.Done; d != nil {
		v.Done = some(TaskDone{At: d.At, By: n.by(d.By), How: d.How, Ground: d.Ground, Reason: t.Reason.Reveal()})
	}
	for i, r := range t.About {
		v.About[i] = TaskSubject{r.ID.String(), r.Name, orEmpty(r.Missing), r.Title}
	}
	return v
}

// by is who a record names, null unless it is an Agent.
func (n names) by(text string) Maybe[Named] {
	id, err := desk.ParseID[desk.Agent](text)
	if err != nil {
		return Maybe[Named]{}
	}
	return some(n.of(id))
}
