package simulator

import (
	"fmt"
	"testing"
	"time"
)

// A portfolio reaches so many people outside of windows within 24 hours, over all its numbers; who
// was reached may be again, and who wrote needs no place.
func TestMessagingLimit(t *testing.T) {
	w := newWorld(t, nil)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w.change(func(s *Settings) { s.Tier, s.IgnorePairRate = "TIER_2", true })
	template := func(n int) string {
		return fmt.Sprintf(`{"messaging_product":"whatsapp","to":"+4915709999%d","type":"template","template":{"name":"reminder","language":{"code":"de"}}}`, n)
	}
	for n := 1; n <= 3; n++ {
		_, err := w.AddCustomer(NewCustomer{ID: fmt.Sprint("late", n), Name: "Late", Phone: fmt.Sprint("+49 1570 9999", n)})
		must(err)
	}
	w.sent(template(1))
	w.Advance(time.Hour)
	w.sent(template(2))
	w.wantRefused(template(3), 400, 131048)
	w.sent(template(1))
	_, err := w.Say("late3", "", "Hallo")
	must(err)
	w.sent(template(3))
	w.Advance(24 * time.Hour) // late2's place is free, late1's was taken at the same time anew
	w.sent(template(3))
	w.sent(template(2))
	w.wantRefused(template(1), 400, 131048)
	w.change(func(s *Settings) { s.Tier = "TIER_UNLIMITED" })
	w.sent(template(1))
	for _, tier := range []string{"2K", "TIER_", "TIER_0", "TIER_-1", "TIER_MANY"} {
		set := w.Settings()
		set.Tier = tier
		if err := w.SetSettings(set); err == nil {
			t.Errorf("%q is taken for a tier", tier)
		}
	}
}
