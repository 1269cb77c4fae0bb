package consent

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

var (
	noon          = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	anna          = desk.NewID[desk.Contact]()
	number, other = desk.NewID[desk.Identity](), desk.NewID[desk.Identity]()
)

const deals = "Angebote"

func later(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }

// asks is the question of these tests, so many hours later.
func asks(hours int) Question {
	return Question{Contact: anna, Identity: number, Purpose: deals, Moment: later(hours)}
}

// granted is a complete consent on paper.
func granted(n int64) desk.ConsentEntry {
	return desk.ConsentEntry{
		ID: desk.NewID[desk.ConsentEntry](), N: n, At: later(int(n)), Contact: anna,
		Step: desk.ConsentGranted, Ground: desk.GroundConsent, Purpose: deals, Means: desk.MeansPaper, Paper: "cd",
		Identity: number, Wording: desk.Wording{Digest: "ab", Version: "1", Language: "de"},
		Answer: desk.NewID[desk.Message](), Actor: desk.Actor{Kind: desk.ActorSystem},
	}
}

// answered is a complete consent by an answer to what was asked, if it was.
func answered(n int64, means desk.ConsentMeans) desk.ConsentEntry {
	e := granted(n)
	e.Means, e.Paper, e.Asked = means, "", desk.NewID[desk.Message]()
	return e
}

// askedFor is the entry that asks for e, an hour before.
func askedFor(e desk.ConsentEntry) desk.ConsentEntry {
	e.Step, e.N, e.At, e.Answer = desk.ConsentAsked, e.N-1, e.At.Add(-time.Hour), desk.MessageID{}
	return e
}

var doubtful = desk.NewID[desk.Message]()

func step(n int64, s desk.ConsentStep, purpose string) desk.ConsentEntry {
	return desk.ConsentEntry{
		N: n, At: later(int(n)), Contact: anna, Step: s, Purpose: purpose, Means: desk.MeansWord, Answer: doubtful,
		Actor: desk.Actor{Kind: desk.ActorAgent},
	}
}

// TestAtAnyMoment folds grants, doubts and withdrawals (GDPR Art. 5(2), 7(1), 7(3)).
func TestAtAnyMoment(t *testing.T) {
	t.Parallel()
	ledger := []desk.ConsentEntry{
		granted(1), step(3, desk.ConsentDoubted, ""), step(5, desk.ConsentCleared, ""), step(7, desk.ConsentWithdrawn, ""), granted(9),
	}
	slices.Reverse(ledger) // the order is that of N
	for hour, want := range map[int]bool{0: false, 1: true, 2: true, 3: false, 4: false, 5: true, 7: false, 8: false, 9: true, 99: true} {
		if got := At(ledger, asks(hour)); got.Allows() != want {
			t.Errorf("after %d hours: %+v", hour, got)
		}
	}
	if s := At(ledger, asks(3)); !s.Stands || !s.Held {
		t.Errorf("a doubt leaves %+v", s)
	}
	for name, q := range map[string]Question{
		"another purpose": {Contact: anna, Identity: number, Purpose: "Umfragen", Moment: later(99)},
		"another number":  {Contact: anna, Identity: other, Purpose: deals, Moment: later(99)},
		"another person":  {Contact: desk.NewID[desk.Contact](), Identity: number, Purpose: deals, Moment: later(99)},
	} {
		if At(ledger, q).Stands {
			t.Errorf("the consent is taken for %s", name)
		}
	}
}

// Each doubt waits for a person of its own.
func TestDoubtsAreClearedOneByOne(t *testing.T) {
	t.Parallel()
	second := step(3, desk.ConsentDoubted, "")
	second.Answer = desk.NewID[desk.Message]()
	ledger := []desk.ConsentEntry{granted(1), step(2, desk.ConsentDoubted, ""), second, step(4, desk.ConsentCleared, "")}
	if At(ledger, asks(9)).Allows() {
		t.Error("who cleared one doubt cleared the other")
	}
	byItself := step(5, desk.ConsentCleared, "")
	byItself.Answer, byItself.Actor = second.Answer, desk.Actor{Kind: desk.ActorSystem}
	if At(append(ledger, byItself), asks(9)).Allows() {
		t.Error("a machine cleared a doubt")
	}
	byItself.Actor.Kind = desk.ActorAgent
	if !At(append(ledger, byItself), asks(9)).Allows() {
		t.Error("a person cannot clear the second doubt")
	}
}

