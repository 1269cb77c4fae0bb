// Package queue is durable work in ordered lanes.
//
// It promises that a Job inserted by a transaction exists exactly if that
// transaction committed; that the Jobs of one lane are worked in order by one node
// at a time; and that a node which lost its lane cannot commit: the committing
// transaction checks a fencing token. Jobs carry references, never content. What
// must not happen twice is for the worker to see to: a Job may be begun again
// after a crash.
package queue
