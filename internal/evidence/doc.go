// Package evidence makes the sheet that proves what happened about one Contact: which Notice
// it was shown and when, what it was told beside it, what it agreed to and took back, and
// what allows writing to it now.
//
// It promises that every line stands in the Ledger or beside a Message, and that the audit
// log has the digest of each: `botschaft verify audit` tells whether the sheet can be relied
// on (GDPR Art. 5(2), 7(1)).
//
// It refuses to conclude: it shows entries and what they fold to, and no opinion. Looking at
// it is an act, audited before anything is shown.
package evidence
