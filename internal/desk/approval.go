package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// ApprovalAct names what two people decide together.
type ApprovalAct string

// The acts that need a second person.
const (
	ApprovePolicies ApprovalAct = "policies.change" // other choices for a Controller (GDPR Art. 25(2), 32(1))
	ApproveNames    ApprovalAct = "audit.names"     // reading what one colleague did (§ 87(1) no. 6 BetrVG, § 26 BDSG)
	// ApproveCoexistence lets an Inbox take in what passes no gate here (GDPR Art. 25(2), 35).
	ApproveCoexistence ApprovalAct = "coexistence.begin"
)

// Verdict is how an Approval ended.
type Verdict string

// The verdicts.
const (
	Granted   Verdict = "granted"
	Declined  Verdict = "refused"
	Withdrawn Verdict = "withdrawn" // by whoever asked
	Lapsed    Verdict = "lapsed"    // what it was asked about changed meanwhile
)

// ApprovalState is how an Approval stands at a moment.
type ApprovalState string

// The states: a verdict, or one of these.
const (
	ApprovalWaiting ApprovalState = "waiting" // for a second person
	ApprovalRipe    ApprovalState = "ripe"    // waited long enough: whoever asked may go on alone
	ApprovalExpired ApprovalState = "expired" // nobody decided in time
)

// Approval is what somebody asked for and a second person says yes or no to. It holds the
// very thing that was asked for, so that nothing else is done with a yes (GDPR Art. 32(1),
// 5(2)).
type Approval struct {
	ID          ApprovalID
	Controller  ControllerID // whose matter it is; zero: the house's
	Act         ApprovalAct
	Subject     string // noun and id of what it is about
	Facts       string // JSON of what was asked for; ids, codes and what stands in the audit log in the open, nothing personal
	Digest      string // of what was asked for; the audit log keeps it, too
	RequestedBy AgentID
	RequestedAt time.Time
	Reason      SealedText
	Council     SealedText // what the works council was told; of ApproveNames
	RipeAt      time.Time  // from when it may be done alone; zero: never, a second person is there
	ExpiresAt   time.Time  // of ApproveNames, once granted, until when it is good
	Decision    *ApprovalDecision
}

// ApprovalDecision records who ended an Approval, when and why.
type ApprovalDecision struct {
	At      time.Time
	By      AgentID // zero: it lapsed
	Verdict Verdict
	Reason  SealedText
}

// ChangeOfPolicies is what is asked for by ApprovePolicies: the choices as they were, which
// must still hold when it is done, and as they are to be.
type ChangeOfPolicies struct {
	Before Policies `json:"before"`
	After  Policies `json:"after"`
}

// BeginningOfCoexistence is what is asked for by ApproveCoexistence, of the Inbox that it is
// about. The reason stands in the audit log in the open once it is done.
type BeginningOfCoexistence struct {
	Reason string `json:"reason"`
}

// Asks is the SHA-256, in hex, of what is asked for. It is the Digest, unless somebody altered
// one of them.
func (a *Approval) Asks() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(a.Act), a.Subject, a.Facts}, "\n")))
	return hex.EncodeToString(sum[:])
}

// State tells how the Approval stands. One that is not decided expires, and is ripe before
// that only if nobody else could decide when it was asked for. A grant to look expires, too.
func (a *Approval) State(now time.Time) ApprovalState {
	ends := a.Decision == nil || a.Decision.Verdict == Granted && a.Act == ApproveNames
	switch {
	case ends && !now.Before(a.ExpiresAt):
		return ApprovalExpired
	case a.Decision != nil:
		return ApprovalState(a.Decision.Verdict)
	case !a.RipeAt.IsZero() && !now.Before(a.RipeAt):
		return ApprovalRipe
	}
	return ApprovalWaiting
}

// IsOpen tells whether it still can be decided.
func (a *Approval) IsOpen(now time.Time) bool {
	state := a.State(now)
	return state == ApprovalWaiting || state == ApprovalRipe
}

// IsAlone tells whether whoever asked went on without a second person.
func (a *Approval) IsAlone() bool {
	return a.Decision != nil && a.Decision.Verdict == Granted && a.Decision.By == a.RequestedBy
}

