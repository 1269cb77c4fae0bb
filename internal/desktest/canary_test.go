package desktest

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A canary is found in every writing, whatever stands before and behind it.
func TestFinderFindsEveryWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[ -~]{9,40}`).Draw(t, "canary")
		before, behind := rapid.StringN(0, 40, -1).Draw(t, "before"), rapid.StringN(0, 40, -1).Draw(t, "behind")
		for name, write := range writings() {
			found, err := search([]place{{"here", []byte(before + write(value) + behind)}}, []canary{{"it", value}})
			if err != nil || len(found) == 0 {
				t.Errorf("%s: not found: %v", name, err)
			}
		}
		for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString([]byte(before + value + behind))
			if found, _ := search([]place{{"here", []byte(text)}}, []canary{{"it", value}}); len(found) == 0 {
				t.Error("not found within a longer base64 text")
			}
		}
	})
}

func TestFinderFindsNothingElse(t *testing.T) {
	canaries := []canary{{"a", "kanarie" + random(12)}, {"b", "491570" + digits(8)}}
	other := []canary{{"a", "kanarie" + random(12)}, {"b", "491570" + digits(8)}}
	var text strings.Builder
	for _, c := range other {
		for _, f := range forms(c.value) {
			text.Write(f.text)
			text.WriteString(c.value[:len(c.value)-1])
		}
	}
	found, err := search([]place{{"here", []byte(text.String())}}, canaries)
	if err != nil || len(found) > 0 {
		t.Errorf("found %q, %v", found, err)
	}
}

func TestFinderNamesPlaceAndWriting(t *testing.T) {
	c := canary{"the number of anna", "49157000000001"}
	places := []place{{"the log", []byte("to=49157000000001")}, {"a column", []byte("nothing")}, {"a file", []byte("...3439313537303030303030303031...")}}
	found, err := search(places, []canary{c})
	if err != nil || len(found) != 2 || found[0] != "the log holds the number of anna (49157000000001) as it is" || !strings.HasSuffix(found[1], "in hex") {
		t.Errorf("got %q, %v", found, err)
	}
	if _, err := search(nil, []canary{{"too short", "12345678"}}); err == nil {
		t.Error("a canary that is found by chance was taken")
	}
}

// What the house logs is kept in both formats, down to the least severe line.
func TestLogbookKeepsEverything(t *testing.T) {
	b := &logbook{}
	b.logger().With("house", "blue").WithGroup("door").Debug("opened", "by", "anna")
	b.logger().Error("broken")
	for _, want := range []string{"house=blue door.by=anna", `"house":"blue","door":{"by":"anna"}`, "level=ERROR"} {
		if !strings.Contains(string(b.bytes()), want) {
			t.Errorf("%q is not in %s", want, b.bytes())
		}
	}
	if n := b.faults.Load(); n != 1 {
		t.Errorf("%d faults, want 1", n)
	}
}
