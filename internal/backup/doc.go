// Package backup takes data and keys out of a running house and brings them back into
// an empty one (GDPR Art. 32(1)(b), (c)).
//
// It promises that a backup is complete or not there; that data and keys are separate
// archives, the keys taken last, so that they have every key the data needs; and that
// a restore makes a whole house or none. What comes back is told that time has passed:
// nothing that may have been sent since the backup is sent again, nobody is logged in,
// and the feed is new.
//
// It refuses a place that is not empty, archives that do not belong together or were
// not signed by the installation, and keys that are older than the data: keys that were
// destroyed since would come back (GDPR Art. 17).
package backup
