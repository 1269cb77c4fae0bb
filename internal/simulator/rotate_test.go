package simulator

import (
	"strings"
	"testing"
)

// Who changes the number is told of once per business number it wrote to, is reached by the new
// number and ids, and by the old ones no more.
func TestChangePhone(t *testing.T) {
	s := newWorld(t, nil)
	if _, err := s.AddCustomer(NewCustomer{ID: "dora", Name: "Dora Muster", Phone: "+49 1570 0000076"}); err != nil {
		t.Fatal(err)
	}
	dora := func() CustomerView {
		all := s.Customers()
		return all[len(all)-1]
	}
	before := dora()
	if err := s.ChangePhone(before.ID, before.Phone); err == nil {
		t.Error("a number that is taken was taken")
	}
	if err := s.ChangePhone("nobody", "+49 1570 0000077"); err == nil {
		t.Error("nobody changed the number")
	}
	if _, err := s.Say(before.ID, "", "hello"); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangePhone(before.ID, "+49 1570 0000077"); err != nil {
		t.Fatal(err)
	}
	after := dora()
	for portfolio, id := range after.UserIDs {
		if id == before.UserIDs[portfolio] || !strings.HasPrefix(id, "DE.1") {
			t.Errorf("the user id was %s and is %s", before.UserIDs[portfolio], id)
		}
	}
	all, err := s.Messages(before.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	last := all[len(all)-1]
	for _, want := range []string{`"type":"user_changed_number"`, `"wa_id":"4915700000077"`, `"previous_user_id":"DE.1`} {
		if len(all) != 2 || last.Kind != "system" || !strings.Contains(string(last.Payload), want) {
			t.Errorf("told %s, which lacks %s", last.Payload, want)
		}
	}
	if s.byPhone[digits(before.Phone)] != nil || s.byPhone["4915700000077"] == nil {
		t.Error("reached by the old number, or not by the new one")
	}
}
