package whatsapp

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// NoticeKind says what a notice is about.
type NoticeKind string

// The kinds.
const (
	NoticeTemplate NoticeKind = "template" // the state of a template
	NoticeQuality  NoticeKind = "quality"  // how people take a template
	NoticeCategory NoticeKind = "category" // what a template counts as, and costs
	NoticeNumber   NoticeKind = "number"   // quality and throughput of a number
	NoticeName     NoticeKind = "name"     // the display name of a number
	NoticeLimit    NoticeKind = "limit"    // how many people may be written to in a day
	NoticeAccount  NoticeKind = "account"  // the account
	NoticeReview   NoticeKind = "review"   // Meta's review of the account
	NoticeWarning  NoticeKind = "warning"  // Meta's own alerts
	NoticeSecurity NoticeKind = "security" // the PIN of a number
)

// Urgency says what a notice asks for.
type Urgency string

// The urgencies.
const (
	UrgencyInfo     Urgency = "info"     // nothing
	UrgencyWarning  Urgency = "warning"  // somebody must look at it
	UrgencyCritical Urgency = "critical" // somebody must act now, or nothing is sent any more
)

// Notice is what Meta tells about an account, its number or its templates. It holds
// Meta's codes and names of templates, and none of Meta's free text: that may say
// anything, about people, too.
type Notice struct {
	Kind    NoticeKind
	Code    string // such as REJECTED; in capitals
	Subject string // the template with its language, or the number; empty: the account
	Value   string // how it stands now, or why: TIER_2K, MARKETING, SPAM; may be empty
	WABA    string // the account, where it is not the entry's
	Urgency Urgency
}

// noticeValue is the union of the values of all fields that are notices.
type noticeValue struct {
	Event      string `json:"event"`
	Decision   string `json:"decision"`
	Reason     string `json:"reason"`
	Name       string `json:"message_template_name"`
	Language   string `json:"message_template_language"`
	Phone      string `json:"display_phone_number"`
	NewQuality string `json:"new_quality_score"`

	NewCategory      string `json:"new_category"`
	PreviousCategory string `json:"previous_category"`
	CorrectCategory  string `json:"correct_category"`

	Limit     string          `json:"current_limit"`
	Daily     json.RawMessage `json:"max_daily_conversations_per_business"`
	DailyEach json.RawMessage `json:"max_daily_conversation_per_phone"`

	Ban struct {
		State string `json:"waba_ban_state"`
	} `json:"ban_info"`
	Violation struct {
		Type string `json:"violation_type"`
	} `json:"violation_info"`
	Account struct {
		ID string `json:"waba_id"`
	} `json:"waba_info"`
	Limits []struct {
		Type string `json:"restriction_type"`
	} `json:"restriction_info"`
	Alert struct {
		Severity string `json:"alert_severity"`
		Status   string `json:"alert_status"`
		Type     string `json:"alert_type"`
	} `json:"alert_info"`
}

// NoticeOf reads a change that is a notice; false if the field is none, or what it says
// cannot be read. Source: Meta, "Webhooks: reference", by field.
func NoticeOf(field string, value json.RawMessage) (Notice, bool) {
	read, ok := notices[field]
	if !ok {
		return Notice{}, false
	}
	var v noticeValue
	var odd *json.UnmarshalTypeError // names what is of another type; all else has been read
	if err := json.Unmarshal(value, &v); err != nil && !errors.As(err, &odd) {
		return Notice{}, false
	}
	n := read(&v)
	n.Code, n.Value, n.WABA = code(n.Code), code(n.Value), code(v.Account.ID)
	return n, n.Code != ""
}

