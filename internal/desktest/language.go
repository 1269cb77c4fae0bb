package desktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// sentence is one thing a scenario can say: lower-case words stand as they are,
// upper-case ones for a word, quoted ones for what a person says; "..." for one or more.
// A CUSTOMER is anna, or anna@auto where she writes to another Inbox than the first.
type sentence struct {
	form string
	do   func(ctx context.Context, w *world, a args) error
}

// language is all that can be said. Behind a line about an Agent may stand
// "refused CODE" (the gate says no, for these reasons) or "denied CODE" (any other no).
func language() []sentence {
	return []sentence{
		{`customer CUSTOMER says "TEXT"`, customerSays},
		{`customer CUSTOMER says just "TEXT"`, customerSaysJust},
		{`customer CUSTOMER (username only) says "TEXT"`, hiddenCustomerSays},
		{`customer CUSTOMER says "TEXT" to "OTHER"`, customerAnswers},
		{`customer CUSTOMER sends KIND`, customerSends},
		{`customer CUSTOMER sends KIND "TEXT"`, customerSends},
		{`customer CUSTOMER sends KIND from FILE`, customerSendsFile},
		{`customer CUSTOMER sends KIND file "NAME" holding "TEXT"`, customerSendsFileHolding},
		{`customer CUSTOMER sends KIND "TEXT" to "OTHER"`, customerAnswers},
		{`customer CUSTOMER reads`, customerReads},
		{`customer CUSTOMER changes the number`, customerChangesNumber},
		{`customer CUSTOMER changes the device`, customerChangesDevice},
		{`another system writes CUSTOMER by telephone`, anotherSystemWrites},
		{`phone CUSTOMER is BEHAVIOUR`, phoneIs},
		{`phone CUSTOMER shows nothing`, phoneShows},
		{`phone CUSTOMER shows "TEXT"...`, phoneShows},
		{`phone CUSTOMER shows KIND from FILE`, phoneShowsFile},
		{`phone CUSTOMER shows KIND from FILE to "TEXT"`, phoneShowsFile},
		{`phone CUSTOMER sees "TEXT" read`, phoneSeesRead},
		{`phone CUSTOMER sees "TEXT" unread`, phoneSeesUnread},
		{`phone CUSTOMER shows dots`, phoneShowsDots},
		{`phone CUSTOMER shows no dots`, phoneShowsNoDots},
		{`phone CUSTOMER shows KIND file "NAME" holding "TEXT"`, phoneShowsFileHolding},
		{`phone CUSTOMER shows KIND "OTHER" below document "NAME" holding "TEXT"`, phoneShowsBelow},
		{`phone CUSTOMER was informed N`, phoneWasInformed},
		{`phone CUSTOMER was informed N before "TEXT"`, phoneWasInformed},

		{`agent AGENT lists nobody`, agentLists},
		{`agent AGENT lists CUSTOMER...`, agentLists},
		{`agent AGENT opens CUSTOMER`, agentOpens},
		{`agent AGENT sees CUSTOMER "TEXT"`, agentSees},
		{`agent AGENT sees CUSTOMER late "TEXT"`, agentSeesLate},
		{`agent AGENT sees CUSTOMER in time "TEXT"`, agentSeesInTime},
		{`agent AGENT sees CUSTOMER KIND`, agentSees},
		{`agent AGENT sees CUSTOMER KIND "TEXT"`, agentSees},
		{`agent AGENT reads CUSTOMER "TEXT"...`, agentReads},
		{`agent AGENT opens CUSTOMER KIND file holding "TEXT"`, agentOpensFile},
		{`agent AGENT waits for CUSTOMER KIND file that is STATE`, agentWaitsForFile},
		{`agent AGENT asks for CUSTOMER KIND file`, agentAsksForFile},
		{`agent AGENT replies CUSTOMER "TEXT"`, agentReplies},
		{`agent AGENT replies CUSTOMER "TEXT" again`, agentRepliesAgain},
		{`agent AGENT replies CUSTOMER "TEXT" instead`, agentRepliesInstead},
		{`agent AGENT sends CUSTOMER KIND from FILE`, agentSends},
		{`agent AGENT sends CUSTOMER KIND from FILE to "TEXT"`, agentSends},
		{`agent AGENT sends CUSTOMER KIND file "NAME" holding "TEXT"`, agentSendsFileHolding},
		{`agent AGENT sends CUSTOMER KIND from FILE below document "NAME" holding "TEXT"`, agentSendsBelow},
		{`agent AGENT repeats CUSTOMER "TEXT"`, agentRepeats},
		{`agent AGENT repeats CUSTOMER "TEXT" confirming the doubt`, agentRepeatsDoubt},
		{`agent AGENT reveals CUSTOMER`, agentReveals},
		{`agent AGENT reveals CUSTOMER KIND...`, agentReveals},
		{`agent AGENT restricts CUSTOMER "REASON"`, agentRestricts},
		{`agent AGENT unrestricts CUSTOMER`, agentUnrestricts},
		{`agent AGENT blocks CUSTOMER for REASON`, agentBlocks},
		{`agent AGENT unblocks CUSTOMER`, agentUnblocks},
		{`agent AGENT finds CUSTOMER STATE at WhatsApp`, agentFindsBlocked},
		{`agent AGENT doubts CUSTOMER NEWS`, agentDoubts},
		{`agent AGENT doubts CUSTOMER NEWS hidden`, agentDoubtsHidden},
		{`agent AGENT does not doubt CUSTOMER`, agentDoubts},
		{`agent AGENT vouches for CUSTOMER by MEANS`, agentVouches},
		{`agent AGENT splits CUSTOMER`, agentSplits},
		{`agent AGENT finds CUSTOMER by number`, agentSeeks},
		{`agent AGENT finds VIEW nobody`, agentFinds},
		{`agent AGENT finds VIEW CUSTOMER...`, agentFinds},
		{`agent AGENT takes CUSTOMER`, agentTakes},
		{`agent AGENT releases CUSTOMER`, agentReleases},
		{`agent AGENT transfers CUSTOMER to COLLEAGUE "TEXT"`, agentTransfers},
		{`agent AGENT notes CUSTOMER "TEXT"`, agentNotes},
		{`agent AGENT drafts CUSTOMER "TEXT"`, agentDrafts},
		{`agent AGENT finds drafted CUSTOMER "TEXT"`, agentResumesDraft},
		{`agent AGENT closes CUSTOMER`, agentCloses},
		{`agent AGENT closes CUSTOMER "TEXT"`, agentCloses},
		{`agent AGENT reopens CUSTOMER`, agentReopens},
		{`agent AGENT snoozes CUSTOMER`, agentSnoozes},
		{`agent AGENT snoozes CUSTOMER DURATION`, agentSnoozes},
		{`agent AGENT wakes CUSTOMER`, agentWakes},
		{`agent AGENT follows CUSTOMER "TEXT"...`, agentFollows},
		{`agent AGENT lets INBOX tell SIGNALS`, agentChoosesSignals},
		{`agent AGENT asks to take in the app of INBOX "REASON"`, agentAsksForApp},
		{`agent AGENT agrees`, agentAgrees},
		{`agent AGENT adds the purpose "TEXT" to INBOX`, agentAddsPurpose},
		{`agent AGENT asks to write first in INBOX "REASON"`, agentAsksToWriteFirst},
		{`agent AGENT records that CUSTOMER agreed to "TEXT"`, agentRecordsConsent},
		{`agent AGENT takes in the app of INBOX no more`, agentLeavesApp},
		{`app writes CUSTOMER "TEXT"`, appWrites},
		{`agent AGENT has read CUSTOMER`, agentHasRead},
		{`agent AGENT writes to CUSTOMER`, agentWrites},
		{`agent AGENT writes of CUSTOMER`, agentWritesNote},
		{`agent AGENT pauses INBOX "REASON"`, agentPauses},
		{`agent AGENT resumes INBOX`, agentResumes},
		{`agent AGENT retries set aside`, agentRetries},
		{`agent AGENT drops set aside "REASON"`, agentDrops},
		{`agent AGENT logs in`, agentLogsIn},
		{`agent AGENT listens`, agentListens},
		{`agent AGENT hears CUSTOMER "TEXT"`, agentHears},
		{`agent AGENT hears nothing of CUSTOMER`, agentHearsNothing},
		{`agent AGENT is cut off`, agentIsCutOff},
		{`ticks CUSTOMER "TEXT" STATUS`, ticks},
		{`ticks CUSTOMER "TEXT" failed CODE`, ticks},
		{`in german "TEXT"`, inGerman},
		{`in english "TEXT"`, inEnglish},
		{`window CUSTOMER STATE`, window},
		{`contacts CUSTOMER N`, contacts},

		{`crowd N says "TEXT"`, crowdSays},
		{`agent AGENT replies crowd N`, agentRepliesCrowd},
		{`crowd shows N`, crowdShows},
		{`agent AGENT must do KIND...`, agentMustDo},
		{`agent AGENT dismisses CUSTOMER "TEXT"`, agentDismisses},
		{`inbox INBOX delivered N CATEGORY TYPE`, inboxDelivered},
		{`agent AGENT ends the alerts of INBOX`, agentEnds},
		{`agent AGENT renews the token of INBOX`, agentRenews},
		{`provider checks devices of INBOX`, providerChecks},
		{`provider is STATE`, providerIs},
		{`faults end`, faultsEnd},

		{`clock DURATION`, turnClock},
		{`fault CODE`, fault},
		{`fault CODE N times`, fault},
		{`fault error page`, faultErrorPage},
		{`fault status first`, faultStatusFirst},
		{`fault upload CODE`, faultUpload},
		{`fault upload CODE N times`, faultUpload},
		{`files withheld`, filesWithheld},
		{`files handed out`, filesHandedOut},
		{`fault answer lost and no status`, faultAnswerLost},
		{`fault answer lost and status after DURATION`, faultAnswerLost},
		{`fault status after DURATION`, faultStatusLate},
		{`fault failed status CODE`, faultFailedStatus},
		{`webhooks MODE`, webhooks},
		{`webhooks replayed backwards`, replayBackwards},
		{`webhook INBOX FILE from CUSTOMER`, webhook},
		{`webhook INBOX FILE from CUSTOMER signed wrongly`, webhookForged},
		{`accepted "TEXT" N`, accepted},
		{`inbox INBOX is paused`, inboxIsPaused},
		{`inbox INBOX is set up with number NUMBER beside OTHER`, inboxIsSetUp},
		{`set aside N`, setAside},
		{`set aside N REASON`, setAside},
		{`agent AGENT is disabled`, agentIsDisabled},
		{`token AGENT is revoked`, tokenIsRevoked},
		{`stop`, stop},
		{`start`, start},
		{`restart`, restart},
		{`log complains`, logComplains},
		{`audit N ACT`, auditHolds},
		{`audit N ACT by AGENT`, auditHolds},
		{`audit verifies`, auditVerifies},
		{`tamper audit N`, tamperAudit},
		{`tamper audit without N`, cutAudit},
		{`audit names N FAULT`, auditNames},
		{`no-canary`, noCanary},
	}
}

