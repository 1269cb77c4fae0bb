// Package sqlite opens SQLite files, and sees when somebody takes them away.
//
// SQLite writes on into files that were removed or replaced under it, and says that all is
// well; whoever starts it next finds nothing of that. So the package remembers which files
// an open database has (Files) and tells when they are no longer what stands under their
// names. It promises that no connection is opened to another file than the first one, that
// a lock on a database is held by one process (Lock), and that a damaged file is found at
// the start as far as two seconds of looking find it (Check). It closes no descriptor of a
// database that is open: that would drop SQLite's own locks. The package knows no tables.
package sqlite
