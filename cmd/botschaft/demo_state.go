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
		password := auth.RandomPassword()
		if _, err := g.settings.CreateAgent(ctx, actor, newAgent(name+"@demo.example", "Service "+demoNumbers[i].VerifiedName,
			desk.RoleAgent, password, []desk.ControllerID{at})); err != nil {
			return err
		}
		s.Logins = append(s.Logins, demoLogin{"agent of " + demoNumbers[i].VerifiedName, name + "@demo.example", password.Reveal()})
		id, err := g.settings.CreateWhatsAppInbox(ctx, actor, d.inbox(at, demoNumbers[i]))
		if err != nil {
			return err
		}
		s.Inboxes[demoNumbers[i].PhoneNumberID] = id.String()
	}
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
