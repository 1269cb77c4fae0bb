package main

import (
	"fmt"
	"math/big"

	"github.com/BurntSushi/toml"

	"botschaft/internal/desk"
)

// readPrices reads the table of what the Provider asks for, which is the operator's to keep: it
// changes, and the program knows no rate by itself. No file is no table.
func readPrices(file string) (desk.PriceTable, error) {
	if file == "" {
		return nil, nil
	}
	var f struct {
		Prices []struct {
			From     string            `toml:"from"`
			Currency string            `toml:"currency"`
			Free     int64             `toml:"free_replies"`
			Rates    map[string]string `toml:"rates"`
		} `toml:"prices"`
	}
	meta, err := toml.DecodeFile(file, &f)
	if err != nil {
		return nil, desk.Invalid("prices_file", "cannot be read: "+err.Error())
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, desk.Invalid("prices_file", fmt.Sprintf("has the unknown key %q", unknown[0].String()))
	}
	var all desk.PriceTable
	for _, p := range f.Prices {
		rates := map[string]*big.Rat{}
		for category, amount := range p.Rates {
			rates[category], _ = new(big.Rat).SetString(amount) // nil for what is no amount
		}
		all = append(all, desk.Prices{From: p.From, Currency: p.Currency, Free: p.Free, Rates: rates})
	}
	return all, desk.CheckPrices(all)
}
