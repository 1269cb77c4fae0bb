package store

import "context"

// lockSettings makes one transaction at a time change settings, on all nodes.
const lockSettings = 0x626f7403

// LockSettings makes this transaction the only one that changes settings until it
// ends: what it has read about them, such as who the last admin is, stays true.
func (tx *Tx) LockSettings(ctx context.Context) error { return tx.lock(ctx, lockSettings) }
