package simulator

import (
	"container/heap"
	"time"
)

// schedule is what will happen later on the simulator's clock, soonest first.
type schedule struct{ items taskHeap }

type task struct {
	due time.Time
	seq uint64
	do  func() // called with the lock held
}

type taskHeap []task

func (h taskHeap) Len() int { return len(h) }
func (h taskHeap) Less(i, j int) bool {
	if h[i].due.Equal(h[j].due) {
		return h[i].seq < h[j].seq
	}
	return h[i].due.Before(h[j].due)
}
func (h taskHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *taskHeap) Push(x any)   { *h = append(*h, x.(task)) }
func (h *taskHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = task{}
	*h = old[:len(old)-1]
	return last
}

// after runs do, with the lock held, once the clock has moved by d. Nothing to
// wait for runs at once. The caller holds the lock.
func (s *Simulator) after(d time.Duration, do func()) {
	if d <= 0 {
		do()
		return
	}
	s.serial++
	heap.Push(&s.tasks.items, task{due: s.now().Add(d), seq: s.serial, do: do})
	s.hint()
}

// runDue runs every task that is due and tells how long until the next one.
func (s *Simulator) runDue() (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.tasks.items) > 0 {
		wait := s.tasks.items[0].due.Sub(s.now())
		if wait > 0 {
			return wait, true
		}
		next := heap.Pop(&s.tasks.items).(task)
		s.acting = next.due
		next.do()
		s.acting = time.Time{}
	}
	return 0, false
}
