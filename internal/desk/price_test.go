package desk

import (
	"math/big"
	"testing"
)

func rate(s string) *big.Rat { r, _ := new(big.Rat).SetString(s); return r }

func TestPrices(t *testing.T) {
	table := PriceTable{
		{From: "2026-07-01", Currency: "EUR", Rates: map[string]*big.Rat{"utility": rate("0.05")}},
		{From: "2026-10-01", Currency: "EUR", Free: 1000, Rates: map[string]*big.Rat{"utility": rate("0.0456"), "service": rate("0.0456")}},
	}
	if err := CheckPrices(table); err != nil {
		t.Fatal(err)
	}
	if table.On("2026-06") != nil || table.On("2026-09").Free != 0 || table.On("2026-10").Free != 1000 || table.On("2027-01").Free != 1000 {
		t.Error("the wrong prices hold")
	}
	month := []Charge{
		{Category: "service", Type: ChargeFreeReply, Count: 990}, {Category: "service", Type: "free_entry_point", Count: 7},
		{Category: "utility", Type: ChargeRegular, Count: 3}, {Count: 12},
	}
	now := table.On("2026-11")
	if cost, ok := now.Cost(month); !ok || cost != "0.14" || now.Left(month) != 10 {
		t.Errorf("%s, %d left", cost, now.Left(month))
	}
	if _, ok := now.Cost([]Charge{{Category: "marketing", Type: ChargeRegular, Count: 1}}); ok {
		t.Error("a category without a rate has a price")
	}
	if left := now.Left([]Charge{{Type: ChargeFreeReply, Count: 1001}}); left != 0 {
		t.Errorf("%d left", left)
	}
	for name, bad := range map[string]Prices{
		"day": {From: "1.10.2026", Currency: "EUR"}, "currency": {From: "2026-10-01"}, "free": {From: "2026-10-01", Currency: "EUR", Free: -1},
		"rate": {From: "2026-10-01", Currency: "EUR", Rates: map[string]*big.Rat{"x": rate("-1")}}, "amount": {From: "2026-10-01", Currency: "EUR", Rates: map[string]*big.Rat{"x": nil}},
	} {
		if CheckPrices(PriceTable{bad}) == nil {
			t.Errorf("a wrong %s passed", name)
		}
	}
	if CheckPrices(PriceTable{table[1], table[0]}) == nil {
		t.Error("days out of order passed")
	}
}
