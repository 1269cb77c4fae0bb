package api

import (
	"context"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// ControllerFacts are what a Controller says of itself in its notices (GDPR Art. 13).
type ControllerFacts struct {
	Name        string    `json:"name" minLength:"1" maxLength:"200"`
	Address     string    `json:"address" maxLength:"500"`
	Seat        string    `json:"seat" maxLength:"200"`
	Land        string    `json:"land" enum:",BW,BY,BE,BB,HB,HH,HE,MV,NI,NW,RP,SL,SN,ST,SH,TH" doc:"The German Land of the seat; empty if not said."`
	Authority   string    `json:"authority" maxLength:"300" doc:"The data-protection authority."`
	PrivacyURL  string    `json:"privacy_url" maxLength:"500"`
	Alternative string    `json:"alternative" maxLength:"500" doc:"The way to the Controller that needs no WhatsApp."`
	DPO         Office    `json:"dpo" doc:"The data-protection officer's published address (Art. 37(7))."`
	Purposes    []Purpose `json:"purposes" nullable:"false" maxItems:"50"`
}

// Office is a published point of contact.
type Office struct {
	Name  string `json:"name" maxLength:"200"`
	Email string `json:"email" maxLength:"254"`
}

// Purpose is why data is processed, and what allows it (GDPR Art. 6).
type Purpose struct {
	Name      string          `json:"name" minLength:"1" maxLength:"300"`
	NameEN    string          `json:"name_en,omitempty" maxLength:"300" doc:"In the English Notice; empty: the name is good there, too."`
	Basis     string          `json:"basis" enum:"6(1)(a),6(1)(b),6(1)(c),6(1)(d),6(1)(e),6(1)(f)"`
	Interest  *SomeWords      `json:"interest,omitempty" doc:"That is pursued, of 6(1)(f)."`
	Balancing *desk.Balancing `json:"balancing,omitempty" doc:"Why the interest outweighs those of the people concerned; 6(1)(f) cannot be used without."`
	Period    *SomeWords      `json:"period,omitempty" doc:"How long data is kept, a sentence."`
	Parties   bool            `json:"parties,omitempty" doc:"Reaches nobody but those who write or are party to a contract: third persons are not told of it (GDPR Art. 14)."`
}

// SomeWords is a text in one or both languages of the house.
type SomeWords struct {
	DE string `json:"de,omitempty" maxLength:"1000"`
	EN string `json:"en,omitempty" maxLength:"1000"`
}

func someWords(w desk.Bilingual) *SomeWords {
	if w.IsEmpty() {
		return nil
	}
	return &SomeWords{w.DE, w.EN}
}

func (w *SomeWords) words() desk.Bilingual {
	if w == nil {
		return desk.Bilingual{}
	}
	return desk.Bilingual{DE: w.DE, EN: w.EN}
}

// Controller is a legal entity that answers for data.
type Controller struct {
	ID        string          `json:"id" format:"uuid"`
	Name      string          `json:"name"`
	Facts     ControllerFacts `json:"facts"`
	CreatedAt time.Time       `json:"created_at"`
}

type (
	controllersOutput struct {
		Body struct {
			Items []Controller `json:"items" nullable:"false"`
		}
	}
	newControllerInput struct{ Body ControllerFacts }
	controllerInput    struct {
		ID   string `path:"id" format:"uuid"`
		Body ControllerFacts
	}
	controllerOutput struct{ Body Controller }
)

func (a *API) controllers() {
	register(a, operation("controllers-list", http.MethodGet, "/controllers", "The Controllers, by name", http.StatusOK),
		auth.ReadSettings, a.listControllers)
	register(a, operation("controller-create", http.MethodPost, "/controllers", "Add a Controller", http.StatusCreated),
		auth.ChangeSettings, a.createController)
	register(a, operation("controller-change", http.MethodPut, "/controllers/{id}", "Put other facts in the place of a Controller's", http.StatusNoContent),
		auth.ChangeSettings, a.changeController)
}

// listControllers shows those in the caller's Scope.
func (a *API) listControllers(ctx context.Context, x *exchange, _ *none) (*controllersOutput, error) {
	listed, err := a.People.Controllers(ctx, x.who)
	if err != nil {
		return nil, err
	}
	out := &controllersOutput{}
	out.Body.Items = make([]Controller, len(listed))
	for i, c := range listed {
		out.Body.Items[i] = controllerView(c)
	}
	return out, nil
}

func (a *API) createController(ctx context.Context, x *exchange, in *newControllerInput) (*controllerOutput, error) {
	made, err := a.Settings.AddController(ctx, x.who.Actor(), in.Body.facts())
	if err != nil {
		return nil, err
	}
	return &controllerOutput{controllerView(desk.Controller{ID: made, Name: in.Body.Name, Facts: in.Body.facts(), CreatedAt: a.Now()})}, nil
}

func (a *API) changeController(ctx context.Context, x *exchange, in *controllerInput) (*none, error) {
	id, err := desk.ParseID[desk.Controller](in.ID)
	if err != nil {
		return nil, desk.NotFound("controller")
	}
	return nil, a.Settings.ChangeController(ctx, x.who.Actor(), id, in.Body.facts())
}

func controllerView(c desk.Controller) Controller {
	f := c.Facts
	v := Controller{ID: c.ID.String(), Name: c.Name, CreatedAt: c.CreatedAt, Facts: ControllerFacts{
		Name: c.Name, Address: f.Address, Seat: f.Seat, Land: f.Land, Authority: f.Authority, PrivacyURL: f.PrivacyURL,
		Alternative: f.Alternative, DPO: Office{f.DPO.Name, f.DPO.Email}, Purposes: make([]Purpose, len(f.Purposes)),
	}}
	for i, p := range f.Purposes {
		v.Facts.Purposes[i] = Purpose{p.Name, p.NameEN, p.Basis, someWords(p.Interest), p.Balancing, someWords(p.Period), p.Parties}
	}
	return v
}

func (f ControllerFacts) facts() desk.ControllerFacts {
	out := desk.ControllerFacts{
		Name: f.Name, Address: f.Address, Seat: f.Seat, Land: f.Land, Authority: f.Authority, PrivacyURL: f.PrivacyURL,
		Alternative: f.Alternative, DPO: desk.Office{Name: f.DPO.Name, Email: f.DPO.Email},
	}
	for _, p := range f.Purposes {
		out.Purposes = append(out.Purposes, desk.PurposeFact{
			Name: p.Name, NameEN: p.NameEN, Basis: p.Basis, Interest: p.Interest.words(), Balancing: p.Balancing, Period: p.Period.words(), Parties: p.Parties,
		})
	}
	return out
}
