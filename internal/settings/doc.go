// Package settings is what an organisation decides about its house: Controllers,
// Inboxes, Agents, Tokens, and what becomes of Deliveries that were set aside.
//
// It promises that every change commits with its audit entry and its event, that
// secrets are written and never read back, and that a set-up house always has an
// admin who can log in. It refuses changes that would leave none.
package settings
