// Package live tells committed events to whoever listens on this node.
//
// One loop gives events their numbers, reads them once, builds what is shown of them
// once, and keeps the newest in a ring; each listener reads from its own place. It
// promises that a listener who has seen number n is told everything after n, in
// order, exactly once, however slow it is: who falls behind the ring reads from the
// store. It refuses a place it cannot continue from, so that the listener reloads.
package live
