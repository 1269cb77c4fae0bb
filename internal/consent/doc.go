// Package consent reads the Ledger of a Contact: who agreed to what, and since when no
// more; and it reads what people write when they want no advertising any longer.
//
// It promises that state is a fold: the same entries give the same State for the same
// moment, today or in ten years. An entry that proves too little grants nothing, and no
// silence, no chat that goes on and no terms of somebody else are a proof (GDPR Art. 4(11),
// 7(1); § 7 UWG). A withdrawal counts however it was said, for as little as it asked.
//
// It refuses to be clever: what may be a withdrawal and may be something else is Unsure,
// for a person to decide while advertising waits.
package consent
