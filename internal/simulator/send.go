package simulator

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// maxRequest is the largest body of a send that is read.
const maxRequest = 1 << 20

// postMessages is POST /{phone_number_id}/messages.
func (s *Simulator) postMessages(w http.ResponseWriter, r *http.Request, n *number) *graphError {
	raw, bad := readJSON(w, r)
	if bad != nil {
		return bad
	}
	fault := s.pickFault(n, raw)
	if fault != nil {
		if err, done := s.faultBefore(w, r, fault); done {
			return err
		}
	}
	req, err := parseSend(raw)
	if err != nil {
		return err
	}
	if req.read != "" {
		if err := s.markRead(n, req); err != nil {
			return err
		}
		s.answer(w, map[string]bool{"success": true})
		return nil
	}
	sent, entry, err := s.accept(n, req, raw, fault)
	if err != nil {
		return err
	}
	s.faultAfter(r, fault, sent)
	s.mu.Lock()
	entry.Answered = true
	s.journal.mark(entry)
	s.mu.Unlock()
	contact := map[string]string{"input": req.to, "wa_id": sent.waID}
	if req.to == "" {
		contact = map[string]string{"input": req.recipient, "user_id": req.recipient}
	}
	s.answer(w, map[string]any{
		"messaging_product": "whatsapp",
		"contacts":          []any{contact},
		"messages":          []any{sent.result()},
	})
	return nil
}

func readJSON(w http.ResponseWriter, r *http.Request) ([]byte, *graphError) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return nil, unsupported("Content-Type must be application/json.")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		return nil, unsupported("The request body could not be read.")
	}
	if !json.Valid(raw) {
		return nil, unsupported("The request body is not valid JSON.")
	}
	return raw, nil
}

// accepted is a message that the Graph API took, and how it is being told.
type accepted struct {
	m    *message
	waID string
	told chan struct{} // closed when the receiver answered the first status with 200; nil when there will be none
}

func (a *accepted) result() map[string]string {
	out := map[string]string{"id": a.m.ID}
	if a.m.Kind == "template" {
		out["message_status"] = "accepted"
	}
	return out
}

// accept takes a checked message or says why Meta would not.
func (s *Simulator) accept(n *number, req *sendRequest, raw []byte, fault *Fault) (*accepted, *OutboxEntry, *graphError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if n.Unregistered {
		return nil, nil, newError(133010, "")
	}
	if !s.settings.IgnoreThroughput && n.busy(now) {
		return nil, nil, newError(130429, "")
	}
	c, phone, err := s.recipient(n, req)
	late := 0
	if err == nil && c != nil {
		err = s.mayReceive(n, c, req, now)
	}
	if err != nil {
		if !s.settings.LateRefusals || (err.code != 131026 && err.code != 131047 && err.code != 137000) {
			return nil, nil, err
		}
		late = err.code
	}
	category, err := s.checkReferences(n, req)
	if err != nil {
		return nil, nil, err
	}
	if fault != nil && fault.Kind == FailStatus {
		late = fault.Code
	}
	n.count(now)
	if c != nil {
		if t := c.thread(n.PhoneNumberID); !t.windowOpen(now) {
			t.reached = now
		}
	}
	m := s.compose(n, c, phone, req, now)
	m.failure, m.category = late, category
	entry := s.record(m, req, raw)
	out := &accepted{m: m, waID: phone}
	s.tell(m, fault, out)
	return out, entry, nil
}

// recipient finds the customer a send is for. "to" wins over "recipient".
// (business-scoped-user-ids)
func (s *Simulator) recipient(n *number, req *sendRequest) (*customer, string, *graphError) {
	var c *customer
	phone := ""
	if req.to != "" {
		phone = dialled(req.to, n.digits)
		if phone == n.digits {
			return nil, phone, newError(131021, "")
		}
		c = s.byPhone[phone]
	} else {
		c = s.byUserID[req.recipient]
		if c != nil && c.userIDs[n.Portfolio] != req.recipient {
			c = nil // another portfolio's id means nobody here
		}
	}
	if c == nil || c.behaviour.Blocked || c.thread(n.PhoneNumberID).blocked {
		return c, phone, newError(131026, "")
	}
	return c, phone, nil
}

// mayReceive checks the customer service window, the messaging limit and the rate of the pair.
func (s *Simulator) mayReceive(n *number, c *customer, req *sendRequest, now time.Time) *graphError {
	t := c.thread(n.PhoneNumberID)
	if !s.settings.IgnorePairRate && t.pair.full(now) {
		return newError(131056, "")
	}
	if n.IdentityCheck && req.deviceKey != "" && req.deviceKey != c.deviceKey() {
		return newError(137000, "")
	}
	switch open := t.windowOpen(now); {
	case req.kind != "template" && !open:
		return newError(131047, "")
	case !open && !s.hasRoom(n, c, now):
		return newError(131048, "")
	}
	return nil
}

