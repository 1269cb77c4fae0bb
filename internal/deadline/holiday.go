package deadline

import (
	"slices"
	"time"
)

// Land is a German Land by its two letters: BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH.
type Land string

// Holiday is a public holiday of one Land.
type Holiday struct {
	German, English string
	Partial         bool // in parts of the Land only
}

// holiday says where and since when a day is one.
type holiday struct {
	Holiday
	on    func(year int) Date
	where []Land // nil: everywhere
	parts []Land // in parts of these only
	from  int    // the first year; 0: longer than anybody asks for
	to    int    // the last year; 0: none
}

func fixed(m time.Month, day int) func(int) Date {
	return func(year int) Date { return Date{year, m, day} }
}

func fromEaster(days int) func(int) Date {
	return func(year int) Date { return easter(year).AddDays(days) }
}

// holidays are those of the Länder's own laws and of the Unification Treaty, Art. 2(2).
var holidays = []holiday{
	{Holiday: Holiday{German: "Neujahr", English: "New Year's Day"}, on: fixed(time.January, 1)},
	{Holiday: Holiday{German: "Heilige Drei Könige", English: "Epiphany"}, on: fixed(time.January, 6), where: []Land{"BW", "BY", "ST"}},
	{Holiday: Holiday{German: "Internationaler Frauentag", English: "International Women's Day"}, on: fixed(time.March, 8), where: []Land{"BE"}, from: 2019},
	{Holiday: Holiday{German: "Internationaler Frauentag", English: "International Women's Day"}, on: fixed(time.March, 8), where: []Land{"MV"}, from: 2023},
	{Holiday: Holiday{German: "Karfreitag", English: "Good Friday"}, on: fromEaster(-2)},
	{Holiday: Holiday{German: "Ostersonntag", English: "Easter Sunday"}, on: fromEaster(0), where: []Land{"BB"}},
	{Holiday: Holiday{German: "Ostermontag", English: "Easter Monday"}, on: fromEaster(1)},
	{Holiday: Holiday{German: "Tag der Arbeit", English: "Labour Day"}, on: fixed(time.May, 1)},
	{Holiday: Holiday{German: "Tag der Befreiung", English: "Liberation Day"}, on: fixed(time.May, 8), where: []Land{"BE"}, from: 2020, to: 2020},
	{Holiday: Holiday{German: "Tag der Befreiung", English: "Liberation Day"}, on: fixed(time.May, 8), where: []Land{"BE"}, from: 2025, to: 2025},
	{Holiday: Holiday{German: "Christi Himmelfahrt", English: "Ascension Day"}, on: fromEaster(39)},
	{Holiday: Holiday{German: "Pfingstsonntag", English: "Whit Sunday"}, on: fromEaster(49), where: []Land{"BB"}},
	{Holiday: Holiday{German: "Pfingstmontag", English: "Whit Monday"}, on: fromEaster(50)},
	{
		Holiday: Holiday{German: "Fronleichnam", English: "Corpus Christi"}, on: fromEaster(60),
		where: []Land{"BW", "BY", "HE", "NW", "RP", "SL"}, parts: []Land{"SN", "TH"},
	},
	{Holiday: Holiday{German: "Jahrestag des Volksaufstands", English: "Anniversary of the Uprising of 1953"}, on: fixed(time.June, 17), where: []Land{"BE"}, from: 2028, to: 2028},
	{Holiday: Holiday{German: "Augsburger Friedensfest", English: "Augsburg Peace Festival"}, on: fixed(time.August, 8), where: []Land{}, parts: []Land{"BY"}},
	{Holiday: Holiday{German: "Mariä Himmelfahrt", English: "Assumption Day"}, on: fixed(time.August, 15), where: []Land{"SL"}, parts: []Land{"BY"}},
	{Holiday: Holiday{German: "Weltkindertag", English: "World Children's Day"}, on: fixed(time.September, 20), where: []Land{"TH"}, from: 2019},
	{Holiday: Holiday{German: "Tag der Deutschen Einheit", English: "Day of German Unity"}, on: fixed(time.October, 3)},
	{Holiday: Holiday{German: "Reformationstag", English: "Reformation Day"}, on: fixed(time.October, 31), from: 2017, to: 2017},
	{Holiday: Holiday{German: "Reformationstag", English: "Reformation Day"}, on: fixed(time.October, 31), where: []Land{"BB", "MV", "SN", "ST", "TH"}},
	{Holiday: Holiday{German: "Reformationstag", English: "Reformation Day"}, on: fixed(time.October, 31), where: []Land{"HB", "HH", "NI", "SH"}, from: 2018},
	{Holiday: Holiday{German: "Allerheiligen", English: "All Saints' Day"}, on: fixed(time.November, 1), where: []Land{"BW", "BY", "NW", "RP", "SL"}},
	{Holiday: Holiday{German: "Buß- und Bettag", English: "Day of Repentance and Prayer"}, on: repentance, where: []Land{"SN"}},
	{Holiday: Holiday{German: "Erster Weihnachtstag", English: "Christmas Day"}, on: fixed(time.December, 25)},
	{Holiday: Holiday{German: "Zweiter Weihnachtstag", English: "Second Day of Christmas"}, on: fixed(time.December, 26)},
}

// HolidayOn tells which public holiday d is in a Land. A Land that is none has those that
// all have.
func HolidayOn(d Date, land Land) (Holiday, bool) {
	for _, h := range holidays {
		if d.Year < h.from || h.to != 0 && d.Year > h.to || h.on(d.Year) != d {
			continue
		}
		found := h.Holiday
		if found.Partial = slices.Contains(h.parts, land); found.Partial || h.where == nil || slices.Contains(h.where, land) {
			return found, true
		}
	}
	return Holiday{}, false
}

// IsWorkingDay tells whether a deadline may end on d: no Saturday, no Sunday, no holiday
// of the whole Land (Reg. 1182/71 Art. 3(4), § 193 BGB).
func IsWorkingDay(d Date, land Land) bool {
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	h, is := HolidayOn(d, land)
	return !is || h.Partial
}

// easter is Easter Sunday of the Gregorian calendar, by the rule that the Royal
// Astronomer's anonymous correspondent sent to Nature in 1876.
func easter(year int) Date {
	golden, century, rest := year%19, year/100, year%100
	moved := (century + 8) / 25
	epact := (19*golden + century - century/4 - (century-moved+1)/3 + 15) % 30
	toSunday := (32 + 2*(century%4) + 2*(rest/4) - epact - rest%4) % 7
	late := (golden + 11*epact + 22*toSunday) / 451
	n := epact + toSunday - 7*late + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}

// repentance is the Wednesday before 23 November.
func repentance(year int) Date {
	d := Date{year, time.November, 22}
	for d.Weekday() != time.Wednesday {
		d = d.AddDays(-1)
	}
	return d
}