// Decider is somebody who may have a say, as of now.
type Decider struct {
	Agent    AgentID
	Role     Role
	Within   bool // what the Approval is about is in their Scope
	Admitted Admission
	New      bool // the waiting time since their Admission is not over
}

// Admission records who let an Agent in by the Invitation that it took up last, and when it
// did; zero if there was none.
type Admission struct {
	By string // an Agent's id, or the kind of Actor
	At time.Time
}

// IsNew tells whether the waiting time since then is not over.
func (a Admission) IsNew(now time.Time, p Policies) bool {
	return !a.At.IsZero() && now.Before(a.At.Add(hours(p.ApprovalWait)))
}

// DaysOf gives how many whole days before now an Agent was let in by another; false if it was
// not, or by somebody else.
func (a Admission) DaysOf(by AgentID, now time.Time) (days int, is bool) {
	return int(now.Sub(a.At).Hours() / 24), !a.At.IsZero() && a.By == by.String()
}

// AboutInbox is the subject of what is about an Inbox.
func AboutInbox(id InboxID) string { return "inbox:" + id.String() }

// AboutAgent is the subject of what is about an Agent.
func AboutAgent(id AgentID) string { return "agent:" + id.String() }

// AgentOf reads the Agent of such a subject; zero if it is about something else.
func AgentOf(subject string) AgentID { return subjectOf[Agent]("agent:", subject) }

// InboxOf reads the Inbox of such a subject; zero if it is about something else.
func InboxOf(subject string) InboxID { return subjectOf[Inbox]("inbox:", subject) }

func subjectOf[N any](noun, subject string) ID[N] {
	text, ok := strings.CutPrefix(subject, noun)
	id, err := ParseID[N](text)
	if !ok || err != nil {
		return ID[N]{}
	}
	return id
}

// MayRefuse tells whether d may stop it: any other admin, and the data-protection officer,
// who changes nothing by that (GDPR Art. 38(6), 39(1)(b)). Whom it is about decides nothing.
func (a *Approval) MayRefuse(d Decider) bool {
	return d.Agent != a.RequestedBy && d.Within && a.Subject != AboutAgent(d.Agent) && (d.Role == RoleAdmin || d.Role == RoleDPO)
}

// MayGrant tells whether d is a second person for it: never whoever asked, nor an account that
// was let in so lately that nobody has noticed it. Looking at what people did is what the
// data-protection officer watches over, too.
func (a *Approval) MayGrant(d Decider) bool {
	return a.MayRefuse(d) && !d.New && (d.Role == RoleAdmin || a.Act == ApproveNames)
}

// MayGoOn tells whether d may do alone what they asked for: it waited long enough, and
// others, how many could grant it by now, are none.
func (a *Approval) MayGoOn(d Decider, others int, now time.Time) bool {
	return d.Agent == a.RequestedBy && others == 0 && a.State(now) == ApprovalRipe
}

// Decide tells why d may not grant or refuse it now: desk.CodeConflict or
// desk.CodeForbidden; nil: they may. others is how many could grant it by now.
func (a *Approval) Decide(d Decider, grant bool, others int, now time.Time) error {
	switch {
	case a.Decision != nil:
		return Conflict("this was decided already")
	case !a.IsOpen(now):
		return Conflict("this has expired; ask for it anew")
	case d.Agent == a.RequestedBy && !grant:
		return Conflict("this was asked for by you; withdraw it instead")
	case d.Agent == a.RequestedBy && others > 0:
		return Conflict("this was asked for by you; somebody else must decide")
	case d.Agent == a.RequestedBy && !a.MayGoOn(d, others, now):
		return Conflict("the waiting time is not over")
	case d.Agent == a.RequestedBy:
		return nil
	case grant && d.New && a.MayRefuse(d):
		return Conflict("this account was let in too lately to be a second person; it may agree once the waiting time is over")
	case !a.MayRefuse(d), grant && !a.MayGrant(d):
		return Forbidden("your role does not allow this")
	}
	return nil
}