// checkReferences checks what a send refers to: media, messages, templates. It
// returns the category of a template.
func (s *Simulator) checkReferences(n *number, req *sendRequest) (string, *graphError) {
	if err := s.checkMediaID(n, req); err != nil {
		return "", err
	}
	if req.target != "" {
		m := s.messages[req.target]
		if m == nil || m.Kind == "reaction" || s.now().Sub(time.UnixMilli(m.At)) > 30*24*time.Hour {
			return "", invalid("The message to react to is older than 30 days, deleted or itself a reaction.")
		}
	}
	if req.template == "" {
		return "", nil
	}
	t, ok := n.template(req.template, req.language)
	if !ok {
		return "", newError(132001, "template name ("+req.template+") does not exist in "+req.language)
	}
	if t.Parameters >= 0 && t.Parameters != req.parameters {
		return "", newError(132000, "")
	}
	if len(n.Templates) > 0 {
		if err := req.frame.fits(t); err != nil {
			return "", err
		}
	}
	req.text = render(t, req.text)
	req.frame.dress(t)
	return t.Category, nil
}

// checkMediaID checks the uploaded file of a send: that of the message, or of its header.
func (s *Simulator) checkMediaID(n *number, req *sendRequest) *graphError {
	id := req.mediaID
	if req.frame != nil {
		id = req.frame.Media
	}
	if id == "" {
		return nil
	}
	m, ok := s.media.items[id]
	switch {
	case !ok || m.number != n.PhoneNumberID || s.now().Sub(m.at) > m.life:
		return invalid("Media id %s does not exist.", clip(id, 40))
	case req.frame != nil:
		return m.heads(req.frame.HeaderKind)
	case req.above != "":
		return m.fits(req.above, req.voice)
	default:
		return m.fits(req.kind, req.voice)
	}
}

// render puts a template's parameters where the phone shows them.
func render(t Template, joined string) string {
	words := strings.Split(joined, "\x00")
	if t.Body == "" {
		return strings.TrimSpace("[" + t.Name + "] " + strings.Join(words, " · "))
	}
	body := t.Body
	for i, word := range words {
		body = strings.ReplaceAll(body, "{{"+string(rune('1'+i))+"}}", word)
	}
	return body
}

// compose makes the message and puts it on the phone.
func (s *Simulator) compose(n *number, c *customer, phone string, req *sendRequest, now time.Time) *message {
	counterpart := phone
	if counterpart == "" {
		counterpart = req.recipient
	}
	m := &message{out: true, phone: phone, MessageView: MessageView{
		ID: s.wamid(counterpart, true), Number: n.PhoneNumberID, From: "business", Kind: req.kind, Text: req.text,
		Payload: req.object, At: now.UnixMilli(), Status: "accepted", CallbackData: req.callback, ReplyTo: req.replyTo, Template: req.frame,
	}}
	m.historyI = s.graphID()
	if c == nil { // refused late: no phone shows it, message_history does
		s.remember(m)
		return m
	}
	m.Customer = c.ID
	t := c.thread(n.PhoneNumberID)
	t.pair.take(now)
	t.typing = time.Time{}
	if phone != "" {
		t.phoneUsed = now
	}
	s.journal.mark(t)
	s.keep(c, m)
	return m
}

func (s *Simulator) record(m *message, req *sendRequest, raw []byte) *OutboxEntry {
	entry := &OutboxEntry{
		ID: m.ID, Number: m.Number, Customer: m.Customer, To: req.to, Recipient: req.recipient, Kind: m.Kind,
		Text: m.Text, CallbackData: m.CallbackData, At: m.At, Request: raw,
	}
	s.outbox.add(entry)
	s.journal.mark(entry)
	return entry
}

// markRead marks a customer's message and all before it as read; with a typing
// indicator dots show for 25 seconds. (messages/mark-message-as-read)
func (s *Simulator) markRead(n *number, req *sendRequest) *graphError {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.messages[req.read]
	now := s.now()
	if m == nil || m.out || m.Number != n.PhoneNumberID || now.Sub(time.UnixMilli(m.At)) > 30*24*time.Hour {
		return invalid("Param message_id is not a message received in the last 30 days.")
	}
	t := s.customers[m.Customer].thread(m.Number)
	for _, earlier := range t.messages {
		if !earlier.out && earlier.Status != "read" {
			earlier.Status = "read"
			s.journal.mark(earlier)
			s.publish("message", earlier.MessageView)
		}
		if earlier == m {
			break
		}
	}
	if req.typing {
		t.typing = now.Add(25 * time.Second)
		s.publish("typing", map[string]any{"customer": m.Customer, "number": m.Number, "until": t.typing.UnixMilli()})
	}
	return nil
}

// Typing tells whether a phone shows dots of a business number.
func (s *Simulator) Typing(customer, number string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.customers[customer]
	if c == nil {
		return false, ErrCustomerUnknown
	}
	return s.now().Before(c.thread(number).typing), nil
}
