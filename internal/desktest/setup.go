package desktest

import (
	"context"
	"fmt"
	"strings"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/simulator"
)

// firstInbox is the one that is meant where a line names none.
const firstInbox = "leben"

// inboxPlace is an Inbox with the number behind it.
type inboxPlace struct {
	name                           string
	id                             desk.InboxID
	controller                     desk.ControllerID
	number, waba                   string
	appSecret, accessToken, verify string
}

// colleague is an Agent.
type colleague struct {
	name     string
	id       desk.AgentID
	email    string
	password string
	tokenID  desk.TokenID
	token    string
	cookie   string // instead of the token, once the Agent has logged in
	mark     string // what its own texts carry
	asked    string // by which name it asked for its last reply
	ear      *ear   // nil until it listens
}

// cast says who is what: role and Controller.
var cast = map[string]struct {
	role desk.Role
	at   string
}{
	"ada":  {desk.RoleAdmin, ""},
	"udo":  {desk.RoleAdmin, ""},
	"ben":  {desk.RoleAgent, "leben"},
	"eva":  {desk.RoleAgent, "leben"},
	"mia":  {desk.RoleAgent, "auto"},
	"dora": {desk.RoleDPO, "leben"},
}

// shell is whoever has a shell on the server.
var shell = desk.Actor{Kind: desk.ActorCommand, Via: "scenario"}

// setUp makes two Controllers with an Inbox each, and the first admin.
func (w *world) setUp(ctx context.Context) error {
	ada := w.newColleague("ada")
	life, id, err := w.house.Settings.SetUp(ctx, shell, settings.FirstSetup{
		Controller: facts("Muster Leben AG"), Email: private.NewText(ada.email), Name: private.NewText(ada.name), Password: private.NewText(ada.password),
	})
	if err != nil {
		return err
	}
	if err := w.admit(ctx, "ada", ada, id); err != nil {
		return err
	}
	motor, err := w.house.Settings.AddController(ctx, shell, facts("Muster Auto AG"))
	if err != nil {
		return err
	}
	if err := w.addInbox(ctx, inboxPlace{name: firstInbox, controller: life, number: "100000000000001", waba: "200000000000001"}); err != nil {
		return err
	}
	return w.addInbox(ctx, inboxPlace{name: "auto", controller: motor, number: "100000000000002", waba: "200000000000002"})
}

func facts(name string) desk.ControllerFacts {
	return desk.ControllerFacts{
		Name: name, Address: "Musterstraße 1, 50667 Köln", Seat: "Köln", Land: "NW",
		Authority:  "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
		PrivacyURL: "https://muster.example/datenschutz", Alternative: "Telefon 0221 000000",
		DPO:      desk.Office{Name: "Datenschutzbeauftragte der " + name, Email: "datenschutz@muster.example"},
		Purposes: []desk.PurposeFact{{Name: "Vertrags- und Schadenbearbeitung", Basis: "6(1)(b)"}},
	}
}

// addInbox makes an Inbox and lets the simulator serve its number. Secrets it does not
// bring are its own.
func (w *world) addInbox(ctx context.Context, in inboxPlace) error {
	if in.appSecret == "" {
		in.appSecret = w.keepSecret("the app secret of "+in.name, random(24))
	}
	in.accessToken = w.keepSecret("the access token of "+in.name, random(24))
	in.verify = w.keepSecret("the verify token of "+in.name, random(24))
	key := func(s string) private.Key { return private.NewKey([]byte(s)) }
	var err error
	if in.id, err = w.house.Settings.CreateWhatsAppInbox(ctx, shell, settings.NewInbox{
		Controller: in.controller, Name: in.name, PhoneNumberID: in.number, WABA: in.waba, GraphURL: w.phones.URL,
		Secrets: desk.InboxSecrets{
			AppSecrets: []private.Key{key(in.appSecret)}, AccessToken: key(in.accessToken), VerifyTokens: []private.Key{key(in.verify)},
		},
	}); err != nil {
		return fmt.Errorf("create inbox %s: %w", in.name, err)
	}
	w.inboxes[in.name] = &in
	return w.sim.AddNumber(simulator.Number{
		PhoneNumberID: in.number, WABA: in.waba, DisplayPhone: "+49 30 " + in.number[8:], VerifiedName: in.name,
		WebhookURL: w.door.url() + "/hooks/whatsapp/" + in.id.String(), AppSecret: []byte(in.appSecret),
		AccessToken: in.accessToken, VerifyToken: in.verify,
	})
}

func (w *world) inbox(name string) (*inboxPlace, error) {
	if w.inboxes[name] == nil {
		return nil, fmt.Errorf("there is no inbox %q", name)
	}
	return w.inboxes[name], nil
}

// worksAt gives the Agent and the Inbox of a line.
func (w *world) worksAt(ctx context.Context, a args) (*colleague, *inboxPlace, error) {
	who, err := w.agent(ctx, a.one("AGENT"))
	if err != nil {
		return nil, nil, err
	}
	in, err := w.inbox(a.one("INBOX"))
	return who, in, err
}

// newColleague invents an Agent; all of it but the first name is a canary.
func (w *world) newColleague(name string) *colleague {
	return &colleague{
		name:     title(name) + " " + w.keepSecret("the name of agent "+name, "kollege"+random(12)),
		email:    w.keepSecret("the e-mail address of agent "+name, name+"."+random(12)+"@muster.example"),
		password: w.keepSecret("the password of agent "+name, random(24)),
		mark:     w.keepSecret("a text of agent "+name, "antwort"+random(12)),
	}
}

func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// admit gives an Agent that was made its token.
func (w *world) admit(ctx context.Context, name string, c *colleague, id desk.AgentID) error {
	t, secret, err := w.house.Settings.CreateToken(ctx, shell, settings.NewToken{Agent: id})
	if err != nil {
		return err
	}
	c.id, c.tokenID = id, t.ID
	c.token = w.keepSecret("the token of agent "+name, secret.Reveal())
	w.agents[name] = c
	return nil
}

// agent gives the Agent of the cast; whoever is named for the first time begins work.
func (w *world) agent(ctx context.Context, name string) (*colleague, error) {
	if c := w.agents[name]; c != nil {
		return c, nil
	}
	part, ok := cast[name]
	if !ok {
		return nil, fmt.Errorf("nobody of the cast is called %q", name)
	}
	c := w.newColleague(name)
	var serves []desk.ControllerID // none: an admin serves all
	if in := w.inboxes[part.at]; in != nil {
		serves = []desk.ControllerID{in.controller}
	}
	id, err := w.house.Settings.CreateAgent(ctx, shell, settings.NewAgent{
		Email: private.NewText(c.email), Name: private.NewText(c.name), Role: part.role, Password: private.NewText(c.password),
		Controllers: serves,
	})
	if err != nil {
		return nil, fmt.Errorf("create agent %s: %w", name, err)
	}
	return c, w.admit(ctx, name, c, id)
}
