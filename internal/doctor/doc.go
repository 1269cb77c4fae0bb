// Package doctor looks at a house and gathers the Facts that package diagnosis judges.
//
// It promises to change nothing: databases are opened for reading, no key is made, no
// lock is taken, no file is written. It works beside a running server and without one;
// what cannot be looked at is a Fact of its own and stops nothing else. It opens
// connections through the one dialer alone, sends no secret, and hands out none: what it
// tells of them is whether they are there.
package doctor
