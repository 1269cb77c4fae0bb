package simulator

import "net/http"

func (s *Simulator) ctlAddNumber(r *http.Request) (any, error) {
	var in struct {
		PhoneNumberID string     `json:"phone_number_id"`
		WABA          string     `json:"waba_id"`
		Portfolio     string     `json:"portfolio"`
		DisplayPhone  string     `json:"display_phone"`
		VerifiedName  string     `json:"verified_name"`
		WebhookURL    string     `json:"webhook_url"`
		AppSecret     string     `json:"app_secret"`
		VerifyToken   string     `json:"verify_token"`
		AccessToken   string     `json:"access_token"`
		Throughput    int        `json:"throughput"`
		OnApp         bool       `json:"on_app"`
		Unsubscribed  bool       `json:"unsubscribed"`
		Unregistered  bool       `json:"unregistered"`
		Templates     []Template `json:"templates"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	n := Number{
		PhoneNumberID: in.PhoneNumberID, WABA: in.WABA, Portfolio: in.Portfolio, DisplayPhone: in.DisplayPhone,
		VerifiedName: in.VerifiedName, WebhookURL: in.WebhookURL, VerifyToken: in.VerifyToken, AccessToken: in.AccessToken,
		Throughput: in.Throughput, OnApp: in.OnApp, Unsubscribed: in.Unsubscribed, Unregistered: in.Unregistered, Templates: in.Templates,
	}
	if in.AppSecret != "" {
		n.AppSecret = []byte(in.AppSecret)
	}
	if err := s.AddNumber(n); err != nil {
		return nil, err
	}
	return ok(), nil
}

func (s *Simulator) ctlPatchNumber(r *http.Request) (any, error) {
	var in struct {
		Registered    *bool       `json:"registered"`
		Subscribed    *bool       `json:"subscribed"`
		Throughput    *int        `json:"throughput"`
		OnApp         *bool       `json:"on_app"`
		WebhookURL    *string     `json:"webhook_url"`
		AppSecret     *string     `json:"app_secret"`
		Templates     *[]Template `json:"templates"`
		IdentityCheck *bool       `json:"identity_check"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.numbers[r.PathValue("id")]
	if n == nil {
		return nil, ErrNumberUnknown
	}
	if in.Registered != nil {
		n.Unregistered = !*in.Registered
	}
	if in.Subscribed != nil {
		n.subscribed = *in.Subscribed
	}
	if in.Throughput != nil && *in.Throughput > 0 {
		n.Throughput = *in.Throughput
	}
	if in.OnApp != nil {
		n.OnApp = *in.OnApp
	}
	if in.WebhookURL != nil {
		n.WebhookURL, n.override = *in.WebhookURL, ""
	}
	if in.AppSecret != nil {
		n.AppSecret = []byte(*in.AppSecret)
	}
	if in.IdentityCheck != nil {
		n.IdentityCheck = *in.IdentityCheck
	}
	if in.Templates != nil {
		n.Templates = *in.Templates
	}
	s.journal.mark(n)
	s.publish("numbers", nil)
	s.hint()
	return ok(), nil
}

func (s *Simulator) ctlHandshake(r *http.Request) (any, error) {
	if err := s.Handshake(r.Context(), r.PathValue("id")); err != nil {
		return nil, err
	}
	return ok(), nil
}

func (s *Simulator) ctlAddFault(r *http.Request) (any, error) {
	var f Fault
	if err := read(r, &f); err != nil {
		return nil, err
	}
	return s.AddFault(f)
}

func (s *Simulator) ctlSettings(r *http.Request) (any, error) {
	set := s.Settings()
	if err := read(r, &set); err != nil {
		return nil, err
	}
	if err := s.SetSettings(set); err != nil {
		return nil, err
	}
	return s.Settings(), nil
}

// ctlOutbox counts and lists accepted messages, narrowed by callback_data,
// customer and number. count is of what is listed, total of all ever accepted.
func (s *Simulator) ctlOutbox(r *http.Request) (any, error) {
	q := r.URL.Query()
	entries, total := s.Outbox()
	listed := make([]OutboxEntry, 0, len(entries))
	for _, e := range entries {
		fits := (!q.Has("callback_data") || e.CallbackData == q.Get("callback_data")) &&
			(!q.Has("customer") || e.Customer == q.Get("customer")) && (!q.Has("number") || e.Number == q.Get("number"))
		if !fits {
			continue
		}
		if !q.Has("requests") {
			e.Request = nil
		}
		listed = append(listed, e)
	}
	return map[string]any{"total": total, "count": len(listed), "items": listed}, nil
}

func (s *Simulator) ctlDeliveries(r *http.Request) (any, error) {
	return items(s.Deliveries(r.URL.Query().Has("bodies"))), nil
}

func (s *Simulator) ctlPending(*http.Request) (any, error) {
	waiting, bodies := s.Pending()
	return map[string]int{"items": waiting, "bodies": bodies}, nil
}

func (s *Simulator) ctlScript(r *http.Request) (any, error) {
	var in struct {
		Steps []Step `json:"steps"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	if err := s.Play(in.Steps); err != nil {
		return nil, err
	}
	return map[string]int{"steps": len(in.Steps)}, nil
}

func (s *Simulator) ctlAnswer(r *http.Request) (any, error) {
	var in AutoAnswer
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return ok(), s.Answer(in)
}

func (s *Simulator) ctlBurst(r *http.Request) (any, error) {
	var in Burst
	if err := read(r, &in); err != nil {
		return nil, err
	}
	return ok(), s.Flood(in)
}
