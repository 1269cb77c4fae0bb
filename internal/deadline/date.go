package deadline

import (
	"fmt"
	"time"
	_ "time/tzdata" // days are days in Germany wherever the program runs
)

// berlin is where the days of this package begin and end.
var berlin = func() *time.Location {
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err) // the zones are part of the binary
	}
	return l
}()

// Date is a day of the calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf gives the day in Germany on which t lies.
func DateOf(t time.Time) Date {
	y, m, d := t.In(berlin).Date()
	return Date{y, m, d}
}

// utc stands for the day in computations, which know neither hours nor summer time.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func dateOfUTC(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Begin is the first moment of the day.
func (d Date) Begin() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, berlin) }

// End is the moment at which the day is over, 24:00, and no longer part of it.
func (d Date) End() time.Time { return d.AddDays(1).Begin() }

// AddDays moves by n days.
func (d Date) AddDays(n int) Date { return dateOfUTC(d.utc().AddDate(0, 0, n)) }

// AddMonths moves by n months, to the day with the same number or, where there is none,
// to the last of the month (Reg. 1182/71 Art. 3(2)(c), § 188(2) and (3) BGB).
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Before tells whether d comes before other.
func (d Date) Before(other Date) bool { return d.utc().Before(other.utc()) }

// String gives the day as 2026-12-28.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }
