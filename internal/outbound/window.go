package outbound

import "time"

// flight is how long a message without an answer is taken to be on its way to where the Provider
// counts it.
const flight = 500 * time.Millisecond

// stray is by how much the quickest answers differ for other reasons than the way.
const stray = 20 * time.Millisecond

// lead is how long before it opens a place is given: between it and the wire stands a commit. Longer,
// and many would stand at the wire, as good as sent; shorter, and places would stay empty.
const lead = 40 * time.Millisecond

// window remembers until when the newest messages of one number arrived at the latest, the oldest at
// next: the Provider counts what arrives, and what leaves a second apart may arrive nearer to each
// other.
type window struct {
	sent  []departure
	next  int
	onWay int           // have a place and have not left
	left  uint64        // how many have left
	trip  time.Duration // there and back, if nothing holds it up; 0: not known
}

// departure is a message on its way, or not any more.
type departure struct {
	left time.Time
	at   time.Time // by when it arrived, as if the way there took no time
}

// opens tells how long it is until one more than those on their way may leave.
func (w *window) opens(now time.Time) time.Duration {
	wait := w.sent[(w.next+w.onWay)%len(w.sent)].at.Add(time.Second).Sub(now)
	return max(wait, time.Duration(w.onWay/len(w.sent))*time.Second)
}

// leave lets one leave at a moment, and gives its number.
func (w *window) leave(now time.Time) uint64 {
	w.left++
	w.sent[w.next] = departure{now, now.Add(flight)}
	w.next = (w.next + 1) % len(w.sent)
	w.stay()
	return w.left
}

// stay takes one off the way: it has left, or does not leave.
func (w *window) stay() { w.onWay = max(0, w.onWay-1) }

// arrived notes that the message of a number was taken. Whatever that took longer than the way there
// and back takes, it may have been held up on the way there.
func (w *window) arrived(n uint64, now time.Time) {
	size := uint64(len(w.sent))
	back := w.left - n
	if back >= size {
		return // others have its place
	}
	d := &w.sent[(uint64(w.next)+size-1-back)%size]
	if d.left.IsZero() {
		return // it left before the window grew
	}
	took := now.Sub(d.left)
	if w.trip == 0 || took < w.trip {
		w.trip = took
	} else {
		w.trip += (took - w.trip) / 1024 // the way may be a longer one by now
	}
	d.at = d.left.Add(min(took-max(0, w.trip-stray), flight))
}

// resized gives a window of another size: the newest that left stay. There may be none to begin with.
func (w *window) resized(limit int) *window {
	out := &window{sent: make([]departure, limit)}
	if w == nil {
		return out
	}
	out.onWay, out.left, out.trip = w.onWay, w.left, w.trip
	for i := range min(limit, len(w.sent)) {
		out.sent[limit-1-i] = w.sent[(w.next-1-i+2*len(w.sent))%len(w.sent)]
	}
	return out
}
