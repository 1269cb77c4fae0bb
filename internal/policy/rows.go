package policy

import "botschaft/internal/desk"

// rule is one question of a row of the truth table.
type rule struct {
	row     string
	code    Code // empty: this rule never refuses
	article string
	ask     func(Facts, Draft) verdict
}

func (r rule) reason(f Facts) Reason {
	reason := Reason{Code: r.code, Row: r.row, Article: r.article}
	if r.code == CodeInboxPaused {
		reason.Detail = f.InboxPauseReason
	}
	return reason
}

// rules is the truth table: rows G1 to G11 in order, the rules of a row together.
// Row G12 is what Decide does when none of them says no.
var rules = []rule{
	{"G1", CodeInboxPaused, "GDPR Art. 24", inboxActive},
	{"G1", CodeProcessorIncomplete, "GDPR Art. 28", processorsComplete},
	{"G1", CodeTransferBlocked, "GDPR Art. 44", transferAllowed},
	{"G2", CodeContactRestricted, "GDPR Art. 18", notRestricted},
	{"G2", CodeContactBlocked, "§ 618 BGB", notBlocked},
	{"G2", CodeIdentityChanged, "GDPR Art. 32", notDoubted},
	{"G2", CodeContactErased, "GDPR Art. 17", notErased},
	{"G2", CodeContactObjected, "GDPR Art. 21", notObjected},
	{"G3", CodeBasisMissing, "GDPR Art. 6", basisKnown},
	{"G3", CodeInterestBarred, "GDPR Art. 6(1) subpara. 2", interestAllowed},
	{"G4", CodeNoticeMissing, "GDPR Art. 13", noticeReady},
	{"G4", "", "GDPR Art. 13", noticeShown},
	{"G5", CodeWindowClosed, "WhatsApp Business Messaging Policy", windowOpen},
	{"G6", CodeOptInMissing, "WhatsApp Business Messaging Policy", optedIn},
	{"G7", CodeAdvertisingConsentMissing, "§ 7 UWG", advertisingAllowed},
	{"G7", CodeQuietHours, "§ 7 UWG", notQuiet},
	{"G8", CodeSensitiveContent, "GDPR Art. 5(1)(c), (f)", noSensitiveContent},
	{"G9", CodeAINotDisclosed, "AI Act Art. 50", aiDisclosed},
	{"G9", CodeMachineDecision, "GDPR Art. 22(1)", noMachineDecision},
	{"G10", CodeSpecialCategories, "GDPR Art. 9", noSpecialCategories},
	{"G11", CodeDocumentMissing, "§ 7 VVG", documentsComplete},
}

// inboxActive is asked first: a pause is the organisation's own decision to stop
// (GDPR Art. 24, the controller's measures) and needs no further ground.
func inboxActive(f Facts, _ Draft) verdict {
	if f.InboxPaused {
		return refuses
	}
	return passes
}

// processorsComplete wants a contract with everybody who carries the Message on our
// behalf (GDPR Art. 28(3)).
func processorsComplete(f Facts, _ Draft) verdict { return unlessNo(f.ProcessorsComplete) }

// transferAllowed wants a basis in force for the transfer to a third country (GDPR
// Art. 44 to 46); it is a dated Fact because adequacy decisions fall.
func transferAllowed(f Facts, _ Draft) verdict { return unlessNo(f.TransferAllowed) }

// notRestricted honours GDPR Art. 18(2): restricted data is stored and otherwise
// left alone. A Notice is no exception.
func notRestricted(f Facts, _ Draft) verdict {
	if f.ContactRestricted {
		return refuses
	}
	return passes
}

// notBlocked holds to a Block, which protects colleagues from abuse (§ 618(1) BGB): WhatsApp
// delivers nothing to whom we blocked, and nobody shall provoke them by another way. A Notice is
// no exception.
func notBlocked(f Facts, _ Draft) verdict {
	if f.ContactBlocked {
		return refuses
	}
	return passes
}

// notDoubted keeps what is meant for one person from another who has the device now (GDPR Art.
// 5(1)(f), 32). A Notice is no exception: WhatsApp would deliver none.
func notDoubted(f Facts, _ Draft) verdict {
	if f.ContactDoubted {
		return refuses
	}
	return passes
}

// notErased honours GDPR Art. 17: nobody writes to a Contact that was erased.
func notErased(f Facts, _ Draft) verdict { return unlessYes(f.ContactErased) }

// notObjected honours GDPR Art. 21: absolute against advertising (Art. 21(3)), and
// until the balance is documented against Art. 6(1)(f).
func notObjected(f Facts, d Draft) verdict {
	if isAdvertising(d) {
		return onlyNo(f.Objected)
	}
	return unlessYes(f.Objected)
}

