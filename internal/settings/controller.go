package settings

import (
	"context"
	"encoding/json"
	"slices"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// FirstSetup is what an empty house begins with.
type FirstSetup struct {
	Controller desk.ControllerFacts
	Email      private.Text // of the first admin
	Name       private.Text
	Password   private.Text
}

// Check tells the first thing that is wrong on a day such as 2026-11-30, before anything is made.
func (f FirstSetup) Check(today string) error {
	if err := checkFacts(f.Controller, today); err != nil {
		return err
	}
	if err := checkEmail(trimmed(f.Email)); err != nil {
		return err
	}
	return auth.CheckPassword(f.Password)
}

// SetUp makes the first Controller and the first admin. It is desk.CodeConflict when
// there is an Agent already.
func (s *Settings) SetUp(ctx context.Context, actor desk.Actor, f FirstSetup) (desk.ControllerID, desk.AgentID, error) {
	if agents, err := s.store.Read().ListAgents(ctx); err != nil {
		return desk.ControllerID{}, desk.AgentID{}, err
	} else if len(agents) > 0 {
		return desk.ControllerID{}, desk.AgentID{}, desk.Conflict("the house is set up already; use botschaft agent create")
	}
	if err := f.Check(s.store.Today()); err != nil {
		return desk.ControllerID{}, desk.AgentID{}, err
	}
	agent, err := s.newAgent(ctx, NewAgent{Email: f.Email, Name: f.Name, Role: desk.RoleAdmin})
	if err != nil {
		return desk.ControllerID{}, desk.AgentID{}, err
	}
	if agent.Password, err = s.password(ctx, agent.ID, f.Password); err != nil {
		return desk.ControllerID{}, desk.AgentID{}, err
	}
	controller, write, err := s.newController(ctx, actor, f.Controller)
	if err != nil {
		return desk.ControllerID{}, desk.AgentID{}, err
	}
	err = s.change(ctx, func(tx *store.Tx) error {
		if agents, err := tx.ListAgents(ctx); err != nil {
			return err
		} else if len(agents) > 0 {
			return desk.Conflict("the house was set up by somebody else just now")
		}
		if err := write(tx); err != nil {
			return err
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActInstallationSetUp, Subject: "agent:" + agent.ID.String(), Controller: controller})
		agent.serves = places{controllers: []desk.ControllerID{controller}}
		return addAgent(ctx, tx, actor, desk.ActAgentCreated, agent)
	})
	return controller, agent.ID, err
}

// Controllers gives every Controller, by name.
func (s *Settings) Controllers(ctx context.Context) ([]desk.Controller, error) {
	listed, err := s.store.Read().ListControllers(ctx)
	if err != nil {
		return nil, err
	}
	return controllersOf(listed)
}

func controllersOf(listed []rows.Controller) ([]desk.Controller, error) {
	out := make([]desk.Controller, len(listed))
	for i, row := range listed {
		var err error
		if out[i], err = store.ControllerOf(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AddController makes a further Controller.
func (s *Settings) AddController(ctx context.Context, actor desk.Actor, facts desk.ControllerFacts) (desk.ControllerID, error) {
	if err := checkFacts(facts, s.store.Today()); err != nil {
		return desk.ControllerID{}, err
	}
	id, write, err := s.newController(ctx, actor, facts)
	if err != nil {
		return id, err
	}
	return id, s.change(ctx, write)
}

// ChangeController puts other facts in the place of a Controller's.
func (s *Settings) ChangeController(ctx context.Context, actor desk.Actor, id desk.ControllerID, facts desk.ControllerFacts) error {
	if err := checkFacts(facts, s.store.Today()); err != nil {
		return err
	}
	text, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		listed, err := tx.ListControllers(ctx)
		if err != nil {
			return err
		}
		all, err := controllersOf(listed)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(c desk.Controller) bool { return c.ID == id })
		if at < 0 {
			return desk.NotFound("controller")
		}
		changedController(tx, actor, id, all[at].Facts, facts)
		tx.Wake(store.WakeDirectory)
		if _, err = tx.SetControllerFacts(ctx, rows.SetControllerFactsParams{ID: id, Name: facts.Name, Facts: string(text)}); err != nil {
			return err
		}
		return enter(ctx, tx, actor, ofController(id), facts)
	})
}

