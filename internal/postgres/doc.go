// Package postgres opens lines to a PostgreSQL server.
//
// It promises that no question is waited for longer than Silence: a server that is gone
// without a word, such as a primary that lost its power, must not hold up whoever asks,
// and what is asked next finds its successor. It promises further that a line to a server
// that became a standby is given up, if the address asks for a primary, and that no error
// of connecting repeats the address. It knows no tables.
package postgres
