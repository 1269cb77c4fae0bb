package settings_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/settings"
	"botschaft/internal/store"
	"botschaft/internal/vault"
)

// counts tells how many Controllers and Agents there are.
func (w *world) counts(t *testing.T) (controllers, agents int) {
	t.Helper()
	listed, err := w.store.Read().ListControllers(t.Context())
	must(t, err)
	people, err := w.store.Read().ListAgents(t.Context())
	must(t, err)
	return len(listed), len(people)
}

func TestSetUpOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		entries := w.entries(t)
		if got := acts(entries); !slices.Equal(got, []string{"agent.created", "controller.changed", "installation.set_up"}) {
			t.Errorf("a set-up left the entries %v", got)
		}
		for _, email := range []string{"erika@muster.example", "max@muster.example"} {
			if again := w.written(t, func() {
				_, _, err := w.SetUp(ctx, shell, firstSetup(email))
				refused(t, "a second set-up", err, desk.CodeConflict, "")
			}); len(again) != 0 {
				t.Errorf("a refused set-up left the entries %v", acts(again))
			}
		}
		if controllers, agents := w.counts(t); controllers != 1 || agents != 1 {
			t.Errorf("%d controllers and %d agents", controllers, agents)
		}
		if own, err := w.store.Read().ListMemberships(ctx, w.admin); err != nil || !slices.Equal(own, []desk.ControllerID{w.controller}) {
			t.Errorf("the admin serves %v, %v", own, err)
		}
	})
}

func TestSetUpRace(t *testing.T) {
	eachEmpty(t, func(t *testing.T, w *world) {
		won, lost := winners(w.race(t, "controller, agent", 3, func(i int) error {
			_, _, err := w.SetUp(t.Context(), shell, firstSetup(string(rune('a'+i))+"@muster.example"))
			return err
		}))
		for _, err := range lost {
			refused(t, "a set-up that came second", err, desk.CodeConflict, "")
		}
		if controllers, agents := w.counts(t); won != 1 || controllers != 1 || agents != 1 {
			t.Errorf("%d set-ups succeeded and left %d controllers and %d agents", won, controllers, agents)
		}
	})
}

// What is refused leaves an empty house, in which the next try succeeds.
func TestSetUpRefusals(t *testing.T) {
	eachEmpty(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for _, c := range []struct {
			name, field string
			spoil       func(f *settings.FirstSetup)
		}{
			{"no name", "name", func(f *settings.FirstSetup) { f.Controller.Name = "" }},
			{"blank name", "name", func(f *settings.FirstSetup) { f.Controller.Name = " \t" }},
			{"endless name", "name", func(f *settings.FirstSetup) { f.Controller.Name = strings.Repeat("x", 1000) }},
			{"no text as name", "name", func(f *settings.FirstSetup) { f.Controller.Name = "Muster\x00" }},
			{"unknown Land", "land", func(f *settings.FirstSetup) { f.Controller.Land = "XX" }},
			{"nameless purpose", "purposes.name", func(f *settings.FirstSetup) { f.Controller.Purposes = []desk.PurposeFact{{Basis: "6(1)(b)"}} }},
			{"baseless purpose", "purposes.basis", func(f *settings.FirstSetup) { f.Controller.Purposes = []desk.PurposeFact{{Name: "Service"}} }},
			{"basis that is none", "purposes.basis", func(f *settings.FirstSetup) {
				f.Controller.Purposes = []desk.PurposeFact{{Name: "Service", Basis: "6(1)(b)"}, {Name: "Werbung", Basis: "6(1)(g)"}}
			}},
			{"bad address", "email", func(f *settings.FirstSetup) { f.Email = text("erika") }},
			{"weak password", "password", func(f *settings.FirstSetup) { f.Password = text("short") }},
		} {
			f := firstSetup("erika@muster.example")
			c.spoil(&f)
			_, _, err := w.SetUp(ctx, shell, f)
			refused(t, c.name, err, desk.CodeInvalid, c.field)
		}
		if controllers, agents := w.counts(t); controllers+agents != 0 || len(w.entries(t)) != 0 {
			t.Fatalf("refused set-ups left %d controllers, %d agents and %d entries", controllers, agents, len(w.entries(t)))
		}
		_, _, err := w.SetUp(ctx, shell, firstSetup("erika@muster.example"))
		must(t, err)
	})
}

// Facts may be missing at first; those that are given are kept as given.
func TestControllerFacts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		facts := desk.ControllerFacts{
			Name: "Muster Lebensversicherung AG", Address: "Musterstraße 1, 50667 Köln", Seat: "Köln", Land: "NW",
			Authority: "Landesbeauftragte", PrivacyURL: "https://muster.example/datenschutz", Alternative: "Telefon 0221 000000",
			DPO:      desk.Office{Name: "Datenschutz", Email: "datenschutz@muster.example"},
			Purposes: []desk.PurposeFact{{Name: "Vertragsbearbeitung", Basis: "6(1)(b)"}},
		}
		id, err := w.AddController(ctx, shell, facts)
		must(t, err)
		if _, err = w.AddController(ctx, shell, desk.ControllerFacts{Name: "M", Land: "Bayern"}); err == nil {
			t.Error("a controller with a wrong fact was added")
		}
		refused(t, "a nameless controller", second(w.AddController(ctx, shell, desk.ControllerFacts{Name: "  "})), desk.CodeInvalid, "name")
		listed, err := w.store.Read().ListControllers(ctx)
		must(t, err)
		found := map[desk.ControllerID]desk.Controller{}
		for _, row := range listed {
			found[row.ID], err = store.ControllerOf(row)
			must(t, err)
		}
		if len(found) != 2 || !reflect.DeepEqual(found[id].Facts, facts) || found[id].Name != facts.Name {
			t.Errorf("the controllers are %+v", found)
		}
		if alone := found[w.controller].Facts; !reflect.DeepEqual(alone, desk.ControllerFacts{Name: "Muster Versicherung AG"}) {
			t.Errorf("the facts of a controller by name alone are %+v", alone)
		}
	})
}

// second gives the error of a call that gives something else as well.
func second[T any](_ T, err error) error { return err }

// Data belongs to one vault for good, however many nodes come first.
func TestBind(t *testing.T) {
	eachEmpty(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		made := make([]settings.Installation, 3)
		for _, err := range w.race(t, "installation", len(made), func(i int) (err error) {
			made[i], err = settings.Bind(ctx, w.store, w.vault)
			return err
		}) {
			must(t, err)
		}
		for _, in := range made {
			if in != made[0] || in.Feed == "" || in.ID != w.vault.Installation() {
				t.Errorf("bound to %+v", made)
			}
		}
		if again, err := settings.Bind(ctx, w.store, w.vault); err != nil || again != made[0] {
			t.Errorf("a restart binds to %+v, %v", again, err)
		}
		other, err := vault.Open(ctx, vault.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "vault.db"), RootKey: key(strings.Repeat("o", 32))})
		must(t, err)
		defer func() { must(t, other.Close()) }()
		if _, err := settings.Bind(ctx, w.store, other); !errors.Is(err, vault.ErrForeign) {
			t.Errorf("another vault: %v", err)
		}
	})
}