var notices = map[string]func(v *noticeValue) Notice{
	"message_template_status_update": func(v *noticeValue) Notice {
		return Notice{Kind: NoticeTemplate, Code: v.Event, Subject: v.template(), Value: v.Reason, Urgency: urgent(v.Event,
			"REJECTED", "PAUSED", "DISABLED", "FLAGGED", "LOCKED", "LIMIT_EXCEEDED", "DELETED", "PENDING_DELETION")}
	},
	"message_template_quality_update": func(v *noticeValue) Notice {
		return Notice{Kind: NoticeQuality, Code: v.NewQuality, Subject: v.template(), Urgency: urgent(v.NewQuality, "RED")}
	},
	"template_category_update": func(v *noticeValue) Notice {
		n := Notice{Kind: NoticeCategory, Code: "ANNOUNCED", Subject: v.template(), Value: v.CorrectCategory, Urgency: UrgencyWarning}
		if v.PreviousCategory != "" || n.Value == "" {
			n.Code, n.Value = "CHANGED", v.NewCategory
		}
		return n
	},
	"phone_number_quality_update": func(v *noticeValue) Notice {
		n := Notice{Kind: NoticeNumber, Code: v.Event, Subject: v.number(), Value: v.Limit, Urgency: urgent(v.Event, "DOWNGRADE", "FLAGGED")}
		if n.Value == "" {
			n.Value = strings.Trim(string(v.Daily), `"`)
		}
		return n
	},
	"phone_number_name_update": func(v *noticeValue) Notice {
		return Notice{Kind: NoticeName, Code: v.Decision, Subject: v.number(), Urgency: urgent(v.Decision, "REJECTED", "DECLINED")}
	},
	"business_capability_update": func(v *noticeValue) Notice {
		n := Notice{Kind: NoticeLimit, Code: "CAPABILITY", Value: strings.Trim(string(v.Daily), `"`), Urgency: UrgencyInfo}
		if n.Value == "" {
			n.Value = strings.Trim(string(v.DailyEach), `"`)
		}
		return n
	},
	"account_update": account,
	"account_review_update": func(v *noticeValue) Notice {
		return Notice{Kind: NoticeReview, Code: v.Decision, Urgency: urgent(v.Decision, "REJECTED")}
	},
	"account_alerts": func(v *noticeValue) Notice {
		n := Notice{Kind: NoticeWarning, Code: v.Alert.Type, Value: v.Alert.Status, Urgency: UrgencyInfo}
		if v.Alert.Status != "RESOLVED" && v.Alert.Status != "NONE" {
			n.Urgency = map[string]Urgency{"CRITICAL": UrgencyCritical, "WARNING": UrgencyWarning}[v.Alert.Severity]
		}
		if n.Urgency == "" {
			n.Urgency = UrgencyInfo
		}
		return n
	},
	"security": func(v *noticeValue) Notice {
		return Notice{Kind: NoticeSecurity, Code: v.Event, Subject: v.number(), Urgency: UrgencyWarning}
	},
}

func account(v *noticeValue) Notice {
	n := Notice{Kind: NoticeAccount, Code: v.Event, Value: v.Violation.Type, Urgency: urgent(v.Event, "PARTNER_REMOVED")}
	switch v.Event {
	case "ACCOUNT_DELETED", "ACCOUNT_VIOLATION", "ACCOUNT_OFFBOARDED":
		n.Urgency = UrgencyCritical
	case "ACCOUNT_RESTRICTION":
		n.Urgency = UrgencyCritical
		if len(v.Limits) > 0 {
			n.Value = v.Limits[0].Type
		}
	case "DISABLED_UPDATE":
		n.Value = v.Ban.State
		if n.Urgency = UrgencyCritical; n.Value == "REINSTATE" {
			n.Urgency = UrgencyInfo
		}
	}
	return n
}

func urgent(code string, those ...string) Urgency {
	for _, c := range those {
		if c == code {
			return UrgencyWarning
		}
	}
	return UrgencyInfo
}

// template names a template by Meta's own rules; what cannot be a name is none.
func (v *noticeValue) template() string {
	const names = "abcdefghijklmnopqrstuvwxyz0123456789_"
	if v.Name == "" || len(v.Name) > 512 || strings.Trim(v.Name, names) != "" {
		return ""
	}
	if l := code(strings.ReplaceAll(v.Language, "-", "_")); l != "" {
		return v.Name + " " + l
	}
	return v.Name
}

// number names the business number.
func (v *noticeValue) number() string {
	digits := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, v.Phone)
	if len(digits) < 5 || len(digits) > 15 {
		return ""
	}
	return "+" + digits
}

// code passes what looks like one of Meta's codes, and nothing else.
func code(s string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
	if _, err := strconv.Atoi(s); len(s) > 64 || err != nil && strings.Trim(s, letters) != "" {
		return ""
	}
	return s
}
