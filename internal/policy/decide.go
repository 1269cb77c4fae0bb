package policy

// verdict is what one rule says about Facts and a Draft.
type verdict uint8

const (
	passes verdict = iota
	unknown
	refuses
	noticeFirst
)

// Decide asks every rule of the truth table and gives one Decision. One rule that
// says no makes a Refusal, with all reasons; otherwise an owed Notice goes first;
// otherwise the Permit lists the rows in which a Fact was not assessed (row G12).
func Decide(f Facts, d Draft) Decision {
	var reasons []Reason
	var notAssessed []string
	owed := false
	for _, r := range rules {
		switch r.ask(f, d) {
		case refuses:
			if reasons == nil {
				reasons = make([]Reason, 0, len(rules))
			}
			reasons = append(reasons, r.reason(f))
		case unknown:
			if n := len(notAssessed); n == 0 || notAssessed[n-1] != r.row {
				notAssessed = append(notAssessed, r.row)
			}
		case noticeFirst:
			owed = true
		case passes:
		}
	}
	switch {
	case len(reasons) > 0:
		return Decision{Outcome: OutcomeRefusal, Refusal: &Refusal{Reasons: reasons}}
	case owed:
		return Decision{Outcome: OutcomeNoticeFirst}
	default:
		return Decision{Outcome: OutcomePermit, Permit: grant(f, d, notAssessed)}
	}
}

// unlessNo passes on Yes and refuses on No.
func unlessNo(a Answer) verdict {
	switch a {
	case Yes:
		return passes
	case No:
		return refuses
	default:
		return unknown
	}
}

// onlyYes passes on Yes alone: whoever wants it must have looked.
func onlyYes(a Answer) verdict {
	if a == Yes {
		return passes
	}
	return refuses
}

// onlyNo passes on No alone.
func onlyNo(a Answer) verdict {
	if a == No {
		return passes
	}
	return refuses
}

// unlessYes passes on No and refuses on Yes.
func unlessYes(a Answer) verdict {
	switch a {
	case No:
		return passes
	case Yes:
		return refuses
	default:
		return unknown
	}
}
