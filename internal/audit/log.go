package audit

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/merkle"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

const (
	page            = 500
	numberPause     = 25 * time.Millisecond // lets entries of a busy moment gather
	numberPoll      = time.Second           // finds what other processes wrote
	checkpointEvery = time.Minute
	shutdownTime    = 5 * time.Second
)

// Signer signs Checkpoints.
type Signer interface {
	Sign(msg []byte) []byte
}

// Log numbers entries and signs Checkpoints. Several nodes may run one each; a Log
// itself is for one goroutine.
type Log struct {
	store  *store.Store
	signer Signer
	id     desk.InstallationID
	log    *slog.Logger
	tree   *merkle.Frontier // over the entries numbered so far, as far as this node knows
}

// New makes a Log; Run starts it.
func New(s *store.Store, signer Signer, id desk.InstallationID, log *slog.Logger) *Log {
	return &Log{store: s, signer: signer, id: id, log: log, tree: &merkle.Frontier{}}
}

// Run numbers and signs until ctx ends, then once more.
func (l *Log) Run(ctx context.Context) error {
	woken := l.store.Woken(store.WakeAudit)
	poll, sign := time.NewTicker(numberPoll), time.NewTicker(checkpointEvery)
	defer poll.Stop()
	defer sign.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return l.finish(context.WithoutCancel(ctx))
		case <-sign.C:
			err = l.Checkpoint(ctx)
		case <-poll.C:
			err = l.Number(ctx)
		case <-woken:
			if err = l.Number(ctx); err == nil {
				pause(ctx, numberPause)
			}
		}
		if err != nil && ctx.Err() == nil {
			l.log.Warn("the audit log waits", "error", err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func (l *Log) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownTime)
	defer cancel()
	if err := l.Checkpoint(ctx); err != nil {
		return fmt.Errorf("last checkpoint: %w", err)
	}
	return nil
}

// Number gives every committed entry its number.
func (l *Log) Number(ctx context.Context) error {
	for {
		n, err := l.numberPage(ctx)
		if err != nil || n < page {
			return err
		}
	}
}

func (l *Log) numberPage(ctx context.Context) (numbered int, err error) {
	waiting, err := l.store.Read().CountFreshEntries(ctx)
	if err != nil || waiting == 0 {
		return 0, err
	}
	var tree *merkle.Frontier
	err = l.store.Update(ctx, func(tx *store.Tx) error {
		if tree, err = l.lock(ctx, tx); err != nil {
			return err
		}
		fresh, err := tx.ListFreshEntries(ctx, page)
		if err != nil {
			return err
		}
		numbered = len(fresh)
		places := make([]store.Numbered, len(fresh))
		for i := range fresh {
			leaf := leafOf(&fresh[i])
			tree.Append(leaf)
			places[i] = store.Numbered{ID: fresh[i].ID, N: tree.Size(), Leaf: leaf[:]}
		}
		if err := tx.NumberEntries(ctx, places); err != nil {
			return err
		}
		return tx.SetCounter(ctx, rows.SetCounterParams{Name: "audit", N: tree.Size()})
	})
	if err == nil {
		l.tree = tree
	}
	return numbered, err
}

// lock makes this node the one that numbers until the transaction ends and gives the
// tree as it is now. Other nodes may have numbered since this one last did.
func (l *Log) lock(ctx context.Context, tx *store.Tx) (*merkle.Frontier, error) {
	if err := tx.LockAudit(ctx); err != nil {
		return nil, err
	}
	size, err := tx.GetCounter(ctx, "audit")
	if err != nil {
		return nil, err
	}
	tree := l.tree.Clone()
	if tree.Size() == 0 {
		if tree, err = lastTree(ctx, tx.Queries); err != nil {
			return nil, err
		}
	}
	if tree.Size() > size { // the database was set back under a running node
		tree = &merkle.Frontier{}
	}
	return tree, grow(ctx, tx.Queries, tree, size)
}

// lastTree gives the tree of the last Checkpoint.
func lastTree(ctx context.Context, q *rows.Queries) (*merkle.Frontier, error) {
	tree := &merkle.Frontier{}
	last, err := q.LastCheckpoint(ctx)
	if store.IsNone(err) {
		return tree, nil
	} else if err != nil {
		return nil, err
	}
	if tree.UnmarshalBinary(last.Frontier) != nil || tree.Size() != last.Size || tree.Root() != merkle.Hash(last.Root) {
		return &merkle.Frontier{}, nil // not to be trusted: begin at the first entry
	}
	return tree, nil
}

// grow appends the leaves up to size.
func grow(ctx context.Context, q *rows.Queries, tree *merkle.Frontier, size int64) error {
	for tree.Size() < size {
		leaves, err := q.ListLeaves(ctx, rows.ListLeavesParams{AfterN: tree.Size(), Page: 10 * page})
		if err != nil {
			return err
		}
		if len(leaves) == 0 {
			return fmt.Errorf("audit: entry %d is missing; see botschaft verify audit", tree.Size()+1)
		}
		for _, leaf := range leaves {
			if leaf.N != tree.Size()+1 || len(leaf.Leaf) != len(merkle.Hash{}) {
				return fmt.Errorf("audit: entry %d is missing or damaged; see botschaft verify audit", tree.Size()+1)
			}
			tree.Append(merkle.Hash(leaf.Leaf))
		}
	}
	return nil
}

// Checkpoint numbers what is there and signs the tree, unless that was done already.
func (l *Log) Checkpoint(ctx context.Context) error {
	if err := l.Number(ctx); err != nil {
		return err
	}
	return l.store.Update(ctx, func(tx *store.Tx) error {
		tree, err := l.lock(ctx, tx)
		if err != nil || tree.Size() == 0 {
			return err
		}
		root, at := tree.Root(), tx.Stamp()
		frontier, err := tree.MarshalBinary()
		if err != nil {
			return err
		}
		return tx.AddCheckpoint(ctx, rows.AddCheckpointParams{
			Size: tree.Size(), Root: root[:], Frontier: frontier, At: at,
			Signature: l.signer.Sign(statement(l.id, tree.Size(), root, at)),
		})
	})
}
