// Package diagnosis judges what was seen of a house: Facts become Findings, each with
// what was looked at, what was found and what mends it.
//
// It promises that the same Facts give the same Findings, that everything that was looked
// at is named, well or not, and that a Finding holds nothing but numbers, codes, ids,
// hosts and paths of the Facts. It looks at nothing itself and mends nothing.
package diagnosis
