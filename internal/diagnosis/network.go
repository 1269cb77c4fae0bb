package diagnosis

import (
	"fmt"
	"time"
)

// soon is how long before its end a certificate is warned about.
const soon = 21 * 24 * time.Hour

// The statuses that mean something here (RFC 9110).
const (
	statusOK        = 200
	statusProxyAuth = 407
	statusServer    = 500
)

func publicURL(f Facts) []Finding {
	p := f.Public
	is := func(severity Severity, found, mend string) Finding {
		return Finding{"public_url", severity, p.URL, found, mend}
	}
	switch {
	case p.Loopback:
		return []Finding{is(Note, "leads to this machine alone: neither agents elsewhere nor WhatsApp reach it", "Set public_url to the https:// address that people type.")}
	case !p.Secure:
		return []Finding{is(Problem, "is not https: passwords would travel in the clear", "Set public_url to an https:// address.")}
	case p.Trouble != "":
		return []Finding{is(Warning, "cannot be reached from this machine: "+string(p.Trouble),
			"It must be reachable for agents and, at /hooks/, for WhatsApp. If only this machine does not get there, look from elsewhere: curl "+p.URL+"/healthz")}
	case p.Status == 0:
		return []Finding{is(Warning, "takes a connection and gives no answer", "Look at the proxy's log.")}
	case p.Status != statusOK && !f.Serving.Answers:
		return []Finding{is(Warning, fmt.Sprintf("answers with status %d, and no server runs here", p.Status), "Start it: botschaft serve.")}
	case p.Status != statusOK:
		return []Finding{is(Problem, fmt.Sprintf("GET /healthz answers with status %d", p.Status), "Let the proxy pass every path to the server at "+f.Proxies.Listen+".")}
	}
	found := []Finding{is(OK, "answers", "")}
	if !p.HSTS {
		found = append(found, is(Warning, "the header Strict-Transport-Security is missing: browsers may try without TLS", "Let the proxy pass the server's headers on as they are."))
	}
	return found
}

func certificate(f Facts) []Finding {
	if f.Public.Certificate == nil {
		return nil
	}
	return judge(f, *f.Public.Certificate, f.Public.URL, Problem, "Let the proxy show a certificate that browsers and WhatsApp trust, its chain included.")
}

// pair judges the files that serve shows itself. That nobody here trusts their chain may
// be on purpose.
func pair(f Facts) []Finding {
	if f.Pair == nil {
		return nil
	}
	if f.Pair.Trouble != "" {
		return []Finding{{"certificate", Problem, f.Pair.Path, string(f.Pair.Trouble), "Put certificate and key of one pair in place; they are read again within a minute."}}
	}
	return judge(f, f.Pair.Certificate, f.Pair.Path, Warning, "Put the certificates between yours and the root into the file, too. If a certificate authority of your own signed it, WhatsApp will not trust it.")
}

func judge(f Facts, c Certificate, looked string, untrusted Severity, chain string) []Finding {
	is := func(severity Severity, found, mend string) Finding {
		return Finding{"certificate", severity, looked, found, mend}
	}
	const renew = "Renew it, and see why that did not happen by itself."
	left := c.Until.Sub(f.At)
	days := fmt.Sprintf("valid until %s, %d days from now", stamp(c.Until), int(left.Hours()/24))
	var found []Finding
	switch {
	case left <= 0:
		found = append(found, is(Problem, "ended at "+stamp(c.Until), renew))
	case c.From.After(f.At):
		found = append(found, is(Problem, "begins at "+stamp(c.From), "Check this machine's clock, or wait."))
	case left < soon:
		found = append(found, is(Warning, days, renew))
	default:
		found = append(found, is(OK, days, ""))
	}
	if !c.Named {
		found = append(found, is(Problem, "is not for "+c.Name, "Get one for that name, or set public_url to the name it is for."))
	}
	if c.Chain != "" && left > 0 {
		found = append(found, is(untrusted, "is not trusted: "+string(c.Chain), chain))
	}
	return found
}

func proxies(f Facts) []Finding {
	p := f.Proxies
	is := func(severity Severity, found, mend string) Finding {
		return Finding{"trusted_proxies", severity, "what stands before " + p.Listen, found, mend}
	}
	var found []Finding
	switch {
	case p.Needed && !p.Trusted:
		found = append(found, is(Warning, "TLS ends at a proxy, and no proxy is trusted: everybody who logs in counts as one caller, and one who guesses slows all down",
			`Name the proxy: trusted_proxies = ["ADDRESS"], and let it add X-Forwarded-For.`))
	case p.Needed:
		found = append(found, is(OK, "a proxy is named", ""))
	default:
		found = append(found, is(OK, "none is needed", ""))
	}
	if p.Open {
		found = append(found, is(Note, "the server listens beyond this machine, without TLS", "Let only the proxy reach this address, or set tls_cert_file and tls_key_file."))
	}
	return found
}

// steps tells for each Step what failed and what mends it.
var steps = map[Step]struct{ failed, mend string }{
	StepDenied:  {"the program's own dialer refuses it", "The name leads to an address inside your network, or plain http is asked for: check --graph-url of the inbox and your DNS."},
	StepNone:    {"its name is not found", "Check DNS on this machine: getent hosts NAME. With a corporate proxy, set egress_proxy_url."},
	StepName:    {"no connection", "Let the firewall pass connections to this host and port, or set egress_proxy_url."},
	StepConnect: {"no TLS", "If a proxy of your own opens TLS on the way, name its certificates: ca_bundle_file."},
	StepTLS:     {"no answer", "Try again; if it stays, look at what stands between."},
}

func hosts(f Facts) []Finding {
	found := make([]Finding, 0, len(f.Hosts))
	for _, h := range f.Hosts {
		way := ""
		if h.Proxied {
			way = ", through the proxy"
		}
		is := func(severity Severity, text, mend string) {
			found = append(found, Finding{"egress", severity, h.Name + " for " + h.Purpose + way, text, mend})
		}
		step, failed := steps[h.Reached]
		switch {
		case failed:
			is(Problem, step.failed+": "+string(h.Trouble), step.mend)
		case h.Status == statusProxyAuth:
			is(Problem, "the corporate proxy asks for a login (407)", "Put user and password into egress_proxy_url.")
		case h.Status >= statusServer:
			is(Warning, fmt.Sprintf("answers with status %d", h.Status), "Try again in a while; the provider or a proxy on the way is in trouble.")
		default:
			is(OK, fmt.Sprintf("answers in %v", h.Took.Round(time.Millisecond)), "")
		}
	}
	return found
}
