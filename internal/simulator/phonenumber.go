package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// phoneNumber is GET /{phone_number_id}?fields=….
// (business-phone-numbers/phone-numbers)
func (s *Simulator) phoneNumber(w http.ResponseWriter, r *http.Request, n *number) *graphError {
	s.mu.Lock()
	level, platform := "STANDARD", "CLOUD_API"
	if n.Throughput > 80 {
		level = "HIGH"
	}
	if n.Unregistered {
		platform = "NOT_APPLICABLE"
	}
	onApp, tier := n.OnApp, s.settings.Tier
	webhook := map[string]string{"application": n.callback()}
	s.mu.Unlock()
	all := map[string]any{
		"id": n.PhoneNumberID, "display_phone_number": n.DisplayPhone, "verified_name": n.VerifiedName,
		"quality_rating": "GREEN", "code_verification_status": "VERIFIED", "name_status": "APPROVED",
		"platform_type": platform, "throughput": map[string]string{"level": level}, "is_on_biz_app": onApp, "webhook_configuration": webhook,
		"whatsapp_business_manager_messaging_limit": tier, "is_official_business_account": false,
		"account_mode": "SANDBOX", "status": "CONNECTED", "health_status": map[string]string{"can_send_message": "AVAILABLE"},
	}
	wanted := []string{"display_phone_number", "verified_name", "quality_rating"}
	if fields := r.URL.Query().Get("fields"); fields != "" {
		wanted = strings.Split(fields, ",")
	}
	out := map[string]any{"id": n.PhoneNumberID}
	for _, field := range wanted {
		v, ok := all[strings.TrimSpace(field)]
		if !ok {
			return unsupported("Tried accessing nonexisting field (%s) on node type (WhatsAppBusinessPhoneNumber)", clip(field, 60))
		}
		out[strings.TrimSpace(field)] = v
	}
	s.answer(w, out)
	return nil
}

// messageHistory is GET /{phone_number_id}/message_history: delivery events of
// messages the business sent, newest first, without content.
func (s *Simulator) messageHistory(w http.ResponseWriter, r *http.Request, n *number) *graphError {
	q := r.URL.Query()
	limit := 25
	if v := q.Get("limit"); v != "" {
		var err error
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > 100 {
			return unsupported("Param limit must be a number from 1 to 100.")
		}
	}
	s.mu.Lock()
	list := s.historyOf(n, q.Get("message_id"))
	offset := decodeCursor(q.Get("after"))
	total := len(list)
	list = list[min(offset, total):min(offset+limit, total)]
	withEvents := strings.Contains(q.Get("fields"), "events")
	data := make([]map[string]any, len(list))
	for i, m := range list {
		data[i] = map[string]any{"id": m.historyI, "message_id": m.ID}
		if withEvents {
			data[i]["events"] = map[string]any{"data": m.events(n.callback())}
		}
	}
	s.mu.Unlock()
	if id := q.Get("message_id"); id != "" && !strings.HasPrefix(id, "wamid.") {
		return unsupported("Invalid parameter: message_id format is invalid")
	}
	out := map[string]any{"data": data}
	if offset+limit < total {
		next := *r.URL
		q.Set("after", encodeCursor(offset+limit))
		next.RawQuery = q.Encode()
		out["paging"] = map[string]any{"cursors": map[string]string{"after": encodeCursor(offset + limit)}, "next": s.publicURL(r) + next.RequestURI()}
	}
	s.answer(w, out)
	return nil
}

func (s *Simulator) historyOf(n *number, id string) []*message {
	var list []*message
	if id != "" {
		if m := s.messages[id]; m != nil && m.out && m.Number == n.PhoneNumberID {
			list = append(list, m)
		}
		return list
	}
	for _, m := range s.messages {
		if m.out && m.Number == n.PhoneNumberID {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *message) int {
		if a.At != b.At {
			return int(b.At - a.At)
		}
		return strings.Compare(b.ID, a.ID)
	})
	return list
}

func (m *message) events(uri string) []map[string]any {
	out := make([]map[string]any, len(m.history))
	for i, e := range m.history {
		out[i] = map[string]any{
			"id": e.id, "delivery_status": strings.ToUpper(e.status), "timestamp": e.at.Unix(),
			"webhook_update_state": e.state, "webhook_uri": uri,
		}
		if e.status == "failed" {
			out[i]["error_description"] = newError(m.failure, "").title
		}
	}
	return out
}

func encodeCursor(n int) string { return base64.URLEncoding.EncodeToString([]byte(strconv.Itoa(n))) }

func decodeCursor(c string) int {
	raw, err := base64.URLEncoding.DecodeString(c)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// subscribedApps is GET, POST and DELETE /{waba}/subscribed_apps. An override
// is called with the handshake first. (webhooks/override)
func (s *Simulator) subscribedApps(w http.ResponseWriter, r *http.Request, waba string) *graphError {
	switch r.Method {
	case http.MethodGet:
		s.answer(w, map[string]any{"data": s.subscriptions(waba)})
		return nil
	case http.MethodDelete:
		s.subscribe(waba, false, "")
		s.answer(w, map[string]bool{"success": true})
		return nil
	case http.MethodPost:
		uri, err := s.checkOverride(r)
		if err != nil {
			return err
		}
		s.subscribe(waba, true, uri)
		out := map[string]any{"success": true}
		if uri != "" {
			out["data"] = s.subscriptions(waba)
		}
		s.answer(w, out)
		return nil
	}
	return newError(2500, "Unsupported "+strings.ToLower(r.Method)+" request.")
}

func (s *Simulator) checkOverride(r *http.Request) (string, *graphError) {
	var in struct {
		URI   string `json:"override_callback_uri"`
		Token string `json:"verify_token"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxRequest)).Decode(&in); err != nil && err.Error() != "EOF" {
		return "", unsupported("The request body is not valid JSON.")
	}
	if in.URI == "" {
		return "", nil
	}
	if u, err := url.Parse(in.URI); err != nil || u.Host == "" || len(in.URI) > 200 {
		return "", unsupported("Invalid callback URI format")
	}
	if err := s.handshake(r.Context(), in.URI, in.Token); err != nil {
		return "", newError(2200, err.Error())
	}
	return in.URI, nil
}

func (s *Simulator) subscribe(waba string, on bool, override string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.numbers {
		if n.WABA == waba {
			n.subscribed, n.override = on, override
			s.journal.mark(n)
		}
	}
	s.publish("numbers", nil)
}

func (s *Simulator) subscriptions(waba string) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.account(waba)
	out := []any{}
	if n == nil || !n.subscribed {
		return out
	}
	app := map[string]any{"whatsapp_business_api_data": map[string]string{"id": "9000000000000001", "name": "Desk"}}
	if n.override != "" {
		app["override_callback_uri"] = n.override
	}
	return append(out, app)
}
