// Package settings is what an organisation decides about its house: Controllers,
// Inboxes, Agents, Tokens, and what becomes of Deliveries that were set aside.
//
// It promises that every change commits with its audit entry, and with an event where
// somebody is shown it, that secrets are written and never read back, and that a
// set-up house always has an admin who can log in. It refuses changes that would leave
// none, also when several are asked for at the same moment.
package settings
