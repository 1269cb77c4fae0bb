// Package seed fills a house with invented Conversations, many and quickly, so that
// tests and benchmarks meet the tables of a house that has run for years.
//
// What it writes is what the doors would have written: every Contact has a key of its
// own in the vault, contents are sealed with it, Identities and wamids are found again by
// their keyed digests, and positions, Windows and Tallies are made by the nouns
// themselves. It differs in two things. Events, which a house keeps for a while only, are
// not told; and no act of an Agent stands in the audit log, because nobody acted.
//
// It promises the same people, times and words for the same Plan; keys and what is sealed
// with them are random, as they must be. It refuses to be a way in: no command imports it,
// and the house's tests hold that.
package seed
