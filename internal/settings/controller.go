package settings

import (
	"context"
	"encoding/json"

	"botschaft/internal/desk"
	"botschaft/internal/directory"
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

// SetUp makes the first Controller and the first admin. It is desk.CodeConflict when
// there is an Agent already.
func (s *Settings) SetUp(ctx context.Context, actor desk.Actor, f FirstSetup) (desk.ControllerID, desk.AgentID, error) {
	if agents, err := s.store.Read().ListAgents(ctx); err != nil {
		return desk.ControllerID{}, desk.AgentID{}, err
	} else if len(agents) > 0 {
		return desk.ControllerID{}, desk.AgentID{}, desk.Conflict("the house is set up already; use botschaft agent create")
	}
	if err := checkFacts(f.Controller); err != nil {
		return desk.ControllerID{}, desk.AgentID{}, err
	}
	agent, err := s.newAgent(ctx, NewAgent{Email: f.Email, Name: f.Name, Role: desk.RoleAdmin, Password: f.Password})
	if err != nil {
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
		return s.addAgent(ctx, tx, actor, agent, []desk.ControllerID{controller})
	})
	return controller, agent.ID, err
}

// AddController makes a further Controller.
func (s *Settings) AddController(ctx context.Context, actor desk.Actor, facts desk.ControllerFacts) (desk.ControllerID, error) {
	if err := checkFacts(facts); err != nil {
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
	if err := checkFacts(facts); err != nil {
		return err
	}
	text, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	return s.change(ctx, func(tx *store.Tx) error {
		n, err := tx.SetControllerFacts(ctx, rows.SetControllerFactsParams{ID: id, Name: facts.Name, Facts: string(text)})
		if err != nil {
			return err
		}
		if n == 0 {
			return desk.NotFound("controller")
		}
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActControllerChanged, Subject: "controller:" + id.String(), Controller: id})
		tx.Wake(directory.WakeDirectory)
		return nil
	})
}

func checkFacts(f desk.ControllerFacts) error {
	if err := checkName("name", f.Name, 200); err != nil {
		return err
	}
	return f.Check()
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
		tx.Audit(desk.AuditEntry{Actor: actor, Act: desk.ActControllerChanged, Subject: "controller:" + id.String(), Controller: id})
		return tx.AddController(ctx, rows.AddControllerParams{ID: id, Name: facts.Name, Facts: string(text), CreatedAt: tx.Stamp()})
	}, nil
}
