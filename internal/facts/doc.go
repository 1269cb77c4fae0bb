// Package facts gathers what the gate must know at one moment about a Contact, an Inbox and
// the register of its Controller.
//
// It promises three statements at most, and none about the register while that has not
// changed: a number on the Controller's row tells, read in the same transaction as all else,
// so that a decision never rests on a register of yesterday. Of many Contacts the same is
// known in sets, for looking ahead.
//
// It refuses to decide: it says what is known, package policy what follows (GDPR Art. 5(2)).
package facts
