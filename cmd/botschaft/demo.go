package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"botschaft/internal/auth"
	"botschaft/internal/config"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/simulator"
	"botschaft/web/app"
)

// demoCmd runs the house, the simulator and a page that shows both, on this machine
// alone.
type demoCmd struct {
	Dir   string `help:"Where the demo keeps its data." type:"path" placeholder:"DIR"`
	Fresh bool   `help:"Throw the data of earlier demos away."`
	Port  int    `help:"First of three ports on this machine." default:"8080"`
}

// demoLogin is an invented colleague.
type demoLogin struct {
	Role     string `json:"role"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// demoState is what a demo needs to come back after it was stopped or killed.
type demoState struct {
	AppSecret   string            `json:"app_secret"`
	AccessToken string            `json:"access_token"`
	VerifyToken string            `json:"verify_token"`
	GraphURL    string            `json:"graph_url"`
	Logins      []demoLogin       `json:"logins"`
	Inboxes     map[string]string `json:"inboxes"` // by phone number id
}

// demoNumbers are the two numbers, one for each Controller.
var demoNumbers = []simulator.Number{
	{PhoneNumberID: "100000000000001", WABA: "200000000000001", Portfolio: "300000000000001", DisplayPhone: "+49 30 0000001", VerifiedName: "Muster Leben"},
	{PhoneNumberID: "100000000000002", WABA: "200000000000002", Portfolio: "300000000000002", DisplayPhone: "+49 30 0000002", VerifiedName: "Muster Auto"},
}

var demoPhones = []simulator.NewCustomer{
	{ID: "anna", Name: "Anna Beispiel", Phone: "+49 1570 0000001", Language: "de"},
	{ID: "ben", Name: "Ben Beispiel", Phone: "+49 1570 0000002", Language: "de"},
	{ID: "kim", Name: "Kim Example", Username: "kim.example", Language: "en"},
}

// Run runs the demo until it is asked to end.
func (c *demoCmd) Run(ctx context.Context) error {
	dir := c.Dir
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "botschaft-demo-"+strconv.Itoa(os.Getuid()))
	}
	if c.Fresh {
		if err := discard(dir); err != nil {
			return err
		}
	}
	house, err := demoListener(ctx, c.Port)
	if err != nil {
		return err
	}
	phones, err := demoListener(ctx, c.Port+1)
	if err != nil {
		return err
	}
	page, err := demoListener(ctx, c.Port+2)
	if err != nil {
		return err
	}
	d := &demo{dir: dir, house: house, phones: phones, page: page}
	return d.run(ctx)
}

// discard removes a demo's data, and nothing that is not a demo's.
func discard(dir string) error {
	_, err := os.Stat(filepath.Join(dir, demoFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	unlock, err := lockDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(dir), unlock())
}

// demoListener listens on the port, or on any other if it is taken.
func demoListener(ctx context.Context, port int) (net.Listener, error) {
	lc := new(net.ListenConfig)
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		ln, err = lc.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	return ln, err
}

const demoFile = "demo.json"

type demo struct {
	dir                 string
	house, phones, page net.Listener
	state               demoState
}

func urlOfListener(ln net.Listener) string { return "http://" + ln.Addr().String() }

func (d *demo) run(ctx context.Context) error {
	cfg, err := config.Load(config.Sources{Flags: map[string]string{
		"data-dir": d.dir, "listen": d.house.Addr().String(), "metrics-listen": "127.0.0.1:0", "log-level": "warn",
	}})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	unlock, err := lockDir(d.dir)
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	log := newLog(cfg, os.Stderr)
	g, err := openGround(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	if err := d.load(ctx, g); err != nil {
		return errors.Join(err, g.close())
	}
	h, err := buildHouse(ctx, g, log, urlOfListener(d.page))
	if err != nil {
		return errors.Join(err, g.close())
	}
	sim := d.simulator()
	d.tell()
	err = h.run(ctx, d.house,
		sim.Run,
		func(ctx context.Context) error { return serveUntil(ctx, d.phones, sim.Handler()) },
		func(ctx context.Context) error { return serveUntil(ctx, d.page, d.stage()) },
		func(ctx context.Context) error { return d.greet(ctx, sim) },
	)
	sim.Close()
	return errors.Join(err, g.close())
}

// load brings an earlier demo back, or seeds a new one.
func (d *demo) load(ctx context.Context, g *ground) error {
	b, err := os.ReadFile(filepath.Join(d.dir, demoFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d.seed(ctx, g)
	case err != nil:
		return err
	}
	if err := json.Unmarshal(b, &d.state); err != nil {
		return fmt.Errorf("the demo's data cannot be read; botschaft demo --fresh begins anew: %w", err)
	}
	if d.state.GraphURL != urlOfListener(d.phones) {
		return fmt.Errorf("this demo used %s, which is taken now; free it, or run botschaft demo --fresh", d.state.GraphURL)
	}
	return nil
}

// seed makes two Controllers with a number each, and colleagues with random passwords.
func (d *demo) seed(ctx context.Context, g *ground) error {
	d.state = demoState{
		AppSecret: rand.Text(), AccessToken: rand.Text(), VerifyToken: rand.Text(), GraphURL: urlOfListener(d.phones),
		Inboxes: map[string]string{},
	}
	actor := commandActor("demo")
	admin := auth.RandomPassword()
	life, _, err := g.settings.SetUp(ctx, actor, firstSetup(demoFacts("Muster Leben AG"), "admin@demo.example", "Alex Admin", admin))
	if err != nil {
		return err
	}
	motor, err := g.settings.AddController(ctx, actor, demoFacts("Muster Auto AG"))
	if err != nil {
		return err
	}
	d.state.Logins = []demoLogin{{"admin of both", "admin@demo.example", admin.Reveal()}}
	for i, at := range []desk.ControllerID{life, motor} {
		name := strings.ToLower(strings.Fields(demoNumbers[i].VerifiedName)[1])
		password := auth.RandomPassword()
		if _, err := g.settings.CreateAgent(ctx, actor, newAgent(name+"@demo.example", "Service "+demoNumbers[i].VerifiedName,
			desk.RoleAgent, password, []desk.ControllerID{at})); err != nil {
			return err
		}
		d.state.Logins = append(d.state.Logins, demoLogin{"agent of " + demoNumbers[i].VerifiedName, name + "@demo.example", password.Reveal()})
		id, err := g.settings.CreateWhatsAppInbox(ctx, actor, d.inbox(at, demoNumbers[i]))
		if err != nil {
			return err
		}
		d.state.Inboxes[demoNumbers[i].PhoneNumberID] = id.String()
	}
	b, err := json.MarshalIndent(d.state, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(d.dir, demoFile), b, 0o600)
}

func demoFacts(name string) desk.ControllerFacts {
	return desk.ControllerFacts{
		Name: name, Address: "Musterstraße 1, 50667 Köln", Seat: "Köln", Land: "NW",
		Authority:  "Landesbeauftragte für Datenschutz und Informationsfreiheit Nordrhein-Westfalen",
		PrivacyURL: "https://muster.example/datenschutz", Alternative: "Telefon 0221 000000",
		DPO:      desk.Office{Name: "Datenschutzbeauftragte der " + name, Email: "datenschutz@muster.example"},
		Purposes: []desk.PurposeFact{{Name: "Vertrags- und Schadenbearbeitung", Basis: "6(1)(b)"}},
	}
}

func (d *demo) inbox(at desk.ControllerID, n simulator.Number) settings.NewInbox {
	return settings.NewInbox{
		Controller: at, Name: n.VerifiedName + " WhatsApp", PhoneNumberID: n.PhoneNumberID, WABA: n.WABA, GraphURL: d.state.GraphURL,
		Secrets: desk.InboxSecrets{
			AppSecrets:   []private.Key{private.NewKey([]byte(d.state.AppSecret))},
			AccessToken:  private.NewKey([]byte(d.state.AccessToken)),
			VerifyTokens: []private.Key{private.NewKey([]byte(d.state.VerifyToken))},
		},
	}
}

func (d *demo) simulator() *simulator.Simulator {
	numbers := append([]simulator.Number(nil), demoNumbers...)
	for i := range numbers {
		numbers[i].WebhookURL = urlOfListener(d.house) + "/hooks/whatsapp/" + d.state.Inboxes[numbers[i].PhoneNumberID]
	}
	return simulator.New(simulator.Config{
		AppSecret: []byte(d.state.AppSecret), VerifyToken: d.state.VerifyToken, AccessToken: d.state.AccessToken,
		Numbers: numbers, Customers: demoPhones, PublicURL: urlOfListener(d.phones),
	})
}

// greet writes the first messages, so that the inbox is not empty.
func (d *demo) greet(ctx context.Context, sim *simulator.Simulator) error {
	marker := filepath.Join(d.dir, "greeted")
	if _, err := os.Stat(marker); err == nil {
		<-ctx.Done()
		return nil
	}
	for _, said := range []struct{ who, number, text string }{
		{"anna", demoNumbers[0].PhoneNumberID, "Guten Tag, wann läuft meine Lebensversicherung ab?"},
		{"ben", demoNumbers[1].PhoneNumberID, "Hallo, mir ist jemand in die Seite gefahren. Was brauchen Sie von mir?"},
		{"kim", demoNumbers[1].PhoneNumberID, "Hi, does my policy cover a rental car?"},
	} {
		if _, err := sim.Say(said.who, said.number, said.text); err != nil {
			return err
		}
	}
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// tell prints where everything is.
func (d *demo) tell() {
	fmt.Printf("\n  Open     %s   inbox and phone side by side\n", urlOfListener(d.page))
	fmt.Printf("  Inbox    %s\n  Phone    %s\n\n", urlOfListener(d.house), urlOfListener(d.phones))
	for _, l := range d.state.Logins {
		fmt.Printf("  %-24s %-22s %s\n", l.Role, l.Email, l.Password)
	}
	fmt.Printf("\n  Data is kept in %s until botschaft demo --fresh. Ctrl-C ends the demo.\n\n", d.dir)
	if !app.Built() {
		fmt.Println("  This program was built without its front end: the inbox shows how to build it.")
	}
}
