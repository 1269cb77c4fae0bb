// Package inbox is what Agents do with Conversations: list, open, read, answer,
// reveal a number, restrict a Contact.
//
// It promises that nobody sees what is outside their Scope, that a list costs the
// same on its hundredth page as on its first, and that whoever looked at personal
// data stands in the audit log before it was shown. It refuses to read one row at a
// time: a page is a handful of statements and one opening of the vault.
package inbox
