package policy

import "testing"

// BenchmarkDecide: one decision, of a Permit and of a Refusal with every reason.
func BenchmarkDecide(b *testing.B) {
	bad := settled()
	bad.InboxPaused, bad.ContactRestricted, bad.ContactErased, bad.Objected = true, true, Yes, Yes
	bad.ProcessorsComplete, bad.TransferAllowed, bad.BasisKnown, bad.NoticeReady, bad.NoticeShown = No, No, No, No, No
	bad.SensitiveContent, bad.Art9Content, bad.DocumentsComplete, bad.QuietHours, bad.AdvertisingConsent = Yes, Yes, No, Yes, No
	for name, f := range map[string]Facts{"permit": settled(), "refusal": bad} {
		b.Run(name, func(b *testing.B) {
			d := reply()
			for b.Loop() {
				Decide(f, d)
			}
		})
	}
}
