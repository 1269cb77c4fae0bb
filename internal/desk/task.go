package desk

import (
	"time"

	"botschaft/internal/private"
)

// Task is what a person must do until a day, and the record that it was done.
type Task struct {
	ID           TaskID
	Controller   ControllerID
	Inbox        InboxID
	Contact      ContactID
	Conversation ConversationID
	Message      MessageID // that it is about
	Kind         TaskKind
	Role         ThirdRole  // of the third person
	Due          time.Time  // until when; the end of a day, 24:00 in Germany
	Note         SealedText // who the third person is, in a colleague's words
	Agent        AgentID    // whose it is, while they serve the Inbox; zero: everybody's who does
	Code         string     // what went wrong: a Message's Failure, or the error that paused an Inbox
	Opened       TaskOpening
	Done         *TaskEnd // nil: it is open
}

// TaskKind says what a Task is about.
type TaskKind string

// The kinds that are not those of a Duty. What the register or an Inbox asks for is made when
// somebody looks: it has no id and ends when the register or the Inbox says something else.
const (
	TaskThirdPerson TaskKind = "third_person" // somebody whom a Contact introduced is to be informed: GDPR Art. 14
	TaskDoubt       TaskKind = "doubt"        // a Message may withdraw a consent, and a person must read it: GDPR Art. 7(3)
	TaskFailed      TaskKind = "failed"       // a Message of ours did not arrive, and its author must decide what now
	TaskPaused      TaskKind = "paused"       // the Provider's errors paused an Inbox, and somebody must mend what it complains of
	TaskAlert       TaskKind = "alert"        // the Provider tells something of an Inbox that somebody must see to
	TaskInvalid     TaskKind = "invalid"      // the Data Privacy Framework is held invalid, and somebody still rests on it: GDPR Art. 44, 45
)

// ThirdRole is what a third person has to do with the matter.
type ThirdRole string

// The roles.
const (
	ThirdWitness  ThirdRole = "witness"
	ThirdOpponent ThirdRole = "opponent" // the other side of an accident or a dispute
	ThirdOther    ThirdRole = "other"
)

// TaskOpening records since when a Task is there, and by whom.
type TaskOpening struct {
	At time.Time
	By string // an Agent's id, or the kind of Actor
}

// TaskEnd records who ended a Task, when and how.
type TaskEnd struct {
	At     time.Time
	By     string // an Agent's id, or the kind of Actor
	How    TaskHow
	Ground TaskGround // of TaskNotNeeded
	Reason SealedText // in a colleague's words
}

// TaskHow says how a Task ended.
type TaskHow string

// The ways: the first two of a third person, the next two of a doubt, the last of a Message
// that failed.
const (
	TaskInformed  TaskHow = "informed"
	TaskNotNeeded TaskHow = "not_needed"
	TaskCleared   TaskHow = "cleared"   // the Message withdraws nothing
	TaskWithdrawn TaskHow = "withdrawn" // it does, or another one did
	TaskRepeated  TaskHow = "repeated"  // it was sent again
	TaskArrived   TaskHow = "arrived"   // it came through after all
	TaskDismissed TaskHow = "dismissed" // somebody has seen it, and no more is to be done
)

// TaskGround is the exception by which a third person need not be informed.
type TaskGround string

// The exceptions.
const (
	GroundKnows        TaskGround = "14(5)(a)" // the person has the information already
	GroundEffort       TaskGround = "14(5)(b)" // impossible, a disproportionate effort, or it would defeat the purpose
	GroundLaw          TaskGround = "14(5)(c)" // a law lays down the obtaining or disclosing
	GroundSecrecy      TaskGround = "14(5)(d)" // professional secrecy
	GroundBDSGSecrecy  TaskGround = "29"       // § 29(1) BDSG: what must be kept secret, for a third person's interests above all
	GroundBDSGInterest TaskGround = "33"       // § 33(1) no. 2 BDSG: claims would be impaired, or public security
)

// TaskGrounds are all exceptions (GDPR Art. 14(5); §§ 29(1), 33(1) BDSG).
var TaskGrounds = []TaskGround{GroundKnows, GroundEffort, GroundLaw, GroundSecrecy, GroundBDSGSecrecy, GroundBDSGInterest}

// IsOverdue tells whether the day on which the Task was due is over, and it is still open.
func (t *Task) IsOverdue(now time.Time) bool { return t.Done == nil && !now.Before(t.Due) }

// ShownTask is a Task with its words, for whoever may read them; or one that the register
// makes, which has no id.
type ShownTask struct {
	Task
	Day    string        // on which it is due, 2026-12-28; empty: it is late already
	Words  private.Text  // of the Note
	Reason private.Text  // of its end
	About  []TaskSubject // what one of the register's is about
	Alert  *ShownAlert   // that it is about; nil: none
}

// TaskSubject is a row of the register that something must be done about.
type TaskSubject struct {
	ID      RegisterID
	Name    string   // of the Recipient; empty: the Controller's own facts
	Missing []string // field paths
	Title   string   // of the terms
}

// NewThirdPerson is what an Agent knows of somebody whom a Contact introduced.
type NewThirdPerson struct {
	Conversation ConversationID
	Message      MessageID
	Role         ThirdRole
	Note         private.Text // who it is; may be empty
}

// TaskResult is how somebody says that a Task has ended.
type TaskResult struct {
	How    TaskHow
	Ground TaskGround
	Reason private.Text
}

// TaskQuery says which Tasks are read: the open ones by the day on which they are due, and
// behind the last of them what was done lately. What is zero limits nothing.
type TaskQuery struct {
	Scope        Scope
	Register     bool // those of the register, too
	Inboxes      bool // those of Inboxes that stand still, too
	Conversation ConversationID
	Overdue      bool // nothing else
	Limit        int
	Cursor       string
}

// TaskPage is a part of what is to be done. Next is empty at its end.
type TaskPage struct {
	Items []ShownTask
	Next  string
}

// TaskCount is how much is to be done.
type TaskCount struct {
	Open    int64
	Overdue int64
	Failed  int64 // Messages of whoever asks that did not arrive
}
