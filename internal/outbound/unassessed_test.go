package outbound_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// What the pages of data protection call not assessed is what a permit lists as that: neither may
// claim more than the other (GDPR Art. 5(2)).
func TestThePagesListWhatIsNotAssessed(t *testing.T) {
	page, err := os.ReadFile("../../web/app/src/settings/gate.ts")
	must(t, err)
	list := regexp.MustCompile(`unassessed: readonly GateRow\[\] = \[(.*?)\]`).FindSubmatch(page)
	if list == nil {
		t.Fatal("gate.ts lists nothing")
	}
	want := strings.ToUpper(strings.NewReplacer("'", "", ",", "").Replace(string(list[1])))
	each(t, func(t *testing.T, w *world) {
		m := w.says(t, w.wrote(t, "+491700000001", time.Hour), "hello")
		if got := strings.Join(m.Permit.NotAssessed, " "); got != want {
			t.Errorf("a permit lists %q, the pages %q", got, want)
		}
	})
}
