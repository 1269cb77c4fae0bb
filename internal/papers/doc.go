// Package papers makes documents from facts.
//
// It promises that a paper says what the register says: the same facts give the same text,
// to the letter, and a fact that changes changes exactly the papers that state it (GDPR
// Art. 5(2)).
//
// It refuses to state what nobody entered: a paper that lacks a mandatory item has problems
// and cannot be put to use.
package papers
