// Package postgres opens lines to a PostgreSQL server.
//
// It promises that no question is waited for longer than Silence: a server that is gone
// without a word, such as a primary that lost its power, must not hold up whoever asks, and
// what is asked next finds its successor. Nor does a node that stops in the middle of a
// transaction hold up the others for long. A line to a server that became a standby is
// given up if the address asks for a primary. No error repeats a password. The package
// knows no tables.
package postgres