// basisKnown wants a Purpose with a legal basis (GDPR Art. 5(1)(a), (b), 6(1)). A basis
// that was not looked for is not a missing one.
func basisKnown(f Facts, _ Draft) verdict {
	if v := unlessNo(f.BasisKnown); v != passes {
		return v
	}
	if f.Basis == "" {
		return unknown
	}
	return passes
}

// interestAllowed keeps authorities from resting on a legitimate interest in the performance of
// their tasks: it is for the legislator to say what they may do (GDPR Art. 6(1) subpara. 2).
func interestAllowed(f Facts, _ Draft) verdict { return unlessYes(f.InterestBarred) }

// noticeReady wants a Notice in use where one is owed: without one nothing can be told
// (GDPR Art. 12(1), 13).
func noticeReady(f Facts, _ Draft) verdict {
	if f.NoticeShown == Yes {
		return passes
	}
	return unlessNo(f.NoticeReady)
}

// noticeShown wants the information of GDPR Art. 13 before anything else is said,
// and puts the right to object apart from it (Art. 21(4)). The Notice itself passes.
func noticeShown(f Facts, d Draft) verdict {
	if d.Notice {
		return passes
	}
	if v := unlessNo(f.NoticeShown); v != refuses {
		return v
	}
	return noticeFirst
}

// windowOpen is Meta's rule: free-form Messages within 24 hours of the Contact's
// last one, approved Templates at any time. The end is exclusive.
func windowOpen(f Facts, d Draft) verdict {
	if d.Template || isOpen(f) {
		return passes
	}
	return refuses
}

// optedIn is Meta's rule that a Template outside the Window needs an opt-in for its
// category; that the Contact once wrote to us is none (cf. GDPR Art. 7(1)). What was not
// assessed is none either.
func optedIn(f Facts, d Draft) verdict {
	if !d.Template || isOpen(f) {
		return passes
	}
	return onlyYes(f.OptIn)
}

// advertisingAllowed wants prior express consent (§ 7(2) no. 2 UWG, GDPR Art. 7) or
// the complete record of an existing customer (§ 7(3) UWG). Whoever advertises must prove
// it, so what was not assessed refuses.
func advertisingAllowed(f Facts, d Draft) verdict {
	if !isAdvertising(d) {
		return passes
	}
	return onlyYes(f.AdvertisingConsent)
}

// notQuiet keeps advertising out of the night (§ 7(1) UWG, unreasonable nuisance).
func notQuiet(f Facts, d Draft) verdict {
	if !isAdvertising(d) {
		return passes
	}
	return onlyNo(f.QuietHours)
}

// noSensitiveContent keeps full identifiers and questions about health out of the
// chat (GDPR Art. 5(1)(c) and (f)); a Room is the place for them.
func noSensitiveContent(f Facts, _ Draft) verdict { return unlessYes(f.SensitiveContent) }

// aiDisclosed wants people told that a machine answers (AI Act Art. 50(1)). An
// Agent's own words need no such word, and the Notice says itself that it is automatic;
// every other Origin is asked.
func aiDisclosed(f Facts, d Draft) verdict {
	if d.Origin == desk.OriginAgent || d.Notice {
		return passes
	}
	return unlessNo(f.AIDisclosed)
}

// noMachineDecision keeps machines from telling people a decision about them: that a claim
// is accepted or rejected, a contract terminated, a price set (GDPR Art. 22(1)). What a
// colleague writes, a colleague decided; it is never asked.
func noMachineDecision(f Facts, d Draft) verdict {
	if d.Origin == desk.OriginAgent {
		return passes
	}
	return unlessYes(f.MachineDecision)
}

// noSpecialCategories keeps special categories of data (GDPR Art. 9) out of
// outbound text where the Purpose allows them in Rooms alone.
func noSpecialCategories(f Facts, _ Draft) verdict { return unlessYes(f.Art9Content) }

// documentsComplete wants the papers that must come with advice, contract and
// withdrawal (§§ 7, 8 VVG).
func documentsComplete(f Facts, _ Draft) verdict { return unlessNo(f.DocumentsComplete) }

// isOpen tells whether the Window is open; at exactly WindowUntil it is closed.
func isOpen(f Facts) bool { return f.Now.Before(f.WindowUntil) }

// isAdvertising takes everything that is not plainly something else for advertising.
func isAdvertising(d Draft) bool {
	return d.Class != ClassService && d.Class != ClassTransactional
}
