package channel

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/policy"
)

// That a Message was read leaves the house with a Permit for a signal about this very Message, or
// not at all: one to answer it will not do.
func TestSignalNeedsAPermit(t *testing.T) {
	p := newProvider(t, says(http.StatusOK, `{"success":true}`))
	m := outgoing(p.URL)
	m.Kind = desk.KindSignal
	answer, other := m, outgoing(p.URL)
	answer.Kind, other.Kind = desk.KindText, desk.KindSignal
	s := desk.Signal{
		GraphURL: m.GraphURL, GraphVersion: m.GraphVersion, PhoneNumberID: m.PhoneNumberID, Token: m.Token, Wamid: said("wamid.1"), Reference: m.Reference,
	}
	later := noon.Add(time.Second)
	for name, permit := range map[string]policy.Permit{
		"none": nil, "ends now": permit(t, m, noon), "to answer": permit(t, answer, later), "about another": permit(t, other, later),
	} {
		var failed *desk.SendError
		if err := sender(p.Client()).Signal(t.Context(), s, permit); !errors.As(err, &failed) || failed.Outcome != desk.SendNotWritten || p.asked.Load() != 0 {
			t.Errorf("%s: %v after %d requests", name, err, p.asked.Load())
		}
	}
	if err := sender(p.Client()).Signal(t.Context(), s, permit(t, m, later)); err != nil || p.asked.Load() != 1 || p.body["status"] != "read" {
		t.Errorf("with its own: %v, %v", err, p.body)
	}
}
