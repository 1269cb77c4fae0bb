// Package house holds no code, only the guards of the house: tests that fail, with
// the reason as their message, when an import points upward, a file grows beyond
// what one can read, a name goes undocumented, personal data becomes readable
// where it must not, or a column is not declared.
//
// Each guard is a function from sources to findings. It is run over the repository
// and, in its own test, over small sources that break the rule, so that no guard
// can fall asleep unnoticed. The rules themselves are tables at the top of each file.
package house
