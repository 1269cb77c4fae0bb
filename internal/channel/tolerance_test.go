package channel

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

// became writes in a few words what Arrivals are.
func became(arrivals []desk.Arrival) string {
	words := make([]string, len(arrivals))
	for i, a := range arrivals {
		switch {
		case a.Undecodable:
			words[i] = "aside"
		case a.Message != nil:
			words[i] = strings.TrimSpace(string(a.Message.Kind) + " " + a.Message.Content.Text.Reveal())
			if details := written(reflect.ValueOf(Details(a.Message.Content))); details != "" {
				words[i] += " {" + details + "}"
			}
		case a.Status != nil:
			words[i] = "status " + string(a.Status.Status) + a.Status.Failure
		case a.Preference != nil:
			words[i] = fmt.Sprintf("stops=%t by %s", a.Preference.Stops, written(reflect.ValueOf(a.Preference.From)))
		case a.Rotation != nil:
			words[i] = "from " + written(reflect.ValueOf(a.Rotation.Before)) + " to " + written(reflect.ValueOf(a.Rotation.After))
		case a.Alert != nil:
			words[i] = fmt.Sprintf("alert %s %s %s %s %s", a.Alert.Kind, a.Alert.Code, a.Alert.Subject, a.Alert.Value, a.Alert.Severity)
		default:
			words[i] = "nothing"
		}
	}
	return strings.Join(words, "; ")
}

