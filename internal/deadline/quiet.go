package deadline

import "time"

// Quiet is when nobody wants to hear from us unasked: from the hour From to the hour Until
// of the next day, on Sundays and on holidays.
type Quiet struct {
	From, Until int // hours in Germany, 0 to 23; equal: no hour is quiet by itself
}

// At tells whether t is quiet at a seat. A holiday of parts of the Land is one here: the
// doubt is the person's.
func (q Quiet) At(t time.Time, seat Land) bool {
	day, hour := DateOf(t), t.In(berlin).Hour()
	if _, holiday := HolidayOn(day, seat); holiday || day.Weekday() == time.Sunday {
		return true
	}
	if q.From <= q.Until {
		return hour >= q.From && hour < q.Until
	}
	return hour >= q.From || hour < q.Until
}
