package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
	"botschaft/internal/simulator"
)

// demoLogin is an invented colleague.
type demoLogin struct {
	Role     string `json:"role"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// demoState is what a demo needs to come back after it was stopped or killed. It has no
// logins until the house is seeded.
type demoState struct {
	AppSecret   string            `json:"app_secret"`
	AccessToken string            `json:"access_token"`
	VerifyToken string            `json:"verify_token"`
	GraphURL    string            `json:"graph_url"`
	Logins      []demoLogin       `json:"logins"`
	Inboxes     map[string]string `json:"inboxes"` // by phone number id
	Port        int               `json:"port"`    // that was asked for
	House       string            `json:"house"`   // where it listened
	Page        string            `json:"page"`
}

const demoFile = "demo.json"

func readDemo(dir string) (demoState, error) {
	var s demoState
	b, err := os.ReadFile(filepath.Join(dir, demoFile))
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fmt.Errorf("the demo's data cannot be read; botschaft demo --fresh begins anew: %w", err)
	}
	return s, nil
}

// load finds out how far an earlier demo came. What was killed before it was seeded
// begins anew, and so does everything when it shall be fresh.
func (d *demo) load(fresh bool) error {
	before, err := readDemo(d.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := d.mustBeEmpty(); err != nil {
			return err
		}
		return d.save()
	case fresh || err == nil && len(before.Logins) == 0:
		return d.discard()
	}
	d.state = before
	return err
}

// lockFile is held while the directory is in use, and never removed.
const lockFile = "serve.lock"

// mustBeEmpty protects what is not a demo's.
func (d *demo) mustBeEmpty() error {
	all, err := os.ReadDir(d.dir)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Name() != lockFile {
			return fmt.Errorf("%s holds something that is not a demo's; choose another --dir", d.dir)
		}
	}
	return nil
}

// discard removes a demo's data. Killed in the middle, the next start goes on with it.
func (d *demo) discard() error {
	d.state = demoState{}
	if err := d.save(); err != nil {
		return err
	}
	all, err := os.ReadDir(d.dir)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Name() == lockFile || e.Name() == demoFile {
			continue
		}
		if err := os.RemoveAll(filepath.Join(d.dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// save writes the state in one step.
func (d *demo) save() error {
	b, err := json.MarshalIndent(d.state, "", "  ")
	if err != nil {
		return err
	}
	name := filepath.Join(d.dir, demoFile)
	f, err := os.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// seed makes two Controllers with a number each, and colleagues with random passwords.
func (d *demo) seed(ctx context.Context, g *ground) error {
	s := &d.state
	s.AppSecret, s.AccessToken, s.VerifyToken = rand.Text(), rand.Text(), rand.Text()
	s.GraphURL, s.Inboxes = urlOfListener(d.phones), map[string]string{}
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
	s.Logins = []demoLogin{{"admin of both", "admin@demo.example", admin.Reveal()}}
	for i, at := range []desk.ControllerID{life, motor} {
		name := strings.ToLower(strings.Fields(demoNumbers[i].VerifiedName)[1])
		if err := d.colleague(ctx, g, "agent of "+demoNumbers[i].VerifiedName, name, "Service "+demoNumbers[i].VerifiedName, desk.RoleAgent, at); err != nil {
			return err
		}
		id, err := g.settings.CreateWhatsAppInbox(ctx, actor, d.inbox(at, demoNumbers[i]))
		if err != nil {
			return err
		}
		s.Inboxes[demoNumbers[i].PhoneNumberID] = id.String()
	}
	if err := d.colleague(ctx, g, "another agent of Muster Auto", "schaden", "Schaden Muster Auto", desk.RoleAgent, motor); err != nil {
		return err
	}
	return d.colleague(ctx, g, "data-protection officer", "datenschutz", "Datenschutz Muster", desk.RoleDPO, life, motor)
}

// colleague makes an Agent with a random password.
func (d *demo) colleague(ctx context.Context, g *ground, what, email, name string, role desk.Role, at ...desk.ControllerID) error {
	password := auth.RandomPassword()
	email += "@demo.example"
	if _, err := g.settings.CreateAgent(ctx, commandActor("demo"), newAgent(email, name, role, password, at...)); err != nil {
		return err
	}
	d.state.Logins = append(d.state.Logins, demoLogin{what, email, password.Reveal()})
	return nil
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
