package desktest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"botschaft/internal/simulator"
)

// person is a Contact-to-be with a phone. Its number, its name and its texts are
// canaries.
type person struct {
	id   string
	name string // of its profile
	tel  string // digits
	mark string // what its texts carry
}

// party is a person and the Inbox it is meant in: "anna", "anna@auto".
type party struct {
	*person
	in *inboxPlace
}

// party reads a CUSTOMER; who is named for the first time gets a phone.
func (w *world) party(text string) (party, error) { return w.partyWith(text, false) }

func (w *world) partyWith(text string, hidden bool) (party, error) {
	name, at, ok := strings.Cut(text, "@")
	if !ok {
		at = firstInbox
	}
	in, err := w.inbox(at)
	if err != nil {
		return party{}, err
	}
	if p := w.people[name]; p != nil {
		return party{p, in}, nil
	}
	p := &person{
		id: name, name: title(name) + " " + w.keepSecret("the profile name of "+name, "kundin"+random(12)),
		tel:  w.keepSecret("the telephone number of "+name, "491570"+digits(8)),
		mark: w.keepSecret("a text of "+name, "nachricht"+random(12)),
	}
	phone := simulator.NewCustomer{ID: name, Name: p.name, Phone: "+" + p.tel, Language: "de"}
	if hidden {
		phone.Username = w.keepSecret("the user name of "+name, name+"."+random(12))
	}
	if _, err := w.sim.AddCustomer(phone); err != nil {
		return party{}, err
	}
	w.people[name] = p
	return party{p, in}, nil
}

// digits gives n random digits.
func digits(n int) string {
	return strings.Map(func(r rune) rune { return '0' + r%10 }, random(n))
}

// marked lets a text carry a canary; nothing carries nothing.
func marked(text, mark string) string {
	if text == "" {
		return ""
	}
	return text + " " + mark
}

// plain gives a text as the scenario wrote it.
func (w *world) plain(text string) string {
	for _, p := range w.people {
		text = strings.TrimSuffix(text, " "+p.mark)
	}
	for _, c := range w.agents {
		text = strings.TrimSuffix(text, " "+c.mark)
	}
	return text
}

func customerSays(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	return w.send(c, simulator.Inbound{Text: marked(a.one("TEXT"), c.mark)})
}

// customerSaysJust sends a text as it stands, for words that mean something when they stand
// alone; no canary is in it.
func customerSaysJust(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	return w.send(c, simulator.Inbound{Text: a.one("TEXT")})
}

// hiddenCustomerSays lets somebody write who hides the number behind a user name.
func hiddenCustomerSays(ctx context.Context, w *world, a args) error {
	if _, err := w.partyWith(a.one("CUSTOMER"), true); err != nil {
		return err
	}
	return customerSays(ctx, w, a)
}

func (w *world) send(c party, in simulator.Inbound) error {
	_, err := w.sim.Send(c.id, c.in.number, in)
	return err
}

func customerSends(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	return w.send(c, simulator.Inbound{Kind: a.one("KIND"), Text: marked(a.one("TEXT"), c.mark)})
}

// customerAnswers sends what speaks of an earlier message: a reply, a reaction, a
// correction. An emoji is no place for a canary.
func customerAnswers(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	on, err := w.onPhone(c, a.one("OTHER"))
	if err != nil {
		return err
	}
	in := simulator.Inbound{Kind: a.one("KIND"), Text: marked(a.one("TEXT"), c.mark), ReplyTo: on.ID}
	if in.Kind == "reaction" {
		in.Text = a.one("TEXT")
	}
	return w.send(c, in)
}

// customerSendsFile sends what the simulator has no words for, as Meta would write it.
func customerSendsFile(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	text, err := w.file(a.one("FILE"), c)
	if err != nil {
		return err
	}
	return w.send(c, simulator.Inbound{Kind: a.one("KIND"), Payload: json.RawMessage(text)})
}

// file gives a file of the scenario with what it says of a person filled in.
func (w *world) file(name string, c party) (string, error) {
	text, ok := w.script.files[name]
	if !ok {
		return "", fmt.Errorf("the scenario has no file %q", name)
	}
	return strings.NewReplacer(
		"$mark", c.mark, "$name", c.name, "$phone", c.tel, "$number", c.in.number, "$waba", c.in.waba,
		"$seconds", fmt.Sprint(w.clock.Now().Unix()), "$wamid", w.wamid(c),
	).Replace(text), nil
}

// wamid makes a message id that holds the person's number, as Meta's do.
func (w *world) wamid(c party) string {
	raw := []byte("\x1c\x18" + string(rune(len(c.tel))) + c.tel + "\x15\x02\x00\x12\x18\x14" + random(20) + "\x00")
	return w.keepSecret("a message id of "+c.id, "wamid."+base64.StdEncoding.EncodeToString(raw))
}

