package egress

import (
	"strings"
	"sync"
	"testing"
)

func TestDeclareRefuses(t *testing.T) {
	for name, change := range map[string]func(*Declaration){
		"no purpose":         func(d *Declaration) { d.Purpose = " " },
		"no processor":       func(d *Declaration) { d.Processor = "" },
		"blank processor":    func(d *Declaration) { d.Processor = "\t" },
		"no port":            func(d *Declaration) { d.Port = 0 },
		"port too high":      func(d *Declaration) { d.Port = 65536 },
		"no host":            func(d *Declaration) { d.Host = "" },
		"wildcard":           func(d *Declaration) { d.Host = "*.example" },
		"umlaut":             func(d *Declaration) { d.Host = "grüße.example" },
		"with port":          func(d *Declaration) { d.Host = "graph.example:443" },
		"url":                func(d *Declaration) { d.Host = "https://graph.example" },
		"empty label":        func(d *Declaration) { d.Host = "graph..example" },
		"hyphen at an end":   func(d *Declaration) { d.Host = "graph-.example" },
		"label too long":     func(d *Declaration) { d.Host = strings.Repeat("a", 64) + ".example" },
		"name too long":      func(d *Declaration) { d.Host = strings.Repeat("a.", 130) + "example" },
		"address in octal":   func(d *Declaration) { d.Host = "0177.0.0.1" },
		"address in hex":     func(d *Declaration) { d.Host = "0x7f000001" },
		"address as number":  func(d *Declaration) { d.Host = "2130706433" },
		"short address":      func(d *Declaration) { d.Host = "127.1" },
		"address with zone":  func(d *Declaration) { d.Host = "fe80::1%eth0" },
		"name with a number": func(d *Declaration) { d.Host = "graph.1example" },
	} {
		decl := meta
		change(&decl)
		d, _ := fake(t, nil)
		if err := d.Declare(decl); err == nil {
			t.Errorf("%s: %+v was declared", name, decl)
		}
		if len(d.Declarations()) != 0 {
			t.Errorf("%s: it is listed all the same", name)
		}
	}
}

func TestDeclarationsAreOneList(t *testing.T) {
	d, _ := fake(t, nil, meta)
	shouted := meta
	shouted.Host = "GRAPH.Example."
	media := meta
	media.Purpose = "media"
	address := Declaration{Purpose: "mail", Host: "::ffff:10.0.0.5", Port: 25, Own: true}
	for _, decl := range []Declaration{shouted, media, address, media} {
		if err := d.Declare(decl); err != nil {
			t.Fatal(err)
		}
	}
	got := d.Declarations()
	if len(got) != 3 || got[0].Host != "10.0.0.5" || got[1] != meta || got[2] != media {
		t.Fatalf("got %+v", got)
	}
	got[1].Host = "evil.example" // a copy
	if d.Declarations()[1] != meta {
		t.Error("the list can be changed from outside")
	}
}

func TestWithdraw(t *testing.T) {
	d, _ := fake(t, map[string][]string{"graph.example": {"157.240.0.1"}}, meta)
	media := meta
	media.Purpose = "media"
	if err := d.Declare(media); err != nil {
		t.Fatal(err)
	}
	other := meta
	other.Purpose = "never declared"
	d.Withdraw(other)
	d.Withdraw(Declaration{})
	d.Withdraw(meta)
	if err := dial(t, d, "graph.example:443"); err != nil {
		t.Fatalf("the other purpose still covers it: %v", err)
	}
	media.Host = "GRAPH.example"
	d.Withdraw(media)
	wantDenied(t, dial(t, d, "graph.example:443"), ErrUndeclared)
	if got := d.Declarations(); len(got) != 0 {
		t.Errorf("still listed: %+v", got)
	}
}

func TestDeclareAtOnce(t *testing.T) {
	d, _ := fake(t, map[string][]string{"graph.example": {"157.240.0.1"}}, meta)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			mine := meta
			mine.Purpose = strings.Repeat("x", i+1)
			for range 50 {
				if err := d.Declare(mine); err != nil {
					t.Error(err)
				}
				_ = d.Declarations()
				if err := dial(t, d, "graph.example:443"); err != nil {
					t.Error(err)
				}
				d.Withdraw(mine)
			}
		})
	}
	wg.Wait()
	if got := d.Declarations(); len(got) != 1 || got[0] != meta {
		t.Errorf("got %+v", got)
	}
}