// args are what a line says where its sentence leaves it open.
type args map[string][]string

// one gives the word that stands for name, empty if the sentence has none.
func (a args) one(name string) string {
	if len(a[name]) == 0 {
		return ""
	}
	return a[name][0]
}

// number reads a whole number; one that is not said is 1.
func (a args) number(name string) (int, error) {
	if a.one(name) == "" {
		return 1, nil
	}
	return strconv.Atoi(a.one(name))
}

func (a args) duration() (time.Duration, error) { return time.ParseDuration(a.one("DURATION")) }

// understand finds the sentence that a line's words say.
func understand(all []sentence, words []word) (sentence, args, error) {
	var near []string
	for _, s := range all {
		form, err := splitWords(s.form)
		if err != nil {
			return sentence{}, nil, err
		}
		if a, ok := match(form, words); ok {
			return s, a, nil
		}
		if len(words) > 0 && form[0].text == words[0].text {
			near = append(near, s.form)
		}
	}
	return sentence{}, nil, fmt.Errorf("this is not understood; one can say:\n\t%s", strings.Join(near, "\n\t"))
}

// match compares words with a form; open words of the form take one word, or with
// "..." all that are left.
func match(form, words []word) (args, bool) {
	a := args{}
	for i := 0; i < len(form); i++ {
		f := form[i]
		many := i+1 < len(form) && form[i+1].text == "..." && !form[i+1].quoted
		if name, ok := strings.CutSuffix(f.text, "..."); ok && name != "" {
			f.text, many = name, true
		}
		if len(words) == 0 || f.quoted != words[0].quoted {
			return nil, false
		}
		if !f.quoted && !isOpen(f.text) {
			if f.text != words[0].text {
				return nil, false
			}
			words = words[1:]
			continue
		}
		for len(words) > 0 && f.quoted == words[0].quoted {
			a[f.text], words = append(a[f.text], words[0].text), words[1:]
			if !many {
				break
			}
		}
		if many {
			return a, len(words) == 0
		}
	}
	return a, len(words) == 0
}