// A form that was signed before a withdrawal and recorded after it revives nothing.
func TestOldPaper(t *testing.T) {
	t.Parallel()
	paper := granted(5)
	paper.ActedAt = later(1)
	if !At([]desk.ConsentEntry{paper}, asks(9)).Stands {
		t.Error("a recorded form does not stand")
	}
	if At([]desk.ConsentEntry{step(2, desk.ConsentWithdrawn, ""), paper}, asks(9)).Stands {
		t.Error("a form of before the withdrawal stands")
	}
	paper.ActedAt = later(3)
	if !At([]desk.ConsentEntry{step(2, desk.ConsentWithdrawn, ""), paper}, asks(9)).Stands {
		t.Error("a form of after the withdrawal does not stand")
	}
}

// Only what was asked is answered, in the very words and for the very number (§ 7(2) no. 2 UWG).
func TestAnswers(t *testing.T) {
	for _, means := range []desk.ConsentMeans{desk.MeansButton, desk.MeansWord, desk.MeansDoubleOptIn} {
		t.Run(string(means), func(t *testing.T) { testAnswer(t, answered(2, means)) })
	}
}

func testAnswer(t *testing.T, confirmed desk.ConsentEntry) {
	t.Helper()
	asked := askedFor(confirmed)
	stands := func(ledger ...desk.ConsentEntry) bool { return At(ledger, asks(9)).Stands }
	if stands(confirmed) || stands(asked) || !stands(asked, confirmed) {
		t.Error("it stands before it was asked for or answered, or not after it")
	}
	words, number := asked, asked
	words.Wording.Digest, number.Identity = "other words", other
	if stands(words, confirmed) || stands(number, confirmed) {
		t.Error("a confirmation of something else counts")
	}
	late := confirmed
	late.N, late.At = 4, later(4)
	if stands(asked, step(3, desk.ConsentWithdrawn, ""), late) {
		t.Error("a button that is pressed after a withdrawal grants again")
	}
	declined := asked
	declined.Step, declined.N = desk.ConsentDeclined, 3
	if stands(asked, declined, late) {
		t.Error("a button that is pressed after a no grants")
	}
}

// customer is a complete ground of § 7(3) UWG.
func customer(n int64) desk.ConsentEntry {
	e := granted(n)
	e.Ground, e.Means, e.Paper = desk.GroundCustomer, desk.MeansAgent, ""
	e.Customer = &desk.CustomerGround{Sale: private.SealedBytes[private.Text]([]byte("Vertrag 1")), OwnSimilar: true, NotObject: true, Told: true}
	return e
}

// TestCustomersWhoObjected wants all of § 7(3) UWG, and hears GDPR Art. 21(2).
func TestCustomersWhoObjected(t *testing.T) {
	t.Parallel()
	if s := At([]desk.ConsentEntry{customer(1)}, asks(9)); !s.Allows() || s.Ground != desk.GroundCustomer {
		t.Errorf("got %+v", s)
	}
	for _, purpose := range []string{"", deals, "Umfragen"} {
		if At([]desk.ConsentEntry{step(1, desk.ConsentWithdrawn, purpose), customer(3)}, asks(9)).Stands {
			t.Errorf("whoever objected to %q is a customer of § 7(3) UWG again", purpose)
		}
	}
	again := []desk.ConsentEntry{customer(1), step(2, desk.ConsentWithdrawn, deals), customer(3), granted(4)}
	if s := At(again, asks(9)); !s.Stands || s.Ground != desk.GroundConsent {
		t.Error("whoever objected cannot consent any more")
	}
}

