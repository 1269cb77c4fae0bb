package channel_test

import (
	"fmt"
	"strings"
	"testing"

	"botschaft/internal/channel"
	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// told writes Details as one line, so that a whole is compared and not what a test thinks of.
func told(d desk.Details) string {
	var parts []string
	say := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if d.File != nil {
		say("file %q %s voice=%t animated=%t", d.File.Name.Reveal(), d.File.Type, d.File.Voice, d.File.Animated)
	}
	if d.Location != nil {
		say("location %g %g %q %q", d.Location.Latitude, d.Location.Longitude, d.Location.Name.Reveal(), d.Location.Address.Reveal())
	}
	for _, c := range d.Cards {
		say("card %q %q phones=%s emails=%s addresses=%s urls=%s born=%q own=%t", c.Name.Reveal(), c.Work.Reveal(),
			all(c.Phones), all(c.Emails), all(c.Addresses), all(c.URLs), c.Birthday.Reveal(), c.Own)
	}
	if d.Choice != nil {
		say("choice %q %q", d.Choice.Title.Reveal(), d.Choice.Description.Reveal())
	}
	for _, a := range d.Answers {
		say("answer %q=%q", a.Field.Reveal(), a.Value.Reveal())
	}
	if d.Order != nil {
		say("order %v", d.Order.Products)
	}
	if d.Referral != nil {
		say("referral %s %q %q %s", d.Referral.Kind, d.Referral.Headline.Reveal(), d.Referral.Body.Reveal(), d.Referral.URL)
	}
	if d.Forwarded != "" || d.System != "" || d.Why != "" {
		say("%s%s%s", d.Forwarded, d.System, d.Why)
	}
	return strings.Join(parts, "; ")
}

func all(texts []private.Text) string {
	parts := make([]string, len(texts))
	for i, t := range texts {
		parts[i] = t.Reveal()
	}
	return strings.Join(parts, "|")
}

// What was kept of a Message holds all that it said beside its text, of every kind.
func TestDetails(t *testing.T) {
	for name, tc := range map[string]struct{ raw, want string }{
		"nothing":     {``, ``},
		"no JSON":     {`{"type":"image"`, ``},
		"no message":  {`[1]`, ``},
		"plain":       {`{"type":"text","text":{"body":"a"}}`, ``},
		"forwarded":   {`{"type":"text","text":{"body":"a"},"context":{"forwarded":true}}`, `forwarded`},
		"often":       {`{"type":"text","text":{"body":"a"},"context":{"forwarded":true,"frequently_forwarded":true}}`, `frequently_forwarded`},
		"an answer":   {`{"type":"text","text":{"body":"a"},"context":{"id":"wamid.x"}}`, ``},
		"picture":     {`{"type":"image","image":{"id":"1","mime_type":"image/jpeg","sha256":"x","caption":"Delle"}}`, `file "" image/jpeg voice=false animated=false`},
		"voice":       {`{"type":"audio","audio":{"id":"1","mime_type":"audio/ogg; codecs=opus","voice":true}}`, `file "" audio/ogg; codecs=opus voice=true animated=false`},
		"document":    {`{"type":"document","document":{"id":"1","filename":"Police 7.pdf","mime_type":"application/pdf"}}`, `file "Police 7.pdf" application/pdf voice=false animated=false`},
		"sticker":     {`{"type":"sticker","sticker":{"id":"1","mime_type":"image/webp","animated":true}}`, `file "" image/webp voice=false animated=true`},
		"location":    {`{"type":"location","location":{"latitude":52.5,"longitude":13.4,"name":"Werkstatt","address":"Ufer 1, Berlin"}}`, `location 52.5 13.4 "Werkstatt" "Ufer 1, Berlin"`},
		"bare place":  {`{"type":"location","location":{"latitude":-1,"longitude":0}}`, `location -1 0 "" ""`},
		"card":        {`{"type":"contacts","contacts":[{"name":{"formatted_name":"Eva M."},"org":{"company":"Muster","title":"Gutachterin"},"phones":[{"phone":"+49 30 1"},{"phone":"+49 30 2"}],"emails":[{"email":"e@m.example"}],"addresses":[{"street":"Ufer 1","zip":"10115","city":"Berlin"}],"urls":[{"url":"https://m.example"}],"birthday":"1980-01-02"}]}`, `card "Eva M." "Muster, Gutachterin" phones=+49 30 1|+49 30 2 emails=e@m.example addresses=Ufer 1, 10115 Berlin urls=https://m.example born="1980-01-02" own=false`},
		"own card":    {`{"type":"contacts","contacts":[{"name":{"first_name":"Eva","last_name":"M."},"phones":[{"phone":"1"}],"origin":"contact_request"}]}`, `card "Eva M." "" phones=1 emails= addresses= urls= born="" own=true`},
		"chosen":      {`{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"1","title":"Kfz","description":"Auto und Rad"}}}`, `choice "Kfz" "Auto und Rad"`},
		"button":      {`{"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"1","title":"Ja"}}}`, ``},
		"form":        {`{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","response_json":"{\"flow_token\":\"t\",\"Ort\":\"Köln\",\"Tage\":2,\"Wo\":[\"Tür\",\"Dach\"],\"Polizei\":true,\"Mehr\":{\"a\":1}}"}}}`, `answer "Ort"="Köln"; answer "Tage"="2"; answer "Wo"="Tür, Dach"; answer "Polizei"="true"; answer "Mehr"="{\"a\":1}"`},
		"torn form":   {`{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{\"Ort\":\"Köln\",\"Ta"}}}`, `answer ""="{\"Ort\":\"Köln\",\"Ta"`},
		"plain form":  {`{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":{"Ort":"Ulm"}}}}`, `answer "Ort"="Ulm"`},
		"no place":    {`{"type":"location","location":{"latitude":52.5,"name":"Werkstatt"}}`, ``},
		"odd place":   {`{"type":"location","location":{"latitude":"52.5","longitude":"1342"}}`, ``},
		"text place":  {`{"type":"location","location":{"latitude":"52.5","longitude":"13.4"}}`, `location 52.5 13.4 "" ""`},
		"odd form":    {`{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"ja"}}}`, `answer ""="ja"`},
		"order":       {`{"type":"order","order":{"catalog_id":"1","product_items":[{"product_retailer_id":"p","quantity":2,"item_price":3.5,"currency":"EUR"}]}}`, `order [{p 2 3.5 EUR}]`},
		"by an ad":    {`{"type":"text","text":{"body":"a"},"referral":{"source_url":"https://fb.example/1","source_type":"ad","headline":"Jetzt wechseln","body":"Bis 30.11."}}`, `referral ad "Jetzt wechseln" "Bis 30.11." https://fb.example/1`},
		"new number":  {`{"type":"system","system":{"type":"user_changed_number","body":"x","wa_id":"49171"}}`, `new_number`},
		"new device":  {`{"type":"system","system":{"type":"customer_identity_changed","body":"x"}}`, `new_identity`},
		"other news":  {`{"type":"system","system":{"type":"brand_new"}}`, `other`},
		"poll":        {`{"type":"unsupported","unsupported":{"type":"poll"},"errors":[{"code":131051}]}`, `poll`},
		"unsupported": {`{"type":"unsupported","errors":[{"code":131060}]}`, `131060`},
		"unknown":     {`{"type":"hologram","hologram":{}}`, `hologram`},
		"edited":      {`{"type":"edit","edit":{"original_message_id":"wamid.x","message":{"type":"document","document":{"id":"1","filename":"neu.pdf"}}}}`, `file "neu.pdf"  voice=false animated=false`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(channel.Details(desk.Content{Raw: private.NewText(tc.raw)})); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// Whatever was kept, reading it breaks nothing.
func FuzzDetails(f *testing.F) {
	f.Add(`{"type":"interactive","interactive":{"nfm_reply":{"response_json":"{\"a\":[1,{}]}"}}}`)
	f.Add(`{"type":"contacts","contacts":[{"name":{}}]}`)
	f.Fuzz(func(_ *testing.T, raw string) { channel.Details(desk.Content{Raw: private.NewText(raw)}) })
}
