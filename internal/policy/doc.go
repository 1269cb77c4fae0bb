// Package policy holds the rules of the door: from Facts and a Draft it makes a
// Permit, a Refusal with every reason, or the demand that a Notice goes first.
//
// It promises that Decide is total, pure and deterministic: no I/O, no clock but
// Facts.Now, no input it has no answer to. The rules are the rows G1 to G12 of the
// truth table, in order, in one place (rows.go), each beside the law it comes from.
// What nobody assessed passes, and stands by name on the Permit.
//
// It refuses to make a Permit in any other way: Permit has an unexported method and
// only Decide returns one, so whoever holds a Permit has asked. It never sees what a
// Message says or whom it goes to; the caller brings findings about both as Facts.
package policy