// What is odd and can be understood is understood; what cannot is set aside, and never what
// stands beside it.
func TestDecodeOddMessages(t *testing.T) {
	const from = `"id":"wamid.1","from":"491713920001","timestamp":"1795003496",`
	for name, tc := range map[string]struct{ message, want string }{
		"no type":                 {from + `"text":{"body":"x"}`, "text x"},
		"no type, two contents":   {from + `"text":{"body":"x"},"location":{"latitude":1,"longitude":2}`, "unsupported x {Location:Latitude:1;Longitude:2;;}"},
		"no type, no content":     {from + `"referral":{"source_type":"ad"}`, "unsupported {Referral:Kind:ad;;}"},
		"number for text":         {from + `"type":"text","text":{"body":4711}`, "text 4711"},
		"text without its object": {from + `"type":"text","text":"x"`, "text x"},
		"numbers for ids":         {`"id":17,"from":491713920001,"type":"text","text":{"body":"x"}`, "text x"},
		"number with signs":       {`"id":"1","from":"+49 (171) 392-0001","type":"text","text":{"body":"x"}`, "text x"},
		"empty text":              {from + `"type":"text","text":{"body":""}`, "text"},
		"text null":               {from + `"type":"text","text":null`, "aside"},
		"unknown type with text":  {from + `"type":"hologram","text":{"body":"x"}`, "unsupported x {Why:hologram;}"},
		"unknown type, nested":    {from + `"type":"hologram","hologram":{"type":"text","text":{"body":"x"}}`, "unsupported {Why:hologram;}"},
		"unknown, errors empty":   {from + `"type":"unsupported","errors":[]`, "unsupported {Why:unsupported;}"},
		"one error, no list":      {from + `"type":"unsupported","errors":{"code":"131051"}`, "unsupported {Why:131051;}"},
		"request of a welcome":    {from + `"type":"request_welcome"`, "unsupported {Why:request_welcome;}"},
		"errors beside a text":    {from + `"type":"text","text":{"body":"x"},"errors":[{"code":1}]`, "text x"},
		"file without all":        {from + `"type":"image","image":{}`, "image"},
		"file by number":          {from + `"type":"image","image":{"id":77,"url":"https://lookaside.example/x"}`, "image {File:ID:77;;}"},
		"file missing":            {from + `"type":"document","errors":[{"code":131052}]`, "document"},
		"voice as text":           {from + `"type":"audio","audio":{"id":"1","voice":"true"}`, "audio {File:Voice:true;ID:1;;}"},
		"voice not":               {from + `"type":"audio","audio":{"id":"1","voice":"false"}`, "audio {File:ID:1;;}"},
		"place in texts":          {from + `"type":"location","location":{"latitude":"50.9","longitude":"-6.5"}`, "location {Location:Latitude:50.9;Longitude:-6.5;;}"},
		"place without place":     {from + `"type":"location","location":{"latitude":null,"longitude":6.5,"name":"Dom"}`, "location Dom"},
		"place off the earth":     {from + `"type":"location","location":{"latitude":91,"longitude":6.5}`, "location"},
		"no cards":                {from + `"type":"contacts","contacts":[]`, "contacts"},
		"one card, no list":       {from + `"type":"contacts","contacts":{"name":{"first_name":"Eva"},"phones":[]}`, "contacts {Cards:[Name:Eva;];}"},
		"cards null":              {from + `"type":"contacts","contacts":null`, "aside"},
		"reaction gone, null":     {from + `"type":"reaction","reaction":{"message_id":"b","emoji":null}`, "reaction"},
		"reaction gone, empty":    {from + `"type":"reaction","reaction":{"message_id":"b","emoji":""}`, "reaction"},
		"tap without payload":     {from + `"type":"button","button":{"text":"Stopp"}`, "button Stopp"},
		"tap without text":        {from + `"type":"button","button":{"payload":"Stopp"}`, "button Stopp"},
		"form, plain object":      {from + `"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":{"a":1,"flow_token":"t"}}}`, "interactive {Answers:[Field:a;Value:1;];}"},
		"form, no JSON":           {from + `"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"ja, bitte"}}`, "interactive {Answers:[Value:ja, bitte;];}"},
		"form, torn":              {from + `"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{\"a\":1,\"b"}}`, `interactive {Answers:[Value:{"a":1,"b;];}`},
		"form without answers":    {from + `"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":null}`, "interactive"},
		"reply of a new sort":     {from + `"type":"interactive","interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept"}}`, "interactive"},
		"order without products":  {from + `"type":"order","order":{"catalog_id":1}`, "order"},
		"one product, no list":    {from + `"type":"order","order":{"product_items":{"product_retailer_id":1,"quantity":"2","item_price":1e3,"currency":"EUR"}}`, "order {Order:Products:[ID:1;Quantity:2;Price:1e3;Currency:EUR;];;}"},
		"edit of a place":         {from + `"type":"edit","edit":{"original_message_id":"b","message":{"type":"location","location":{"latitude":1,"longitude":2,"name":"n"}}}`, "edit n {Location:Latitude:1;Longitude:2;Name:n;;}"},
		"edit without type":       {from + `"type":"edit","edit":{"original_message_id":"b","message":{"text":{"body":"neu"}}}`, "edit neu"},
		"edit of an edit":         {from + `"type":"edit","edit":{"original_message_id":"b","message":{"type":"edit","edit":{"original_message_id":"c"}}}`, "unsupported {Why:edit;}"},
		"edit of a new kind":      {from + `"type":"edit","edit":{"original_message_id":"b","message":{"type":"hologram","hologram":{}}}`, "unsupported {Why:edit;}"},
		"edit of another type":    {from + `"type":"edit","edit":{"original_message_id":"b","message":["neu"]}`, "unsupported {Why:edit;}"},
		"edit of nothing":         {from + `"type":"edit","edit":{"message":{"type":"text","text":{"body":"neu"}}}`, "aside"},
		"revoke by number":        {from + `"type":"revoke","revoke":{"original_message_id":5}`, "revoke"},
		"forwarded as text":       {from + `"type":"text","text":{"body":"x"},"context":{"forwarded":"true","frequently_forwarded":"true"}`, "text x {Forwarded:frequently_forwarded;}"},
		"context of a product":    {from + `"type":"text","text":{"body":"x"},"context":{"referred_product":{"catalog_id":1,"product_retailer_id":2}}`, "text x"},
		"referral of a post":      {from + `"type":"text","text":{"body":"x"},"referral":{"source_type":"post","source_id":12,"headline":null}`, "text x {Referral:Kind:post;;}"},
		"number changed, v11":     {from + `"type":"system","system":{"type":"customer_changed_number","new_wa_id":"491713920002"}`, "system {System:new_number;}"},
		"number changed, nobody":  {`"id":"1","type":"system","system":{"type":"customer_changed_number","customer":"491713920001","wa_id":"491713920002"}`, "system {System:new_number;}"},
		"system of a new sort":    {from + `"type":"system","system":{"type":"security_code_changed"}`, "system {System:other;}"},
		"type of another type":    {from + `"type":{"a":1},"text":{"body":"x"}`, "text x"},
		"id missing":              {`"from":"491713920001","type":"text","text":{"body":"x"}`, "aside"},
		"nobody":                  {`"id":"1","type":"text","text":{"body":"x"}`, "aside"},
		"nobody's id":             {`"id":"1","from":"undefined","from_user_id":"undefined","type":"text","text":{"body":"x"}`, "aside"},
		"user id alone":           {`"id":"1","from_user_id":"DE.13491","type":"text","text":{"body":"x"}`, "text x"},
		"in a group":              {from + `"group_id":"g","type":"text","text":{"body":"x"}`, "alert group MESSAGE   warning"},
	} {
		t.Run(name, func(t *testing.T) {
			arrivals, _ := decode(t, body(`{"metadata":{"phone_number_id":"33002"},"messages":[
				{"id":"wamid.a","from":"491713920009","type":"text","text":{"body":"before"}},{`+tc.message+`},
				{"id":"wamid.b","from":"491713920009","type":"text","text":{"body":"after"}}]}`))
			if got, want := became(arrivals), "text before; "+tc.want+"; text after"; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestDecodeOddStatuses(t *testing.T) {
	for name, tc := range map[string]struct{ status, want string }{
		"numbers for ids":      {`"id":7,"status":"read","recipient_id":491713920001`, "status read"},
		"unknown word":         {`"id":"a","status":"warning"`, "status "},
		"deleted":              {`"id":"a","status":"deleted"`, "status "},
		"played":               {`"id":"a","status":"played"`, "status read"},
		"failed without why":   {`"id":"a","status":"failed","errors":[]`, "status failedunknown"},
		"code as text":         {`"id":"a","status":"failed","errors":[{"code":"131026"}]`, "status failed131026"},
		"one error, no list":   {`"id":"a","status":"failed","errors":{"code":131026}`, "status failed131026"},
		"odd pricing":          {`"id":"a","status":"sent","pricing":"free","conversation":[],"biz_opaque_callback_data":{"a":1},"timestamp":1e400`, "status sent"},
		"a payment that fails": {`"id":"a","status":"failed","type":"payment","payment":{"reference_id":"r"}`, "status "},
		"a payment pending":    {`"id":"a","status":"pending","type":"payment"`, "status "},
		"a call":               {`"id":"a","status":"REJECTED","type":"call"`, "status "},
		"no word":              {`"id":"a","status":null`, "aside"},
		"no id":                {`"status":"sent"`, "aside"},
	} {
		arrivals, _ := decode(t, body(`{"statuses":[{"id":"x","status":"sent"},{`+tc.status+`},{"id":"y","status":"read"}]}`))
		if got, want := became(arrivals), "status sent; "+tc.want+"; status read"; got != want {
			t.Errorf("%s: got  %s\nwant %s", name, got, want)
		}
	}
}

// Bodies that are put together unlike Meta's.
func TestDecodeOddBodies(t *testing.T) {
	const message, text = `{"id":"1","from":"491713920001","type":"text","text":{"body":"x"}}`, "text x"
	in := func(field, value string) string {
		return `{"entry":[{"id":"2","changes":[{"field":"` + field + `","value":` + value + `}]}]}`
	}
	for name, tc := range map[string]struct{ body, want string }{
		"a mark of byte order":  {"\uFEFF" + in("messages", `{"messages":[`+message+`]}`), text},
		"no lists":              {`{"entry":{"id":"2","changes":{"field":"messages","value":{"messages":` + message + `}}}}`, text},
		"no field":              {`{"entry":[{"changes":[{"value":{"messages":[` + message + `]}}]}]}`, text},
		"no object":             {`{"entry":[{"changes":[{"field":"messages","value":{"messages":[` + message + `]}}]}]}`, text},
		"all at once":           {in("messages", `{"statuses":[{"id":"a","status":"sent"}],"errors":[{"code":131031}],"messages":[`+message+`,7],"contacts":7}`), "status sent; alert error 131031   critical; text x; aside"},
		"an error nobody needs": {in("messages", `{"errors":[{"code":130429}]}`), "alert error 130429   info"},
		"an unknown error":      {in("messages", `{"errors":[{"code":987654321}]}`), "alert error 987654321   warning"},
		"nothing":               {`{"object":"whatsapp_business_account","entry":[]}`, ""},
		"no changes":            {`{"entry":[{"id":"2"},{"id":"2","changes":[{"field":"messages","value":{"messages":[` + message + `]}}]}]}`, "aside; " + text},
		"a page's body":         {`{"object":"page","entry":[{"id":"2","messaging":[{"message":{"text":"x"}}]}]}`, "aside"},
		"preferences": {in("user_preferences", `{"user_preferences":[
			{"wa_id":491713920001,"value":"STOP","timestamp":"1795030000000"},
			{"wa_id":"DE.13491","category":"marketing_messages","value":"resume"},
			{"wa_id":"491713920001","category":"utility","value":"stop"},
			{"wa_id":"491713920001","category":"marketing_messages","value":"later"},
			{"category":"marketing_messages","value":"stop"}, 7]}`),
			"nothing; stops=true by [Kind:phone;Value:+491713920001;]; stops=false by [Kind:bsuid;Value:DE.13491;]; aside; aside; aside"},
		"a preference by its contact": {in("user_preferences", `{"contacts":[{"wa_id":"491713920001"}],"user_preferences":[{"value":"stop"}]}`), "nothing; stops=true by [Kind:phone;Value:+491713920001;]"},
		"no preferences":              {in("user_preferences", `{"preferences":[]}`), "nothing; aside"},
		"rotations": {in("user_id_update", `{"user_id_update":[{"user_id":"DE.1"},{"wa_id":7,"user_id":{"previous":"DE.1","current":"DE.2"},"timestamp":null}]}`),
			"nothing; aside; from [Kind:bsuid;Value:DE.1;] to [Kind:bsuid;Value:DE.2;]"},
		"a notice of other types": {in("account_update", `{"event":"ACCOUNT_RESTRICTION","ban_info":"x","restriction_info":{"a":1},"waba_info":[]}`), "alert account ACCOUNT_RESTRICTION   critical"},
		"a template's notice":     {in("message_template_status_update", `{"event":"REJECTED","message_template_name":"a_b","message_template_language":7,"reason":null}`), "alert template REJECTED a_b  warning"},
	} {
		t.Run(name, func(t *testing.T) {
			arrivals, _ := decode(t, []byte(tc.body))
			if got := became(arrivals); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
	w := NewWhatsApp(nil, nil, func(string, int) {})
	for _, foreign := range []string{`{"messages":[` + message + `]}`, `{"statuses":[{"id":"1"}]}`, `[{"entry":[]}]`} {
		if _, err := w.Decode([]byte(foreign)); err == nil {
			t.Errorf("%s: is lost", foreign)
		}
	}
}