// Each thing that a grant must prove is missed when it is taken away (GDPR Art. 4(11), 7(1)).
func TestCheckMissesNothing(t *testing.T) {
	t.Parallel()
	button, paper := answered(1, desk.MeansButton), granted(1)
	for name, e := range map[string]desk.ConsentEntry{"button": button, "paper": paper, "customer": customer(1)} {
		if err := Check(e); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for field, c := range map[string]struct {
		of   desk.ConsentEntry
		take func(*desk.ConsentEntry)
	}{
		"purpose":              {granted(1), func(e *desk.ConsentEntry) { e.Purpose = "" }},
		"contact":              {granted(1), func(e *desk.ConsentEntry) { e.Contact = desk.ContactID{} }},
		"identity":             {granted(1), func(e *desk.ConsentEntry) { e.Identity = desk.IdentityID{} }},
		"at":                   {granted(1), func(e *desk.ConsentEntry) { e.At = time.Time{} }},
		"actor":                {granted(1), func(e *desk.ConsentEntry) { e.Actor = desk.Actor{} }},
		"ground":               {granted(1), func(e *desk.ConsentEntry) { e.Ground = "" }},
		"wording":              {granted(1), func(e *desk.ConsentEntry) { e.Wording.Language = "" }},
		"paper":                {paper, func(e *desk.ConsentEntry) { e.Paper = "" }},
		"asked":                {button, func(e *desk.ConsentEntry) { e.Asked = e.Answer }},
		"answer":               {paper, func(e *desk.ConsentEntry) { e.Answer = desk.MessageID{} }},
		"customer.sale":        {customer(1), func(e *desk.ConsentEntry) { e.Customer.Sale = desk.SealedText{} }},
		"customer.own_similar": {customer(1), func(e *desk.ConsentEntry) { e.Customer.OwnSimilar = false }},
		"customer.not_object":  {customer(1), func(e *desk.ConsentEntry) { e.Customer.NotObject = false }},
		"customer.told":        {customer(1), func(e *desk.ConsentEntry) { e.Customer.Told = false }},
	} {
		c.take(&c.of)
		if err := Check(c.of); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("without its %s: %v", field, err)
		}
		if At([]desk.ConsentEntry{c.of}, asks(9)).Stands {
			t.Errorf("it stands without its %s", field)
		}
	}
}

// TestWhatIsNoProof refuses silence and its like (GDPR Art. 4(11)).
func TestWhatIsNoProof(t *testing.T) {
	t.Parallel()
	for _, means := range []desk.ConsentMeans{
		desk.MeansSilence, desk.MeansContinued, desk.MeansTerms, desk.MeansInbound, desk.MeansAgent, desk.MeansPreference, desk.MeansError, "",
	} {
		e := granted(1)
		e.Means = means
		if Check(e) == nil || At([]desk.ConsentEntry{e}, asks(9)).Stands {
			t.Errorf("%q proves a consent", means)
		}
	}
}

// What stands, stands by a complete grant that no withdrawal and no doubt came after.
func TestFold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var ledger []desk.ConsentEntry
		for n := range rapid.IntRange(0, 12).Draw(t, "length") {
			e := rapid.SampledFrom([]desk.ConsentEntry{
				granted(0), customer(0), step(0, desk.ConsentWithdrawn, ""), step(0, desk.ConsentWithdrawn, deals),
				step(0, desk.ConsentWithdrawn, "Umfragen"), step(0, desk.ConsentDoubted, ""), step(0, desk.ConsentCleared, ""),
			}).Draw(t, "entry")
			e.N, e.At = int64(n), later(n)
			if rapid.Bool().Draw(t, "incomplete") {
				e.Purpose = ""
			}
			ledger = append(ledger, e)
		}
		hours := rapid.IntRange(-1, 13).Draw(t, "moment")
		s := At(ledger, asks(hours))
		if grown := At(append(ledger, step(99, desk.ConsentWithdrawn, "")), asks(hours)); grown != s {
			t.Fatalf("what came later changed the past: %+v", grown)
		}
		if !s.Allows() {
			return
		}
		if Check(s.By) != nil || s.By.Step != desk.ConsentGranted || s.By.Purpose != deals {
			t.Fatalf("it stands by %+v", s.By)
		}
		for _, e := range ledger {
			after := e.N > s.By.N && !e.At.After(later(hours))
			if after && e.Step == desk.ConsentWithdrawn && (e.Purpose == "" || e.Purpose == deals) {
				t.Fatalf("it stands in spite of %+v", e)
			}
		}
	})
}
