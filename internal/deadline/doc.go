// Package deadline computes when what the law asks for is due, and which days are
// holidays at the seat of whoever must answer.
//
// It promises the arithmetic of Regulation (EEC, Euratom) No 1182/71, which is that of
// §§ 187, 188 and 193 BGB: the day of the event does not count, a month ends on the day
// with the same number, and an end on a Saturday, a Sunday or a public holiday moves to
// the end of the next working day. Days are days in Germany; hours are absolute.
//
// It refuses to guess: a holiday that is one in parts of a Land only never makes a
// deadline longer.
package deadline