// isOpen tells whether a word of a form stands for another.
func isOpen(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsUpper(r) }) < 0
}

// outside are the first words of what can be said while the house is stopped.
var outside = []string{"customer", "another", "phone", "clock", "fault", "webhooks", "accepted", "start", "crowd", "provider", "faults"}

// play does one line and brings the house to rest.
func (w *world) play(ctx context.Context, l line) error {
	words, no, code := outcome(l.words)
	s, a, err := understand(language(), words)
	if err != nil {
		return err
	}
	if w.house == nil && !slices.Contains(outside, words[0].text) {
		return errors.New("the house is stopped")
	}
	err = s.do(ctx, w, a)
	if no != "" {
		err = wantNo(err, no, code)
	}
	if err != nil {
		return err
	}
	return w.rest(ctx)
}

// outcome cuts "refused CODE…" or "denied CODE" off a line.
func outcome(words []word) (rest []word, no string, codes []string) {
	for i, x := range words {
		if i > 0 && !x.quoted && (x.text == "refused" || x.text == "denied") && i+1 < len(words) {
			for _, code := range words[i+1:] {
				codes = append(codes, code.text)
			}
			return words[:i], x.text, codes
		}
	}
	return words, "", nil
}

// wantNo compares an error with the no that a line announces.
func wantNo(err error, no string, codes []string) error {
	want := fmt.Sprintf("%s %s", no, strings.Join(codes, " "))
	var p *problem
	switch {
	case err == nil:
		return fmt.Errorf("it went through, want %s", want)
	case !errors.As(err, &p):
		return err
	case p.no() != want:
		return fmt.Errorf("got %s, want %s", p.no(), want)
	}
	return nil
}
