package desk

import (
	"fmt"
	"math/big"
	"time"
)

// Charge is how many Messages of an Inbox were delivered in a month and counted alike by the
// Provider. It says nothing about people.
type Charge struct {
	Month    string // 2026-11, by the calendar of Germany
	Category string // the Provider's: service, utility, marketing, …; empty: it told none
	Type     string // the Provider's: regular, free_customer_service, free_entry_point; empty: it told none
	Count    int64
}

// The Provider's words that decide about money (Meta: Pricing).
const (
	ChargeRegular   = "regular"               // it costs what its category costs
	ChargeFreeReply = "free_customer_service" // one of a number's free replies of the month
)

// Prices are what the Provider asks for from a day on. The house knows none by itself: they
// stand in a file of the operator's.
type Prices struct {
	From     string              // the first day, 2026-10-01
	Currency string              // EUR
	Free     int64               // replies per number and month that cost nothing
	Rates    map[string]*big.Rat // by category, for one delivered Message
}

// PriceTable holds Prices in the order of their days.
type PriceTable []Prices

// On gives the Prices of the first day of a month (2026-11); they change with a quarter alone
// (Meta: Pricing). Nil if none are known.
func (t PriceTable) On(month string) *Prices {
	var found *Prices
	for i := range t {
		if t[i].From <= month+"-01" {
			found = &t[i]
		}
	}
	return found
}

// Cost is what Charges of a month come to, with two decimals; false if a category that was
// charged has no rate.
func (p *Prices) Cost(all []Charge) (string, bool) {
	sum := new(big.Rat)
	for _, c := range all {
		if c.Type != ChargeRegular || c.Count == 0 {
			continue
		}
		rate := p.Rates[c.Category]
		if rate == nil {
			return "", false
		}
		sum.Add(sum, new(big.Rat).Mul(rate, new(big.Rat).SetInt64(c.Count)))
	}
	return sum.FloatString(2), true
}

// Left is how many replies of a month are still free.
func (p *Prices) Left(all []Charge) int64 {
	left := p.Free
	for _, c := range all {
		if c.Type == ChargeFreeReply {
			left -= c.Count
		}
	}
	return max(0, left)
}

// CheckPrices wants days in order, each with a currency and rates that are amounts.
func CheckPrices(t PriceTable) error {
	before := ""
	for i, p := range t {
		field := fmt.Sprintf("prices[%d]", i)
		switch _, err := time.Parse(time.DateOnly, p.From); {
		case err != nil:
			return Invalid(field+".from", "must be a day such as 2026-10-01")
		case p.From <= before:
			return Invalid(field+".from", "must come after the one before")
		case len(p.Currency) != 3:
			return Invalid(field+".currency", "must be three letters such as EUR")
		case p.Free < 0:
			return Invalid(field+".free_replies", "must not be below 0")
		}
		for category, rate := range p.Rates {
			if rate == nil || rate.Sign() < 0 {
				return Invalid(field+".rates."+category, "must be an amount such as \"0.0456\"")
			}
		}
		before = p.From
	}
	return nil
}