// Withdraw tells why d may not take it back: desk.CodeConflict or desk.CodeForbidden.
func (a *Approval) Withdraw(d Decider, now time.Time) error {
	switch {
	case d.Agent != a.RequestedBy:
		return Forbidden("only whoever asked can withdraw this")
	case !a.IsOpen(now):
		return Conflict("this is not open any more")
	}
	return nil
}

// Terms gives when an Approval that is asked for now expires, and from when it may be done
// alone, by the choices of the Controller. others is how many could grant it: with none it
// waits, or is desk.CodeConflict (GDPR Art. 32(1)(b)).
func (p Policies) Terms(now time.Time, others int) (ripe, expires time.Time, err error) {
	expiry, wait := hours(p.ApprovalExpiry), hours(p.ApprovalWait)
	switch {
	case others > 0:
		return time.Time{}, now.Add(expiry), nil
	case p.SingleAdmin == "refuse":
		return ripe, expires, Conflict("this needs a second person, and nobody else here could decide")
	}
	ripe = now.Add(wait)
	return ripe, ripe.Add(expiry), nil
}

// Who may read what a colleague did.
const (
	NamesTwoPersons = "two_persons" // whoever may read the log, each time with a second person
	NamesDPOOnly    = "dpo_only"    // the data-protection officer, alone
)

// StrictestAboutNames joins what several Controllers chose about reading what a colleague
// did: of each choice the one that protects more.
func StrictestAboutNames(chosen []Policies) Policies {
	p := DefaultPolicies()
	for i, c := range chosen {
		if i == 0 {
			p = c
			continue
		}
		if c.AuditAccess == NamesDPOOnly {
			p.AuditAccess = c.AuditAccess
		}
		if c.SingleAdmin == "refuse" {
			p.SingleAdmin = c.SingleAdmin
		}
		if hours(c.ApprovalExpiry) < hours(p.ApprovalExpiry) {
			p.ApprovalExpiry = c.ApprovalExpiry
		}
		if hours(c.ApprovalWait) > hours(p.ApprovalWait) {
			p.ApprovalWait = c.ApprovalWait
		}
	}
	return p
}

// MayReadNames tells whether somebody may read in the audit log what about did, by the choices
// that hold: desk.CodeForbidden, or desk.CodeApproval if a second person must agree first
// (§ 87(1) no. 6 BetrVG). approved is whether one has. What one did oneself may always be read.
func (p Policies) MayReadNames(who AgentID, role Role, about AgentID, approved bool) error {
	switch {
	case who == about, p.AuditAccess == NamesDPOOnly && role == RoleDPO:
		return nil
	case p.AuditAccess == NamesDPOOnly:
		return Forbidden("only the data-protection officer reads what a colleague did")
	case !approved:
		return &Error{Code: CodeApproval, Text: "reading what a colleague did takes a second person; ask for it"}
	}
	return nil
}

// GoodUntil is until when a grant of now is good.
func (p Policies) GoodUntil(now time.Time) time.Time { return now.Add(hours(p.ApprovalExpiry)) }

// hours reads a choice such as "24h"; one that is none is no time at all.
func hours(choice string) time.Duration {
	d, err := time.ParseDuration(choice)
	if err != nil {
		return 0
	}
	return d
}

// aboutApprovals are the choices about a second person themselves: each way they change
// could spare one.
var aboutApprovals = map[string]bool{"audit_access": true, "single_admin": true, "approval_expiry": true, "approval_wait": true}

// NeedsApproval names the choices of p that need a second person, were they put in the
// place of before: those that leave their default, and any about Approvals. Going back to
// the careful default acts at once (GDPR Art. 25(2)).
func (p Policies) NeedsApproval(before Policies) (keys []string) {
	for _, o := range PolicyOptions() {
		now := p.Of(o.Key)
		if now != before.Of(o.Key) && (now != o.Default || aboutApprovals[o.Key]) {
			keys = append(keys, o.Key)
		}
	}
	return keys
}

// Alterations give every choice before and after, the unchanged ones included.
func (p Policies) Alterations(before Policies) (all []Alteration) {
	for _, o := range PolicyOptions() {
		all = append(all, Altered(o.Key, before.Of(o.Key), p.Of(o.Key)))
	}
	return all
}
