// Package oversight is for those who watch over the house: what the audit log says and
// whether it was altered, what was changed about settings, how the house stands.
//
// It promises that reading the audit log stands in the audit log, that nobody is shown
// what belongs to a Controller outside their Scope, nor who of its Agents did what belongs
// to none, that a page of a long log costs the same wherever it stands, and that a
// verification holds up nothing and nobody. It changes nothing.
package oversight
