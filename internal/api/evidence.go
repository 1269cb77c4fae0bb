package api

import (
	"context"
	"net/http"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
)

// Evidence makes the sheet about one Contact, and keeps signed forms.
type Evidence interface {
	Sheet(ctx context.Context, actor desk.Actor, scope desk.Scope, q desk.SheetQuery) ([]byte, error)
	Paper(ctx context.Context, actor desk.Actor, scope desk.Scope, entry desk.ConsentID) (desk.Paper, error)
}

// DocumentInput says which paper is wanted, and how.
type DocumentInput struct {
	ID       string `path:"id" format:"uuid"`
	Form     string `query:"form" enum:"html,pdf" default:"html"`
	Language string `query:"language" enum:"de,en" default:"de"`
}

type (
	evidenceInput struct {
		DocumentInput
		On string `query:"on" maxLength:"10" example:"2026-11-30" doc:"A day: the sheet also says which Notice the Contact had been shown by its end, with its words."`
	}
	documentOutput struct {
		ContentType string `header:"Content-Type"`
		Body        []byte
	}
)

func (in *DocumentInput) isPDF() bool { return in.Form == "pdf" }

// output is the paper in the form that was asked for.
func (in *DocumentInput) output(paper []byte, err error) (*documentOutput, error) {
	if err != nil {
		return nil, err
	}
	kind := "text/html; charset=utf-8"
	if in.isPDF() {
		kind = "application/pdf"
	}
	return &documentOutput{kind, paper}, nil
}

func (a *API) evidence() {
	register(a, operation("evidence-get", http.MethodGet, "/contacts/{id}/evidence",
		"The sheet that proves what a Contact was shown, agreed to and took back; audited (GDPR Art. 5(2), 7(1))", http.StatusOK),
		auth.ReadGovernance, a.getEvidence)
}

func (a *API) getEvidence(ctx context.Context, x *exchange, in *evidenceInput) (*documentOutput, error) {
	id, err := desk.ParseID[desk.Contact](in.ID)
	if err != nil {
		return nil, desk.NotFound("contact")
	}
	sheet, err := a.Evidence.Sheet(ctx, x.who.Actor(), x.who.Scope(), desk.SheetQuery{Contact: id, Language: in.Language, PDF: in.isPDF(), On: in.On})
	return in.output(sheet, err)
}
