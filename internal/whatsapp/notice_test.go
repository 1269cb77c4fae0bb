package whatsapp

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestNotices(t *testing.T) {
	for _, c := range []struct {
		field, value string
		want         Notice
	}{
		{"message_template_status_update", `{"event":"REJECTED","message_template_id":9007199254740993,"message_template_name":"schaden_eingang","message_template_language":"de-DE","reason":"INVALID_FORMAT","rejection_info":{"reason":"Canary"}}`,
			Notice{NoticeTemplate, "REJECTED", "schaden_eingang de_DE", "INVALID_FORMAT", "", UrgencyWarning}},
		{"message_template_status_update", `{"event":"APPROVED","message_template_name":"schaden","message_template_language":"de","reason":"NONE"}`,
			Notice{NoticeTemplate, "APPROVED", "schaden de", "NONE", "", UrgencyInfo}},
		{"message_template_quality_update", `{"new_quality_score":"RED","previous_quality_score":"GREEN","message_template_name":"a_1"}`,
			Notice{NoticeQuality, "RED", "a_1", "", "", UrgencyWarning}},
		{"template_category_update", `{"message_template_name":"a","previous_category":"UTILITY","new_category":"MARKETING"}`,
			Notice{NoticeCategory, "CHANGED", "a", "MARKETING", "", UrgencyWarning}},
		{"template_category_update", `{"message_template_name":"a","new_category":"UTILITY","correct_category":"MARKETING"}`,
			Notice{NoticeCategory, "ANNOUNCED", "a", "MARKETING", "", UrgencyWarning}},
		{"phone_number_quality_update", `{"display_phone_number":"+49 221 4710123","event":"DOWNGRADE","old_limit":"TIER_10K","current_limit":"TIER_2K"}`,
			Notice{NoticeNumber, "DOWNGRADE", "+492214710123", "TIER_2K", "", UrgencyWarning}},
		{"phone_number_quality_update", `{"event":"ONBOARDING","max_daily_conversations_per_business":"TIER_250"}`,
			Notice{NoticeNumber, "ONBOARDING", "", "TIER_250", "", UrgencyInfo}},
		{"phone_number_name_update", `{"decision":"REJECTED","requested_verified_name":"Canary","rejection_reason":"Canary"}`,
			Notice{NoticeName, "REJECTED", "", "", "", UrgencyWarning}},
		{"business_capability_update", `{"max_daily_conversations_per_business":2000,"max_phone_numbers_per_business":20}`,
			Notice{NoticeLimit, "CAPABILITY", "", "2000", "", UrgencyInfo}},
		{"account_update", `{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SPAM"}}`,
			Notice{NoticeAccount, "ACCOUNT_VIOLATION", "", "SPAM", "", UrgencyCritical}},
		{"account_update", `{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE"}}`,
			Notice{NoticeAccount, "DISABLED_UPDATE", "", "REINSTATE", "", UrgencyInfo}},
		{"account_update", `{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}}`,
			Notice{NoticeAccount, "DISABLED_UPDATE", "", "DISABLE", "", UrgencyCritical}},
		{"account_update", `{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_ADD_PHONE_NUMBER_ACTION"}]}`,
			Notice{NoticeAccount, "ACCOUNT_RESTRICTION", "", "RESTRICTED_ADD_PHONE_NUMBER_ACTION", "", UrgencyCritical}},
		{"account_update", `{"event":"PARTNER_ADDED","waba_info":{"waba_id":"220011009900887"}}`,
			Notice{NoticeAccount, "PARTNER_ADDED", "", "", "220011009900887", UrgencyInfo}},
		{"account_review_update", `{"decision":"REJECTED"}`, Notice{NoticeReview, "REJECTED", "", "", "", UrgencyWarning}},
		{"account_alerts", `{"alert_info":{"alert_severity":"CRITICAL","alert_status":"ACTIVE","alert_type":"OBA_APPROVED","alert_description":"Canary"}}`,
			Notice{NoticeWarning, "OBA_APPROVED", "", "ACTIVE", "", UrgencyCritical}},
		{"account_alerts", `{"alert_info":{"alert_severity":"WARNING","alert_status":"RESOLVED","alert_type":"THROUGHPUT"}}`,
			Notice{NoticeWarning, "THROUGHPUT", "", "RESOLVED", "", UrgencyInfo}},
		{"security", `{"display_phone_number":"492214710123","event":"PIN_CHANGED","requester":"Canary"}`,
			Notice{NoticeSecurity, "PIN_CHANGED", "+492214710123", "", "", UrgencyWarning}},
	} {
		got, ok := NoticeOf(c.field, json.RawMessage(c.value))
		if !ok || got != c.want {
			t.Errorf("%s %s:\ngot  %+v\nwant %+v", c.field, c.value, got, c.want)
		}
	}
}

// A notice holds codes and names of templates; free text, which may be about people, is none.
func TestNoticesHoldNoFreeText(t *testing.T) {
	const canary = "Erika Canary, 0170 1234567"
	for field := range notices {
		text := func(keys ...string) string {
			var b strings.Builder
			for _, k := range keys {
				b.WriteString(`"` + k + `":"` + canary + `",`)
			}
			return b.String()
		}
		value := `{` + text("event", "decision", "reason", "message_template_name", "message_template_language", "new_quality_score", "new_category",
			"previous_category", "correct_category", "current_limit") +
			`"ban_info":{"waba_ban_state":"` + canary + `"},"violation_info":{"violation_type":"` + canary + `"},"alert_info":{"alert_type":"` + canary + `"}}`
		if got, _ := NoticeOf(field, json.RawMessage(value)); strings.Contains(got.Code+got.Subject+got.Value+got.WABA, "Canary") {
			t.Errorf("%s: %+v", field, got)
		}
	}
	for _, bad := range []string{"", "1", "[]", `{"event":7}`, `{}`} {
		if got, ok := NoticeOf("account_update", json.RawMessage(bad)); ok {
			t.Errorf("%q: %+v", bad, got)
		}
	}
	if _, ok := NoticeOf("messages", json.RawMessage(`{"event":"X"}`)); ok {
		t.Error("messages are no notice")
	}
}
