package outbound

import (
	"context"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/facts"
	"botschaft/internal/policy"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// draftOf is what the rules look at of a Message.
func draftOf(m *desk.Message) policy.Draft {
	class := policy.Class(m.Permit.Class)
	if class == "" {
		class = policy.ClassService
	}
	return policy.Draft{
		Message: m.ID, Kind: m.Kind, Origin: m.Origin, Class: class, Template: m.Kind == desk.KindTemplate, Notice: m.Origin == desk.OriginNotice,
	}
}

// ask gathers what is known about a Message's people, in three statements at most.
func (g *Gate) ask(ctx context.Context, q *rows.Queries, now time.Time, m *desk.Message) (facts.Known, error) {
	var request desk.MessageID
	if m.Origin == desk.OriginSystem && m.Kind == desk.KindInteractive {
		request = m.ID // the only one of ours with buttons
	}
	return g.known.Ask(ctx, q, facts.Question{
		Now: now, Controller: m.Controller, Inbox: m.Inbox, Channel: desk.ChannelWhatsApp, Contact: m.Contact, Conversation: m.Conversation,
		Purpose: m.Permit.Purpose, Request: request, Unasked: draftOf(m).Class == policy.ClassAdvertising,
	})
}

// factsOf turns what is known into Facts. What nobody can tell yet is not assessed: content
// (G8), what a machine beside our own decides (G9), special categories (G10), documents (G11).
func factsOf(now time.Time, k facts.Known, m *desk.Message) policy.Facts {
	f := policy.Facts{
		Now: now, WindowUntil: k.WindowUntil, InboxPaused: k.Paused, InboxPauseReason: k.PauseReason,
		ContactRestricted: k.Restricted, ContactBlocked: k.Blocked, ContactDoubted: k.Doubted, ContactErased: policy.No, Objected: answer(k.Objected || k.Overtaken),
		ProcessorsComplete: answer(len(k.Incomplete) == 0), TransferAllowed: answer(k.MayTransfer),
		NoticeReady: answer(len(k.Notices) > 0), NoticeShown: answer(k.Shown), Notice: versionOf(k.Notices),
		AIDisclosed: answer(k.Shown || len(k.Notices) > 0), QuietHours: answer(k.Quiet), // the Notice tells of machines, and row G4 sees to it
		MachineDecision:    machineDecision(m.Origin),
		OptIn:              answer(k.Policies.Outbound != "reply_only" && k.Consent.Allows()),
		AdvertisingConsent: answer(k.Policies.Outbound == "advertising" && k.Consent.Allows()),
	}
	switch {
	case k.HasPurpose:
		f.Purpose, f.Basis, f.BasisKnown = k.Purpose.Name, k.Purpose.Basis, answer(mayStandOn(k, m))
		f.InterestBarred = answer(k.Purpose.IsBarred(k.Footing))
	case !k.FactsLack || len(k.Notices) > 0:
		f.BasisKnown = policy.No
	} // else row G4 says what to mend
	if draftOf(m).Class == policy.ClassAdvertising && k.Consent.By.Step == desk.ConsentWithdrawn {
		f.Objected = policy.Yes
	}
	return f
}

// mayStandOn tells whether a Message may stand on the Purpose it names: one that is complete
// and, where it rests on a consent, to which the Contact has agreed (GDPR Art. 6(1)(a), (f), 7).
// Of advertising row G7 asks that, which has more to say.
func mayStandOn(k facts.Known, m *desk.Message) bool {
	switch {
	case k.Purpose.IsBarred(k.Footing):
		return true // a rule of its own says no, and why
	case len(k.Purpose.Missing(k.Footing)) > 0:
		return false
	case !k.Purpose.AsksConsent() || draftOf(m).Class == policy.ClassAdvertising:
		return true
	default:
		return k.Consent.Allows() && k.Consent.Ground == desk.GroundConsent
	}
}

// machineDecision tells whether a machine tells the Contact a decision about it (GDPR Art.
// 22(1)). A colleague is no machine, and Notices and lines have the words of package papers,
// which decide nothing. What any other machine intends, nobody can tell.
func machineDecision(o desk.Origin) policy.Answer {
	if o == desk.OriginAgent || o.IsAutomatic() {
		return policy.No
	}
	return policy.NotAssessed
}

// behindNotice makes Facts of a Message that a Notice stands ahead of in the lane: it counts
// as shown until it is the Message's turn, and is asked for again then.
func behindNotice(f policy.Facts) policy.Facts {
	f.NoticeShown, f.AIDisclosed = policy.Yes, policy.Yes
	return f
}

// judgement is what the rules say of a Message and what was known then.
type judgement struct {
	policy.Decision
	known facts.Known
	ahead *noticing // the Notice that may go first; nil: none was made
}

// judge decides about a Message that may stand behind a Notice.
func (g *Gate) judge(ctx context.Context, tx *store.Tx, m *desk.Message, ahead *noticing) (judgement, error) {
	k, err := g.ask(ctx, tx.Queries, tx.Now(), m)
	if err != nil {
		return judgement{}, err
	}
	f := factsOf(tx.Now(), k, m)
	if k.Pending || ahead != nil {
		f = behindNotice(f)
	}
	return judgement{policy.Decide(f, draftOf(m)), k, ahead}, nil
}

// refuses tells whether a Message may not go, and notes it in the log. errNoticeOwed if the
// Notice must be made first.
func (j judgement) refuses(tx *store.Tx, actor desk.Actor, m *desk.Message) (*policy.Refusal, error) {
	switch j.Outcome {
	case policy.OutcomeNoticeFirst:
		return nil, errNoticeOwed
	case policy.OutcomeRefusal:
		tx.Audit(refusedEntry(actor, m, j.known.Purpose.Name, j.Refusal))
		return j.Refusal, nil
	default:
		return nil, nil
	}
}

// notice queues the Notice ahead if it is still owed.
func (j judgement) notice(ctx context.Context, tx *store.Tx, conversation *desk.Conversation) error {
	if j.ahead == nil || j.known.Shown || j.known.Pending {
		return nil
	}
	return j.ahead.queue(ctx, tx, conversation)
}

func answer(yes bool) policy.Answer {
	if yes {
		return policy.Yes
	}
	return policy.No
}

// versionOf names the Notice in use by its version; empty if there is none.
func versionOf(notices []desk.Notice) string {
	if len(notices) == 0 {
		return ""
	}
	return notices[0].Digest
}
