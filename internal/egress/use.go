package egress

import "time"

// Use is when data last went where a Declaration leads. It is noted when the way is let
// open, so that a failed attempt counts too.
type Use struct {
	Declaration
	At time.Time
}

// Used lists what was used after a moment, in the order of Declarations. Where a place has
// several Declarations, each counts: a connection does not tell which it was for.
func (d *Dialer) Used(after time.Time) []Use {
	var uses []Use
	for _, decl := range d.Declarations() {
		if at := d.lastUse(decl.destination()); at.After(after) {
			uses = append(uses, Use{decl, at})
		}
	}
	return uses
}

func (d *Dialer) lastUse(at destination) time.Time {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.used[at]
}

func (d *Dialer) use(at destination) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.used[at] = d.now()
}
