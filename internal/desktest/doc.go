// Package desktest plays scenarios in the product's own words against the whole
// product: the real wiring on a real database, with a clock that stands still until a
// scenario moves it. The one thing that is not real is WhatsApp; package simulator
// plays it, with phones.
//
// It promises that a line of a scenario is checked when everything the lines before it
// set off has come to rest, so that no line waits for time to pass and none is passed
// by chance; and that after every scenario nothing a Contact said, is called or is
// reached by stands readable where it must not: in database files, columns, logs,
// metrics and the answers to failed requests. It refuses to look into the product where
// a door exists: what Agents do goes over HTTP.
//
// A scenario is a text file in the txtar form: lines of the language that the table
// in language.go lists, then the files it uses. It begins with a comment that says
// what it is about. The scenarios are played by cmd/botschaft's tests, because the
// wiring they are about is there:
//
//	go test ./cmd/botschaft -run 'TestScenarios/window'
package desktest
