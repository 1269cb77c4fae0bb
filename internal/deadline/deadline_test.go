package deadline

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02"} {
		if got, err := time.ParseInLocation(layout, text, berlin); err == nil {
			return got
		}
	}
	t.Fatalf("%q is no time", text)
	return time.Time{}
}

// TestMonths computes GDPR Art. 12(3) and 14(3) by Reg. 1182/71 Art. 3, which is §§ 187, 188 and 193 BGB.
func TestMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		event  string
		months int
		seat   Land
		want   string
	}{
		{"2026-11-23", 1, "NW", "2026-12-23"},
		{"2026-01-31", 1, "NW", "2026-03-02"}, // 28 February is a Saturday
		{"2028-01-31", 1, "NW", "2028-02-29"},
		{"2026-08-31", 1, "NW", "2026-09-30"},
		{"2026-11-25", 1, "NW", "2026-12-28"}, // Christmas and a weekend
		{"2026-12-01", 1, "NW", "2027-01-04"},
		{"2026-04-03", 1, "NW", "2026-05-04"},
		{"2027-02-28", 1, "NW", "2027-03-30"}, // Easter
		{"2026-12-06", 1, "BY", "2027-01-07"}, // Epiphany
		{"2027-10-01", 1, "NW", "2027-11-02"}, // All Saints
		{"2027-10-01", 1, "HH", "2027-11-01"},
		{"2026-11-30", 3, "NW", "2027-03-01"},
	} {
		if got := Months(at(t, c.event+" 11:30"), c.months, c.seat).Day.String(); got != c.want {
			t.Errorf("%s and %d months in %s: got %s, want %s", c.event, c.months, c.seat, got, c.want)
		}
	}
}

// A day is a day in Germany, and its end is 24:00.
func TestMonthsAreGerman(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC) // half past midnight of the 23rd
	due := Months(late, 1, "NW")
	if want := at(t, "2026-12-24"); !due.Until().Equal(want) {
		t.Errorf("got %v, want %v", due.Until(), want)
	}
	summer := Months(at(t, "2026-09-25 12:00"), 1, "NW") // 26 October, the day after summer time ended
	if want := at(t, "2026-10-27"); summer.Day.String() != "2026-10-26" || !summer.Until().Equal(want) {
		t.Errorf("got %v until %v", summer.Day, summer.Until())
	}
}

// TestExtended knows the extension of GDPR Art. 12(3).
func TestExtended(t *testing.T) {
	t.Parallel()
	receipt := at(t, "2026-11-30 09:00")
	due, err := Extended(receipt, at(t, "2026-12-30 23:59"), "NW")
	if err != nil || due.Day.String() != "2027-03-01" {
		t.Errorf("got %v, %v", due.Day, err)
	}
	if _, err := Extended(receipt, at(t, "2026-12-31 00:00"), "NW"); !errors.Is(err, ErrExtendedTooLate) {
		t.Errorf("told on the day after: %v", err)
	}
	if _, err := Extended(receipt, time.Time{}, "NW"); !errors.Is(err, ErrExtendedTooLate) {
		t.Errorf("never told: %v", err)
	}
}

// TestHours computes GDPR Art. 33(1).
func TestHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ aware, strict, formal string }{
		{"2026-11-20 16:25", "2026-11-23 16:25", "2026-11-23 17:00"},
		{"2026-10-23 12:10", "2026-10-26 11:10", "2026-10-26 12:00"}, // summer time ends within
		{"2027-03-26 09:00", "2027-03-29 10:00", "2027-03-29 11:00"}, // summer time begins within
	} {
		strict, formal := Hours(at(t, c.aware), 72)
		if !strict.Equal(at(t, c.strict)) || !formal.Equal(at(t, c.formal)) {
			t.Errorf("aware %s: got %v and %v", c.aware, strict.In(berlin), formal.In(berlin))
		}
	}
}