func customerReads(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	n, err := w.sim.Read(c.id, c.in.number)
	if err == nil && n == 0 {
		return fmt.Errorf("there was nothing to read for %s", c.id)
	}
	return err
}

// anotherSystemWrites sends a template to the person's number, past the desk: from then
// on WhatsApp shows us the number, user name or not.
func anotherSystemWrites(ctx context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	body := fmt.Sprintf(`{"messaging_product":"whatsapp","to":"+%s","type":"template","template":{"name":"letter","language":{"code":"de"}}}`, c.tel)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.phones.URL+"/v25.0/"+c.in.number+"/messages", bytes.NewBufferString(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.in.accessToken)
	r.Header.Set("Content-Type", "application/json")
	resp, err := w.client.Do(r)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the provider answered %d", resp.StatusCode)
	}
	return nil
}

// behaviours are what a phone can be.
var behaviours = map[string]simulator.Behaviour{
	"online":  {AutoDeliver: true},
	"offline": {Offline: true},
	"blocked": {AutoDeliver: true, Blocked: true},
}

func phoneIs(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	b, ok := behaviours[a.one("BEHAVIOUR")]
	if !ok {
		return fmt.Errorf("a phone is online, offline or blocked")
	}
	return w.sim.Behave(c.id, b)
}

// phoneShows checks that these and no other messages of the house are on the phone, in
// this order.
func phoneShows(_ context.Context, w *world, a args) error {
	all, err := w.phone(a)
	if err != nil {
		return err
	}
	var got []string
	for _, m := range all {
		if m.From == "business" && !isNotice(m.Text) {
			got = append(got, w.plain(m.Text))
		}
	}
	return wantTexts(got, a["TEXT"])
}

// phoneShowsFile wants one message of a kind on a phone whose payload is the file, with what other
// messages say in the place of their ids, and what it answers.
func phoneShowsFile(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	text, err := w.file(a.one("FILE"), c)
	if err != nil {
		return err
	}
	all, err := w.sim.Messages(c.id, c.in.number)
	if err != nil {
		return err
	}
	about := map[string]string{} // what messages say, by their ids
	for _, m := range all {
		about[m.ID] = w.plain(m.Text)
	}
	var got []string
	for _, m := range all {
		if m.From != "business" || m.Kind != a.one("KIND") || isNotice(m.Text) {
			continue
		}
		payload := string(m.Payload)
		for id, said := range about {
			payload = strings.ReplaceAll(payload, id, said)
		}
		if payload == strings.TrimSpace(text) && about[m.ReplyTo] == a.one("TEXT") {
			return nil
		}
		got = append(got, fmt.Sprintf("%s to %q", payload, about[m.ReplyTo]))
	}
	return fmt.Errorf("the phone shows %s", strings.Join(got, "; "))
}

// phoneWasInformed counts the Notices on a phone, in all or above a message of the house.
func phoneWasInformed(_ context.Context, w *world, a args) error {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return err
	}
	want, err := a.number("N")
	if err != nil {
		return err
	}
	all, err := w.sim.Messages(c.id, c.in.number)
	if err != nil {
		return err
	}
	got, before := 0, a.one("TEXT")
	for _, m := range all {
		switch {
		case m.From != "business":
		case isNotice(m.Text):
			got++
		case before != "" && w.plain(m.Text) == before:
			return wantNotices(got, want)
		}
	}
	if before != "" {
		return fmt.Errorf("nothing on the phone of %s says %q", c.id, before)
	}
	return wantNotices(got, want)
}

func wantNotices(got, want int) error {
	if got != want {
		return fmt.Errorf("got %d notices, want %d", got, want)
	}
	return nil
}

// isNotice tells whether a text is layer 1 of a Notice, of which phones get one unasked.
func isNotice(text string) bool {
	return strings.HasPrefix(text, "Sie schreiben mit ") || strings.HasPrefix(text, "You are chatting with ")
}

func wantTexts(got, want []string) error {
	if !slices.Equal(got, want) {
		return fmt.Errorf("got %q, want %q", got, want)
	}
	return nil
}

// phone gives what stands on a customer's phone.
func (w *world) phone(a args) ([]simulator.MessageView, error) {
	c, err := w.party(a.one("CUSTOMER"))
	if err != nil {
		return nil, err
	}
	return w.sim.Messages(c.id, c.in.number)
}

// onPhone finds a message on a phone by what it says.
func (w *world) onPhone(c party, text string) (simulator.MessageView, error) {
	all, err := w.sim.Messages(c.id, c.in.number)
	for _, m := range all {
		if w.plain(m.Text) == text {
			return m, err
		}
	}
	return simulator.MessageView{}, fmt.Errorf("nothing on the phone of %s says %q", c.id, text)
}
