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
	act act
}

// Kinds of act.
const (
	actTell    = "tell"    // the first status of an accepted message
	actReach   = "reach"   // it reaches the phone
	actLook    = "look"    // the phone's owner reads it
	actStep    = "step"    // a step of a script, or an automatic answer
	actDeliver = "deliver" // a refused webhook is posted again
)

// act is one thing that will happen. It is data and not a function, so that it
// can be written down and happen after a restart.
type act struct {
	kind string
	m    *message      // tell, reach, look
	told chan struct{} // tell; closed with its status, see accepted
	step *Step         // step
	body *delivery     // deliver; never written down, because its items are
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

// after does an act once the clock has moved by d. Nothing to wait for happens
// at once. The caller holds the lock.
func (s *Simulator) after(d time.Duration, a act) {
	if d <= 0 {
		s.do(a)
		return
	}
	s.serial++
	t := task{due: s.now().Add(d), seq: s.serial, act: a}
	heap.Push(&s.tasks.items, t)
	s.journal.planned(t)
	s.hint()
}

// do does an act. The caller holds the lock.
func (s *Simulator) do(a act) {
	switch a.kind {
	case actTell:
		s.tellFirst(a.m, a.told)
	case actReach:
		s.reach(a.m)
	case actLook:
		s.lookedAt(a.m)
	case actStep:
		s.take(*a.step)
	case actDeliver:
		a.body.number.hook.ready = append(a.body.number.hook.ready, a.body)
	}
}

// runDue does whatever is due and tells how long until the next act.
func (s *Simulator) runDue() (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.tasks.items) > 0 {
		wait := s.tasks.items[0].due.Sub(s.now())
		if wait > 0 {
			return wait, true
		}
		next := heap.Pop(&s.tasks.items).(task)
		s.journal.done(next)
		s.acting = next.due
		s.do(next.act)
		s.acting = time.Time{}
	}
	return 0, false
}
