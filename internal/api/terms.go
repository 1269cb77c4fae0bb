package api

import (
	"context"
	"net/http"

	"botschaft/internal/auth"
)

// MaxTermsBody is the longest body with a file of terms, which JSON carries in base64. The
// server must let as much come in under TermsPrefix.
const (
	MaxTermsBody = 12 << 20
	TermsPrefix  = "/api/v1/recipients/"
)

type (
	termsInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			File []byte `json:"file" maxLength:"11200000" doc:"A PDF, PNG or JPEG, 8 MiB at most."`
		}
	}
	termsKept struct {
		Body struct {
			Digest string `json:"digest" doc:"SHA-256 in hexadecimal: what the register writes down as the digest of the terms."`
		}
	}
	termsFileInput struct {
		ID     string `path:"id" format:"uuid"`
		Digest string `path:"digest"`
	}
)

func (a *API) terms() {
	keep := operation("terms-keep", http.MethodPost, "/recipients/{id}/terms", "Keep the file of terms with a Recipient (GDPR Art. 28(9))", http.StatusCreated)
	keep.MaxBodyBytes = MaxTermsBody
	register(a, keep, auth.ChangeSettings, a.keepTerms)
	register(a, operation("terms-get", http.MethodGet, "/recipients/{id}/terms/{digest}", "The file of terms that the register names by its digest", http.StatusOK),
		auth.ReadGovernance, a.getTerms)
}

func (a *API) keepTerms(ctx context.Context, x *exchange, in *termsInput) (*termsKept, error) {
	controller, _, err := a.recipientWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	out := &termsKept{}
	out.Body.Digest, err = a.Settings.KeepTerms(ctx, x.who.Actor(), controller, in.Body.File)
	return out, err
}

func (a *API) getTerms(ctx context.Context, x *exchange, in *termsFileInput) (*paperOutput, error) {
	controller, _, err := a.recipientWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	f, err := a.Settings.Terms(ctx, controller, in.Digest)
	if err != nil {
		return nil, err
	}
	return &paperOutput{f.Type, `attachment; filename="` + f.Name() + `"`, f.File}, nil
}
