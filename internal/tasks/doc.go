// Package tasks tells people what they must do, and until when: inform somebody whom a
// Contact introduced, read a Message that may withdraw a consent, look after the register.
//
// It promises that a Task is due when the law says so, by the holidays of the Controller's
// Land (Reg. 1182/71; GDPR Art. 14(3)(a)), that it ends once, with who, when and how, and that
// looking is an act, audited before anything is shown. Doubts are not its own: they come and
// end with the entries of the Ledger (store.Tx.AddConsent). What the register asks for is
// derived when somebody looks, so that it cannot drift from what the register says.
//
// It refuses to inform third persons by itself: the information is a paper, and nothing about
// them leaves by WhatsApp.
package tasks
