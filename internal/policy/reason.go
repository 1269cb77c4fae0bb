package policy

import "strings"

// Code names why a Draft was refused; stable, part of the outside contract.
type Code string

// The codes, in the order of the truth table.
const (
	CodeInboxPaused               Code = "inbox_paused"
	CodeProcessorIncomplete       Code = "processor_incomplete"
	CodeTransferBlocked           Code = "transfer_blocked"
	CodeContactRestricted         Code = "contact_restricted"
	CodeContactBlocked            Code = "contact_blocked"
	CodeIdentityChanged           Code = "identity_changed"
	CodeContactErased             Code = "contact_erased"
	CodeContactObjected           Code = "contact_objected"
	CodeBasisMissing              Code = "basis_missing"
	CodeInterestBarred            Code = "interest_barred"
	CodeNoticeMissing             Code = "notice_missing"
	CodeNoticePending             Code = "notice_pending" // given by the gate alone, at sending
	CodeWindowClosed              Code = "window_closed"
	CodeOptInMissing              Code = "opt_in_missing"
	CodeAdvertisingConsentMissing Code = "advertising_consent_missing"
	CodeQuietHours                Code = "quiet_hours"
	CodeSensitiveContent          Code = "sensitive_content"
	CodeAINotDisclosed            Code = "ai_not_disclosed"
	CodeMachineDecision           Code = "machine_decision"
	CodeSpecialCategories         Code = "special_categories"
	CodeDocumentMissing           Code = "document_missing"
)

// ReasonFor gives a Reason with its row and norm; both are empty if nobody refuses for that.
func ReasonFor(c Code) Reason {
	if c == CodeNoticePending {
		return Reason{Code: c, Row: "G4", Article: "GDPR Art. 13"}
	}
	for _, r := range rules {
		if r.code == c {
			return Reason{Code: c, Row: r.row, Article: r.article}
		}
	}
	return Reason{Code: c}
}

// Codes gives every code, in the order of the truth table.
func Codes() (all []Code) {
	for _, r := range rules {
		if r.code != "" {
			all = append(all, r.code)
		}
		if r.code == CodeNoticeMissing {
			all = append(all, CodeNoticePending)
		}
	}
	return all
}

// Reason is one cause of a Refusal.
type Reason struct {
	Code    Code   `json:"code"`
	Row     string `json:"row"`     // row of the truth table, G1 to G11
	Article string `json:"article"` // the norm behind it, e.g. GDPR Art. 18
	Detail  string `json:"-"`       // what a person wrote about it, for Sentence alone; never logged
}

// Sentence says what stands against sending, in German if lang is a tag such as
// "de" or "de-AT", otherwise in English.
func (r Reason) Sentence(lang string) string {
	t, ok := texts[r.Code]
	if !ok {
		t = unnamed
	}
	s, given := t.sentenceEN, "Reason given: "
	if isGerman(lang) {
		s, given = t.sentenceDE, "Angegebener Grund: "
	}
	if r.Detail != "" {
		s += " " + given + strings.TrimRight(r.Detail, ".! ") + "."
	}
	return s
}

// Helps says what the reader can do about it, in the language of Sentence.
func (r Reason) Helps(lang string) string {
	t, ok := texts[r.Code]
	if !ok {
		t = unnamed
	}
	if isGerman(lang) {
		return t.helpsDE
	}
	return t.helpsEN
}

func isGerman(lang string) bool {
	primary, _, _ := strings.Cut(strings.ReplaceAll(lang, "_", "-"), "-")
	return strings.EqualFold(primary, "de")
}
