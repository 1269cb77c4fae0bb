package settings_test

import (
	"testing"

	"botschaft/internal/storetest"
)

// Inboxes of an older release, which knew no register, send again after an upgrade: those who
// carry their Messages are entered, and the Notice is in use if the facts suffice. What
// somebody has decided since stays (GDPR Art. 13, 28).
func TestPrepare(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		facts, _ := storetest.Papers()
		must(t, w.ChangeController(ctx, shell, w.controller, facts))
		id, err := w.CreateWhatsAppInbox(ctx, shell, w.newInbox())
		must(t, err)
		w.execute(t, "DELETE FROM notice")
		w.execute(t, "DELETE FROM register WHERE kind = 'recipient'")
		must(t, w.Prepare(ctx))
		register, err := w.Register(ctx, w.controller, w.clock.Now())
		must(t, err)
		if n := len(register.Recipients); n != 5 || len(register.Incomplete("whatsapp")) > 0 {
			t.Errorf("%d recipients, of which %v are incomplete", n, register.Incomplete("whatsapp"))
		}
		notices, err := w.Notices(ctx, id)
		must(t, err)
		if len(notices) != 2 || !notices[0].Material {
			t.Errorf("%d notices are in use", len(notices))
		}
		w.execute(t, "DELETE FROM notice")
		must(t, w.Prepare(ctx))
		if notices, err = w.Notices(ctx, id); err != nil || len(notices) != 0 {
			t.Errorf("what somebody took away came back: %d, %v", len(notices), err)
		}
	})
}
