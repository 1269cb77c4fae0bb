package diagnosis

import (
	"fmt"
	"time"
)

// From when on what waits is a sign.
const (
	longDoubt  = 5 * time.Minute
	longWait   = 10 * time.Second // as the alarm on the lag
	stuck      = 2 * time.Minute
	manyJobs   = 1000
	asideLost  = 30 * 24 * time.Hour
	asideLate  = 20 * 24 * time.Hour
	longSigned = 3 * time.Minute // three times what a Checkpoint takes
)

// inboxes counts what Inboxes have. What the secrets are is never told.
func inboxes(f Facts) []Finding {
	if f.Work == nil || f.Work.Trouble != "" || f.Vault == nil || f.Vault.State != VaultOpen {
		return nil // what is wrong there says enough
	}
	if len(f.Inboxes) == 0 {
		return []Finding{{"inboxes", Note, "the inboxes", "there is none: nothing is received", "botschaft inbox create whatsapp makes one."}}
	}
	var found []Finding
	well := 0
	for _, i := range f.Inboxes {
		before := len(found)
		is := func(check string, severity Severity, text, mend string) {
			found = append(found, Finding{check, severity, "inbox " + i.ID, text, mend})
		}
		secrets := "botschaft inbox secrets " + i.ID
		switch {
		case i.Closed:
			is("secrets", Problem, "its secrets do not open", "Bring the newest vault back; if its key is gone, give the secrets anew: "+secrets)
		case i.AppSecrets == 0:
			is("secrets", Problem, "it has no app secret: every webhook is refused", secrets+" --app-secret-file FILE")
		case !i.AccessToken:
			is("secrets", Problem, "it has no access token: nothing can be sent", secrets+" --access-token-file FILE")
		case i.VerifyTokens == 0 && !i.NoVerify:
			is("secrets", Warning, "it has no verify token: its webhook cannot be entered at Meta", secrets+" --verify-token-file FILE")
		}
		if !i.Paused.IsZero() {
			is("paused", Warning, "it sends nothing since "+stamp(i.Paused), "Mend the cause, then: botschaft inbox resume "+i.ID)
		}
		if len(found) == before {
			well++
		}
	}
	if well > 0 {
		found = append(found, Finding{"inboxes", OK, fmt.Sprintf("%d inboxes", len(f.Inboxes)), fmt.Sprintf("%d have their secrets and send", well), ""})
	}
	return found
}

func setAside(f Facts) []Finding {
	is := func(severity Severity, found, mend string) []Finding {
		return []Finding{{"set_aside", severity, "items set aside", found, mend}}
	}
	switch w := f.Work; {
	case w == nil:
		return nil
	case w.Trouble != "":
		return is(Problem, string(w.Trouble), "Bring the schema up to date by starting serve, then look again.")
	case w.SetAside == 0:
		return is(OK, "none", "")
	default:
		text := fmt.Sprintf("%d wait for a decision, the oldest received at %s", w.SetAside, stamp(w.OldestAside))
		const mend = "botschaft deliveries lists them; retry or drop each. After 30 days they are lost."
		if f.At.Sub(w.OldestAside) > asideLate {
			return is(Problem, text+fmt.Sprintf("; lost in %d days", max(0, int((asideLost-f.At.Sub(w.OldestAside)).Hours()/24))), mend)
		}
		return is(Warning, text, mend)
	}
}

func doubt(f Facts) []Finding {
	if f.Work == nil || f.Work.Trouble != "" {
		return nil
	}
	is := func(severity Severity, found, mend string) []Finding {
		return []Finding{{"doubt", severity, "messages in doubt", found, mend}}
	}
	switch since := f.Work.Doubt; {
	case since.IsZero():
		return is(OK, "none", "")
	case f.At.Sub(since) < longDoubt:
		return is(Note, "one since "+stamp(since)+"; a status may settle it yet", "")
	default:
		return is(Warning, "the oldest since "+stamp(since),
			"Nobody knows whether it arrived. An agent looks, and repeats it or lets it rest; many at once mean a bad line to the provider.")
	}
}

func waiting(f Facts) []Finding {
	w := f.Work
	if w == nil || w.Trouble != "" {
		return nil
	}
	is := func(looked string, severity Severity, found, mend string) Finding {
		return Finding{"waiting", severity, looked, found, mend}
	}
	const in, out = "deliveries that wait", "messages that wait"
	found := make([]Finding, 0, 2)
	switch age := f.At.Sub(w.OldestInbound).Round(time.Second); {
	case w.Inbound == 0:
		found = append(found, is(in, OK, "none", ""))
	case !f.Serving.Answers && !f.Serving.Here:
		found = append(found, is(in, Warning, fmt.Sprintf("%d, the oldest for %v", w.Inbound, age), "Start a server: botschaft serve. Nothing is lost."))
	case age > stuck:
		found = append(found, is(in, Problem, fmt.Sprintf("%d, the oldest for %v", w.Inbound, age), "Look at the server's log for \"a batch is repeated item by item\" and for the database."))
	case age > longWait:
		found = append(found, is(in, Warning, fmt.Sprintf("%d, the oldest for %v", w.Inbound, age), "Look again in a minute; if it grows, the database or the machine is too slow."))
	default:
		found = append(found, is(in, OK, fmt.Sprintf("%d, the oldest for %v", w.Inbound, max(age, 0)), ""))
	}
	switch text := fmt.Sprintf("%d", w.Outbound); {
	case w.Outbound > manyJobs:
		found = append(found, is(out, Warning, text, "Look for paused inboxes, for the provider, and at botschaft_outbound_sends_total."))
	default:
		found = append(found, is(out, OK, text, ""))
	}
	return found
}

func auditLog(f Facts) []Finding {
	l := f.Log
	if l == nil {
		return nil
	}
	is := func(severity Severity, found, mend string) []Finding {
		return []Finding{{"checkpoint", severity, "the audit log's last checkpoint", found, mend}}
	}
	behind := l.Entries - l.Protected
	text := fmt.Sprintf("%d entries, protected up to %d by the one of %s", l.Entries, l.Protected, stamp(l.Checkpoint))
	if l.Protected == 0 {
		text = fmt.Sprintf("%d entries, and none is signed yet", l.Entries)
	}
	switch {
	case l.Trouble != "":
		return is(Problem, string(l.Trouble), "Bring the schema up to date by starting serve, then look again.")
	case behind < 0:
		return is(Problem, text+": there are fewer entries than were signed", "Treat it as a security incident: botschaft verify audit, and keep everything as it is.")
	case behind == 0 || f.At.Sub(l.Unprotected) < longSigned:
		return is(OK, text, "")
	case f.Serving.Answers || f.Serving.Here:
		return is(Problem, text+", although a server runs", "Look at the server's log for \"the audit log waits\", then: botschaft verify audit")
	default:
		return is(Note, text, "A server signs every minute; start one: botschaft serve.")
	}
}

func dayKeys(f Facts) []Finding {
	if f.Days == nil {
		return nil
	}
	is := func(severity Severity, found, mend string) []Finding {
		return []Finding{{"day_keys", severity, "keys of days of deliveries", found, mend}}
	}
	old := 0
	for _, d := range f.Days {
		if f.At.Sub(d) > asideLost+24*time.Hour {
			old++
		}
	}
	if old > 0 {
		return is(Problem, fmt.Sprintf("%d are older than 30 days: bodies of webhooks are kept longer than promised", old),
			"A server sweeps them every hour; let one run and look at its log for \"sweeping failed\".")
	}
	return is(OK, fmt.Sprintf("%d, none older than 30 days", len(f.Days)), "")
}
