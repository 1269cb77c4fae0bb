package desktest

import (
	"context"
	"maps"
	"net/http"
	"time"
)

// agentAddsPurpose enters a Purpose that stands on consent into the register.
func agentAddsPurpose(ctx context.Context, w *world, a args) error {
	who, in, err := w.worksAt(ctx, a)
	if err != nil {
		return err
	}
	path := "/controllers/" + in.controller.String()
	var all listed[struct {
		ID    string
		Facts map[string]any
	}]
	if err := w.ask(ctx, who, request{method: http.MethodGet, path: "/controllers"}, &all); err != nil {
		return err
	}
	for _, c := range all.Items {
		if "/controllers/"+c.ID != path {
			continue
		}
		purposes, _ := c.Facts["purposes"].([]any)
		c.Facts["purposes"] = append(purposes, map[string]string{"name": a.one("TEXT"), "basis": "6(1)(a)"})
		err = w.ask(ctx, who, request{method: http.MethodPut, path: path, body: c.Facts}, nil)
	}
	return err
}

// agentAsksToWriteFirst asks for the policy by which a house also writes by itself.
func agentAsksToWriteFirst(ctx context.Context, w *world, a args) error {
	who, in, err := w.worksAt(ctx, a)
	if err != nil {
		return err
	}
	path := "/controllers/" + in.controller.String()
	var register struct{ Policies map[string]any }
	if err := w.ask(ctx, who, request{method: http.MethodGet, path: path + "/register"}, &register); err != nil {
		return err
	}
	body := maps.Clone(register.Policies)
	body["outbound"], body["reason"] = "service_templates", a.one("REASON")
	return w.ask(ctx, who, request{method: http.MethodPut, path: path + "/policies", body: body}, nil)
}

// agentRecordsConsent notes what the Contact signed yesterday; the form is a canary.
func agentRecordsConsent(ctx context.Context, w *world, a args) error {
	m, err := w.meet(ctx, a)
	if err != nil {
		return err
	}
	body := map[string]any{
		"purpose": a.one("TEXT"), "signed_at": w.clock.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339), "version": "1", "language": "de",
		"form": []byte(asPDF(marked("Einwilligung", m.with.mark))),
	}
	return w.ask(ctx, m.who, request{method: http.MethodPost, path: m.path + "/consents/paper", body: body}, nil)
}
