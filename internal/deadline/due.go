package deadline

import (
	"errors"
	"time"
)

// Start is when a deadline that a Message sets off begins to run: at the earlier of the
// Provider's time and our own receipt, because a doubt is ours. A weekend counts.
func Start(external, arrived time.Time) time.Time {
	if external.Unix() > 0 && external.Before(arrived) {
		return external
	}
	return arrived
}

// Due is the last day on which something may be done.
type Due struct {
	Day Date
}

// Until is the end of that day, 24:00 in Germany.
func (d Due) Until() time.Time { return d.Day.End() }

// Months gives the end of n months after an event, at the seat of whoever must act
// (Reg. 1182/71 Art. 3(1), (2)(c) and (4); GDPR Art. 12(3) and 14(3)(a)).
func Months(event time.Time, n int, seat Land) Due {
	return Due{working(DateOf(event).AddMonths(n), seat)}
}

// NextWorkingDay gives the first working day after an event, at the seat of whoever must act.
func NextWorkingDay(event time.Time, seat Land) Due {
	return Due{working(DateOf(event).AddDays(1), seat)}
}

// LastDay is the day that ends at until.
func LastDay(until time.Time) Date { return DateOf(until.Add(-time.Nanosecond)) }

// working moves to the next working day.
func working(d Date, seat Land) Date {
	for !IsWorkingDay(d, seat) {
		d = d.AddDays(1)
	}
	return d
}

// ErrExtendedTooLate says that an extension was not told of within the first month.
var ErrExtendedTooLate = errors.New("an extension counts only if its reasons were sent within the first month")

// Extended gives the end of the month that a Request has, extended by two months: three in
// all since its receipt. Its reasons must have left before the first end (GDPR Art. 12(3)).
func Extended(receipt, told time.Time, seat Land) (Due, error) {
	if told.Before(receipt) || !told.Before(Months(receipt, 1, seat).Until()) {
		return Due{}, ErrExtendedTooLate
	}
	return Months(receipt, 3, seat), nil
}

// Hours gives the end of n hours after somebody became aware. Strict counts from the very
// moment and is what alarms go by; formal is the end of the n-th full hour after the hour of
// awareness (GDPR Art. 33(1); Reg. 1182/71 Art. 3(1) and (2)(a)). No weekend moves them
// (Art. 3(4) leaves out hours), and summer time does not either.
func Hours(aware time.Time, n int) (strict, formal time.Time) {
	length := time.Duration(n) * time.Hour
	return aware.Add(length), aware.Truncate(time.Hour).Add(time.Hour + length)
}

// Years gives the first day on which what came about at event need no longer be kept for n
// years: they begin with the end of its year (§ 257(5) HGB, § 147(4) AO, § 199(1) BGB).
func Years(event time.Time, n int) Date {
	return Date{DateOf(event).Year + n + 1, time.January, 1}
}

// Stage is a moment at which somebody is reminded.
type Stage struct {
	Name string // day-7, day-14, day-21, due-3, due-1
	At   time.Time
}

// Stages are the reminders of a deadline that began at event: after one, two and three
// weeks, and three days and one day before its end; without those that would come after
// another that is nearer to the end, or after it.
func (d Due) Stages(event time.Time) []Stage {
	first, before := DateOf(event), d.Day.AddDays(-3)
	var stages []Stage
	for _, s := range []struct {
		name string
		days int
	}{{"day-7", 7}, {"day-14", 14}, {"day-21", 21}} {
		if at := first.AddDays(s.days); at.Before(before) {
			stages = append(stages, Stage{s.name, at.Begin()})
		}
	}
	for _, s := range []struct {
		name string
		days int
	}{{"due-3", 3}, {"due-1", 1}} {
		if at := d.Day.AddDays(-s.days); first.Before(at) {
			stages = append(stages, Stage{s.name, at.Begin()})
		}
	}
	return stages
}
