package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	commitBatch = 64                    // transactions that share one fsync at most
	commitTime  = 25 * time.Millisecond // how long a shared transaction may collect
)

// committer joins waiting transactions into one commit on SQLite, a savepoint
// each, so that they share one fsync. Go's queue is fair where SQLite's busy
// handler is not.
type committer struct {
	store  *Store
	normal chan *commit
	urgent chan *commit
	quit   chan struct{}
	done   sync.WaitGroup
}

type commit struct {
	ctx  context.Context
	fn   func(*Tx) error
	tx   *Tx
	err  error
	done chan struct{}
}

func newCommitter(s *Store) *committer {
	c := &committer{store: s, normal: make(chan *commit, 256), urgent: make(chan *commit, 256), quit: make(chan struct{})}
	c.done.Add(1)
	go c.loop()
	return c
}

func (c *committer) do(ctx context.Context, p Priority, fn func(*Tx) error) error {
	queue := c.normal
	if p == Urgent {
		queue = c.urgent
	}
	job := &commit{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case queue <- job:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.quit:
		return errClosed
	}
	select {
	case <-job.done:
		return job.err
	case <-c.quit:
		c.done.Wait()
		select {
		case <-job.done:
			return job.err
		default:
			return errClosed
		}
	}
}

var errClosed = unavailable(errors.New("the store is closed"))

func (c *committer) close() {
	close(c.quit)
	c.done.Wait()
}

func (c *committer) loop() {
	defer c.done.Done()
	for {
		select {
		case job := <-c.urgent:
			c.commit(job)
		case <-c.quit:
			return
		default:
			select {
			case job := <-c.urgent:
				c.commit(job)
			case job := <-c.normal:
				c.commit(job)
			case <-c.quit:
				return
			}
		}
	}
}

// next takes a waiting transaction, the urgent first, without waiting.
func (c *committer) next() *commit {
	select {
	case job := <-c.urgent:
		return job
	default:
	}
	select {
	case job := <-c.urgent:
		return job
	case job := <-c.normal:
		return job
	default:
		return nil
	}
}

// commit runs first and what waits behind it in one transaction.
func (c *committer) commit(first *commit) {
	for begin := []*commit{first}; len(begin) > 0; {
		var batch []*commit
		err := c.collect(begin, &batch)
		begin = nil
		if errors.Is(err, errUndone) && slices.ContainsFunc(batch, (*commit).gaveUp) {
			batch, begin = divide(batch)
		}
		for _, job := range batch {
			job.end(c.store, err)
		}
		c.store.writes.prepareWanted(context.Background())
	}
}

// errUndone says that SQLite undid the whole shared transaction. It does when a
// statement is interrupted, so that one caller's hanging up would fail everybody's work.
var errUndone = errors.New("the shared transaction was undone")

func (j *commit) gaveUp() bool { return j.ctx.Err() != nil }

// divide tells the jobs whose callers gave up from the others, which are run anew.
func divide(batch []*commit) (ended, others []*commit) {
	for _, job := range batch {
		if job.err = job.ctx.Err(); job.err != nil {
			ended = append(ended, job)
		} else {
			others = append(others, job)
		}
	}
	return ended, others
}

func (j *commit) end(s *Store, err error) {
	if j.err == nil {
		j.err = err
	}
	if j.err == nil {
		s.wake.after(j.tx)
	}
	close(j.done)
}

// collect runs the jobs to begin with, then others while they come.
func (c *committer) collect(begin []*commit, batch *[]*commit) error {
	ctx := context.Background()
	started := time.Now()
	*batch = append(*batch, begin...)
	sqlTx, err := c.store.writeDB.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	for i := 0; ; i++ {
		if i >= len(begin) {
			job := c.next()
			if job == nil {
				break
			}
			*batch = append(*batch, job)
		}
		job := (*batch)[i]
		job.tx = c.store.newTx(sqlTx)
		if err := job.inSavepoint(ctx); err != nil {
			return errors.Join(errUndone, unavailable(err), quietRollback(sqlTx))
		}
		if i+1 >= len(begin) && (len(*batch) >= commitBatch || time.Since(started) > commitTime) {
			break
		}
	}
	return errors.Join(c.store.guarded(sqlTx.Commit), quietRollback(sqlTx))
}

// inSavepoint runs the job so that its failure undoes its own work alone. The
// error it returns is one of the connection, which fails the whole commit.
func (j *commit) inSavepoint(ctx context.Context) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil
	}
	if err := j.tx.exec(ctx, "SAVEPOINT one"); err != nil {
		return err
	}
	if err := j.tx.run(j.ctx, j.fn); err != nil {
		j.err = unavailable(err)
		if err := j.tx.exec(ctx, "ROLLBACK TO one"); err != nil {
			return err
		}
	}
	return j.tx.exec(ctx, "RELEASE one")
}
