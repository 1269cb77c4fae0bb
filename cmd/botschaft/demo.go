package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"botschaft/internal/config"
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

// demoPatience is how long a webhook waits for its repetition. Meta takes up to an
// hour; here a person looks on.
var demoPatience = []time.Duration{0, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second}

// Run runs the demo until it is asked to end.
func (c *demoCmd) Run(ctx context.Context) error {
	d := &demo{dir: c.Dir}
	if d.dir == "" {
		d.dir = filepath.Join(os.TempDir(), "botschaft-demo-"+strconv.Itoa(os.Getuid()))
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	unlock, err := lockDir(d.dir)
	if errors.Is(err, errServing) {
		return d.alreadyRuns()
	}
	if err != nil {
		return err
	}
	defer func() { _ = unlock() }()
	if err := d.load(c.Fresh); err != nil {
		return err
	}
	if err := d.listen(ctx, c.Port); err != nil {
		return err
	}
	return d.run(ctx)
}

type demo struct {
	dir                 string
	state               demoState
	house, phones, page net.Listener
	moved               []string // what had to listen elsewhere
}

// alreadyRuns says where the demo is that holds the directory.
func (d *demo) alreadyRuns() error {
	if s, err := readDemo(d.dir); err == nil && s.Page != "" {
		return fmt.Errorf("this demo is running already: open http://%s; or stop it, or choose another --dir", s.Page)
	}
	return fmt.Errorf("%s is in use by another botschaft; stop it, or choose another --dir", d.dir)
}

// listen takes the addresses of the time before, so that open windows find their way
// back; a new demo takes the three ports from first, and others where they are taken.
func (d *demo) listen(ctx context.Context, first int) error {
	lc := new(net.ListenConfig)
	var err error
	if d.state.GraphURL != "" {
		at := strings.TrimPrefix(d.state.GraphURL, "http://")
		if d.phones, err = lc.Listen(ctx, "tcp", at); err != nil {
			return fmt.Errorf("the phones of this demo are at %s, where another program listens now; end that, or begin anew with botschaft demo --fresh", d.state.GraphURL)
		}
	}
	before := d.state
	if before.Port != first {
		before.House, before.Page = "", ""
	}
	for _, p := range []struct {
		ln     *net.Listener
		name   string
		before string
		port   int
	}{{&d.house, "inbox", before.House, first}, {&d.phones, "phones", "", first + 1}, {&d.page, "page", before.Page, first + 2}} {
		if *p.ln != nil {
			continue
		}
		at := p.before
		if at == "" {
			at = loopback(p.port)
		}
		if *p.ln, err = lc.Listen(ctx, "tcp", at); err == nil {
			continue
		}
		if *p.ln, err = listenNear(ctx, p.port); err != nil {
			return err
		}
		d.moved = append(d.moved, fmt.Sprintf("%s is taken, so the %s moved to another port.", at, p.name))
	}
	d.state.Port, d.state.House, d.state.Page = first, d.house.Addr().String(), d.page.Addr().String()
	return nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// listenNear looks for a free port above a taken one, in steps that leave neighbours in
// peace. Those the system gives to outgoing connections come last: one of them may be
// taken at the next start.
func listenNear(ctx context.Context, port int) (net.Listener, error) {
	lc := new(net.ListenConfig)
	for step := 10; step <= 200 && port+step < 1<<15; step += 10 {
		if ln, err := lc.Listen(ctx, "tcp", loopback(port+step)); err == nil {
			return ln, nil
		}
	}
	return lc.Listen(ctx, "tcp", loopback(0))
}

func urlOfListener(ln net.Listener) string { return "http://" + ln.Addr().String() }

func (d *demo) run(ctx context.Context) (err error) {
	cfg, err := config.Load(config.Sources{Flags: map[string]string{
		"data-dir": d.dir, "listen": d.house.Addr().String(), "metrics-listen": "127.0.0.1:0", "log-level": "warn",
	}})
	if err != nil {
		return err
	}
	log := newLog(cfg, os.Stderr)
	g, err := openGround(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	again := len(d.state.Logins) > 0
	if !again {
		if err := d.seed(ctx, g); err != nil {
			return err
		}
	}
	if err := d.save(); err != nil {
		return err
	}
	h, err := buildHouse(ctx, g, log, urlOfListener(d.page))
	if err != nil {
		return err
	}
	sim, err := d.simulator()
	if err != nil {
		return err
	}
	defer sim.Close()
	if err := greet(sim); err != nil {
		return err
	}
	d.tell(again)
	return h.run(ctx, d.house,
		sim.Run,
		func(ctx context.Context) error { return serveUntil(ctx, d.phones, sim.Handler()) },
		func(ctx context.Context) error { return serveUntil(ctx, d.page, d.stage()) },
	)
}

// simulator brings back the phones of the time before, or new ones.
func (d *demo) simulator() (*simulator.Simulator, error) {
	numbers := append([]simulator.Number(nil), demoNumbers...)
	for i := range numbers {
		numbers[i].WebhookURL = urlOfListener(d.house) + "/hooks/whatsapp/" + d.state.Inboxes[numbers[i].PhoneNumberID]
	}
	return simulator.Open(filepath.Join(d.dir, "phones.jsonl"), simulator.Config{
		AppSecret: []byte(d.state.AppSecret), VerifyToken: d.state.VerifyToken, AccessToken: d.state.AccessToken,
		Numbers: numbers, Customers: demoPhones, PublicURL: urlOfListener(d.phones), Backoff: demoPatience,
	})
}

// greet writes the first messages, so that the inbox is not empty. Who has written
// already does not do it again.
func greet(sim *simulator.Simulator) error {
	for _, said := range []struct{ who, number, text string }{
		{"anna", demoNumbers[0].PhoneNumberID, "Guten Tag, wann läuft meine Lebensversicherung ab?"},
		{"ben", demoNumbers[1].PhoneNumberID, "Hallo, mir ist jemand in die Seite gefahren. Was brauchen Sie von mir?"},
		{"kim", demoNumbers[1].PhoneNumberID, "Hi, does my policy cover a rental car?"},
	} {
		written, err := sim.Messages(said.who, said.number)
		if err == nil && len(written) == 0 {
			_, err = sim.Say(said.who, said.number, said.text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tell prints where everything is.
func (d *demo) tell(again bool) {
	fmt.Printf("\n  Open     %s   inbox and phone side by side\n", urlOfListener(d.page))
	fmt.Printf("  Inbox    %s\n  Phone    %s\n\n", urlOfListener(d.house), urlOfListener(d.phones))
	for _, l := range d.state.Logins {
		fmt.Printf("  %-29s %-25s %s\n", l.Role, l.Email, l.Password)
	}
	fmt.Println()
	for _, note := range d.moved {
		fmt.Println("  " + note)
	}
	if again {
		fmt.Println("  This demo goes on where it ended.")
	}
	fmt.Printf("  Data is kept in %s until botschaft demo --fresh. Ctrl-C ends the demo.\n\n", d.dir)
	if !app.Built() {
		fmt.Println("  This program was built without its front end: the inbox shows how to build it.")
	}
}
