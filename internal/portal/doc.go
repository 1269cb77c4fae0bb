// Package portal serves the pages that people read who have no login: today the Notices, as
// accessible pages and as PDF, each version by its number and date.
//
// It promises that they need no JavaScript, set nothing on the reader's device and load
// nothing from anybody else (§ 25 TDDDG).
//
// It refuses to say anything about anybody: what it shows is published.
package portal