// ofController is where a Controller's facts stand in the register.
func ofController(id desk.ControllerID) desk.RegisterEntry {
	return desk.RegisterEntry{Controller: id, Kind: desk.RegisterController, Subject: desk.RegisterID(id), Active: true}
}

func changedController(tx *store.Tx, actor desk.Actor, id desk.ControllerID, before, after desk.ControllerFacts) {
	tx.Changed(desk.AuditEntry{Actor: actor, Act: desk.ActControllerChanged, Subject: "controller:" + id.String(), Controller: id},
		desk.Altered("name", before.Name, after.Name), desk.Altered("address", before.Address, after.Address),
		desk.Altered("seat", before.Seat, after.Seat), desk.Altered("land", before.Land, after.Land),
		desk.Altered("authority", before.Authority, after.Authority), desk.Altered("privacy_url", before.PrivacyURL, after.PrivacyURL),
		desk.Altered("alternative", before.Alternative, after.Alternative), desk.Altered("dpo.name", before.DPO.Name, after.DPO.Name),
		desk.Altered("dpo.email", before.DPO.Email, after.DPO.Email), desk.AlteredSet("purposes", purposesOf(before), purposesOf(after)))
}

func purposesOf(f desk.ControllerFacts) []string {
	out := make([]string, len(f.Purposes))
	for i, p := range f.Purposes {
		out[i] = p.Name + " (" + p.Basis + ")"
		if more := textOf(desk.PurposeFact{NameEN: p.NameEN, Interest: p.Interest, Balancing: p.Balancing, Period: p.Period, Parties: p.Parties}); more != noMore {
			out[i] += " " + more
		}
	}
	return out
}

// noMore is what textOf gives for a Purpose that says nothing beside name and basis.
var noMore = textOf(desk.PurposeFact{})

func checkFacts(f desk.ControllerFacts, today string) error {
	if err := checkName("name", f.Name, 200); err != nil {
		return err
	}
	texts := []struct{ field, text string }{
		{"address", f.Address}, {"seat", f.Seat}, {"authority", f.Authority}, {"privacy_url", f.PrivacyURL}, {"alternative", f.Alternative},
		{"dpo.name", f.DPO.Name}, {"dpo.email", f.DPO.Email},
	}
	for _, p := range f.Purposes {
		texts = append(texts, struct{ field, text string }{"purposes.name", p.Name})
		if err := checkBalancing(p); err != nil {
			return err
		}
	}
	for _, t := range texts {
		if t.text == "" {
			continue
		}
		if err := checkName(t.field, t.text, 1000); err != nil {
			return err
		}
	}
	return f.Check(today)
}

// checkBalancing wants plain texts of a length that people read; they may be missing, and then
// nothing stands on the Purpose (GDPR Art. 6(1)(f)).
func checkBalancing(p desk.PurposeFact) error {
	b := p.Balancing
	if b == nil {
		return nil
	}
	for _, t := range []struct{ field, text string }{
		{"necessity", b.Necessity}, {"balance", b.Balance}, {"safeguards", b.Safeguards}, {"objection", b.Objection}, {"approved_by", b.ApprovedBy},
	} {
		if t.text == "" {
			continue
		}
		if err := checkName("purposes.balancing."+t.field, t.text, 4000); err != nil {
			return err
		}
	}
	return nil
}

// newController makes the key first: a key without a Controller is harmless, a
// Controller without a key is not.
func (s *Settings) newController(ctx context.Context, actor desk.Actor, facts desk.ControllerFacts) (desk.ControllerID, func(*store.Tx) error, error) {
	id := desk.NewID[desk.Controller]()
	text, err := json.Marshal(facts)
	if err != nil {
		return id, nil, err
	}
	if err := s.vault.AddController(ctx, id); err != nil {
		return id, nil, err
	}
	return id, func(tx *store.Tx) error {
		changedController(tx, actor, id, desk.ControllerFacts{}, facts)
		if err := tx.AddController(ctx, rows.AddControllerParams{ID: id, Name: facts.Name, Facts: string(text), CreatedAt: tx.Stamp()}); err != nil {
			return err
		}
		return enter(ctx, tx, actor, ofController(id), facts)
	}, nil
}