// TestYears computes § 257(5) HGB, § 147(4) AO and § 199(1) BGB.
func TestYears(t *testing.T) {
	t.Parallel()
	if got := Years(at(t, "2026-03-05"), 10).String(); got != "2037-01-01" {
		t.Errorf("a voucher: got %s", got)
	}
	if got := Years(at(t, "2026-11-23"), 6).String(); got != "2033-01-01" {
		t.Errorf("a business letter: got %s", got)
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	early, late := at(t, "2026-11-20 10:00"), at(t, "2026-11-20 10:05")
	for _, c := range []struct{ external, arrived, want time.Time }{
		{early, late, early}, {late, early, early}, {time.Time{}, late, late}, {time.Unix(0, 0), late, late},
	} {
		if got := Start(c.external, c.arrived); !got.Equal(c.want) {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
}

func TestStages(t *testing.T) {
	t.Parallel()
	event := at(t, "2026-11-23 15:00")
	var got []string
	for _, s := range Months(event, 1, "NW").Stages(event) {
		got = append(got, s.Name+" "+DateOf(s.At).String())
	}
	want := []string{"day-7 2026-11-30", "day-14 2026-12-07", "day-21 2026-12-14", "due-3 2026-12-20", "due-1 2026-12-22"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if short := (Due{DateOf(event).AddDays(2)}).Stages(event); len(short) != 1 || short[0].Name != "due-1" {
		t.Errorf("two days are announced by %v", short)
	}
}

// all are the Länder, each with how many holidays of 2027 lie on days other than Sundays
// in the whole of it.
var all = map[Land]int{
	"BW": 10, "BY": 10, "BE": 8, "BB": 7, "HB": 7, "HH": 7, "HE": 8, "MV": 8,
	"NI": 7, "NW": 9, "RP": 9, "SL": 9, "SN": 8, "ST": 8, "SH": 7, "TH": 8,
}

// Seven lie on such days everywhere: 15 August, 3 and 31 October and 26 December 2027 are
// Sundays.
func TestHolidaysOfAYear(t *testing.T) {
	t.Parallel()
	for land, want := range all {
		var names []string
		for d := (Date{2027, time.January, 1}); d.Year == 2027; d = d.AddDays(1) {
			if h, ok := HolidayOn(d, land); ok && !h.Partial && d.Weekday() != time.Sunday {
				names = append(names, h.German)
			}
		}
		if len(names) != want {
			t.Errorf("%s has %d: %v", land, len(names), names)
		}
	}
}

func TestHolidays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day  string
		land Land
		want string
	}{
		{"2026-04-03", "HH", "Karfreitag"}, {"2026-04-06", "HH", "Ostermontag"}, {"2038-04-25", "BB", "Ostersonntag"},
		{"2026-06-04", "NW", "Fronleichnam"}, {"2026-06-04", "SN", "Fronleichnam (in Teilen)"}, {"2026-06-04", "BE", ""},
		{"2026-11-18", "SN", "Buß- und Bettag"}, {"2028-11-22", "SN", "Buß- und Bettag"}, {"2026-11-18", "NW", ""},
		{"2026-08-15", "BY", "Mariä Himmelfahrt (in Teilen)"}, {"2026-08-15", "SL", "Mariä Himmelfahrt"},
		{"2017-10-31", "SN", "Reformationstag"}, {"2018-10-31", "HH", "Reformationstag"}, {"2016-10-31", "HH", ""}, {"2017-10-31", "NW", "Reformationstag"},
		{"2022-03-08", "MV", ""}, {"2023-03-08", "MV", "Internationaler Frauentag"}, {"2025-05-08", "BE", "Tag der Befreiung"},
		{"2026-05-08", "BE", ""}, {"2026-10-03", "", "Tag der Deutschen Einheit"},
	} {
		h, ok := HolidayOn(DateOf(at(t, c.day)), c.land)
		got := h.German
		if h.Partial {
			got += " (in Teilen)"
		}
		if ok != (c.want != "") || got != c.want {
			t.Errorf("%s in %s: got %q, want %q", c.day, c.land, got, c.want)
		}
	}
	if !IsWorkingDay(Date{2027, time.May, 27}, "TH") || IsWorkingDay(Date{2027, time.May, 27}, "HE") {
		t.Error("a holiday of parts of a Land moves deadlines, or one of the whole Land does not")
	}
}

// TestQuiet keeps nights, Sundays and holidays quiet (§ 7(1) UWG).
func TestQuiet(t *testing.T) {
	t.Parallel()
	night := Quiet{From: 20, Until: 8}
	for _, c := range []struct {
		at   string
		seat Land
		want bool
	}{
		{"2026-11-24 07:59", "NW", true}, {"2026-11-24 08:00", "NW", false}, {"2026-11-24 19:59", "NW", false},
		{"2026-11-24 20:00", "NW", true}, {"2026-11-22 12:00", "NW", true}, {"2026-11-28 12:00", "NW", false},
		{"2026-06-04 12:00", "NW", true}, {"2026-06-04 12:00", "SN", true}, {"2026-06-04 12:00", "HH", false},
	} {
		if got := night.At(at(t, c.at), c.seat); got != c.want {
			t.Errorf("%s in %s: got %v", c.at, c.seat, got)
		}
	}
	if (Quiet{}).At(at(t, "2026-11-24 03:00"), "NW") || !(Quiet{From: 12, Until: 14}).At(at(t, "2026-11-24 13:00"), "NW") {
		t.Error("hours within a day are read wrongly")
	}
}

// A deadline ends on a working day, never before the day with the same number, and later
// events never have earlier ends.
func TestMonthsProperties(t *testing.T) {
	t.Parallel()
	lands := []Land{"BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH"}
	rapid.Check(t, func(t *rapid.T) {
		event := time.Unix(rapid.Int64Range(1_700_000_000, 4_000_000_000).Draw(t, "event"), 0)
		seat, months := rapid.SampledFrom(lands).Draw(t, "seat"), rapid.IntRange(1, 3).Draw(t, "months")
		due := Months(event, months, seat)
		plain := DateOf(event).AddMonths(months)
		if !IsWorkingDay(due.Day, seat) || due.Day.Before(plain) || plain.AddDays(6).Before(due.Day) {
			t.Fatalf("%v: due %v, plainly %v", event, due.Day, plain)
		}
		if next := Months(event.Add(24*time.Hour), months, seat); next.Day.Before(due.Day) {
			t.Fatalf("a day later it is due on %v rather than %v", next.Day, due.Day)
		}
	})
}
