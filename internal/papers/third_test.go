package papers

import (
	"slices"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

// third are facts for a third person in which nothing is missing.
func third(f NoticeFacts, role desk.ThirdRole) ThirdFacts {
	f.Controller.Purposes = append(slices.Clone(f.Controller.Purposes),
		desk.PurposeFact{Name: "Neues zu Tarifen", NameEN: "News of our tariffs", Basis: "6(1)(a)"},
		desk.PurposeFact{Name: "Rabatte", NameEN: "Rebates", Basis: "6(1)(f)", Interest: desk.Bilingual{DE: "Kunden zu halten", EN: "keeping customers"}, Parties: true})
	return ThirdFacts{f, role}
}

var thirdRoles = []desk.ThirdRole{desk.ThirdWitness, desk.ThirdOpponent, desk.ThirdOther}

// textOf is what the information says, as people read it.
func textOf(sections []Section) string { return Notice{Long: sections}.text() }

// apart tells whether something else than the register's own words misses the item: a gap in
// what writes the text would leave that silent.
func apart(problems []Problem, item string) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Item == item && !strings.HasPrefix(p.Text, "what the register gives") })
}

// The information for whoever was introduced has every item, says nothing to them that is true
// of customers alone, and is another for each part they have in the matter (GDPR Art. 14(1)
// and (2)).
func TestThirdPersonsAreInformed(t *testing.T) {
	every(t, func(t *testing.T, f NoticeFacts) {
		said := map[string]bool{}
		for _, role := range thirdRoles {
			facts := third(f, role)
			sections := MakeThird(facts)
			for _, p := range LintThird(sections, facts) {
				t.Errorf("%s: %s: %s", role, p.Item, p.Text)
			}
			text := textOf(sections) + strings.Join(ThirdIntro(facts), "")
			said[text] = true
			if strings.ContainsAny(text, "{}|%") {
				t.Errorf("a choice was not made: %s", text)
			}
			for _, never := range []string{"STOP", "6(1)(a)", "6(1)(b)", "Tarif", "tariff", "Rabatt", "Rebate", "eingewilligt", "consented", "DATENSCHUTZ", facts.PageURL} {
				if strings.Contains(text, never) {
					t.Errorf("%s: %q is nothing for a third person", role, never)
				}
			}
			if f.Tone == Casual && f.Language == German && (strings.Contains(text, "Ihre") || strings.Contains(text, " Sie ")) {
				t.Errorf("the tones are mixed: %s", text)
			}
		}
		if len(said) != len(thirdRoles) {
			t.Errorf("%d roles are told %d things", len(thirdRoles), len(said))
		}
	})
}

// Each section, each paragraph and each item that is taken out is missed, also if what writes
// the text had forgotten it (GDPR Art. 14(1), 14(2), 21(4)).
func TestLintThirdMissesNothing(t *testing.T) {
	every(t, func(t *testing.T, f NoticeFacts) {
		facts := third(f, desk.ThirdWitness)
		items := map[string]bool{}
		for i, s := range MakeThird(facts) {
			items[s.Item] = true
			cut := slices.Delete(MakeThird(facts), i, i+1)
			if !apart(LintThird(cut, facts), s.Item) {
				t.Errorf("nobody misses %s: %v", s.Item, LintThird(cut, facts))
			}
			for j := range s.Text {
				cut := MakeThird(facts)
				cut[i].Text = slices.Delete(slices.Clone(cut[i].Text), j, j+1)
				if len(LintThird(cut, facts)) == 0 {
					t.Errorf("nobody misses %q", s.Text[j])
				}
			}
		}
		for _, item := range []string{
			"14(1)(a)", "14(1)(b)", "14(1)(c)", "14(1)(d)", "14(1)(e)", "14(1)(f)", "14(2)(a)", "14(2)(c)", "14(2)(e)", "14(2)(f)", "14(2)(g)", "21(4)",
		} {
			if !items[item] {
				t.Errorf("%s has no section", item)
			}
		}
		for item, words := range map[string]string{ // within a section: what a paragraph must say beside all else
			"14(2)(b)": contractOfAnother.In(string(f.Language)), "14(1)(b)": f.Controller.DPO.Email, "14(1)(f)": "2023/1795",
			"14(2)(c)": "Art. 17", "14(2)(f)": wordsOf(f).say("öffentlich zugänglichen Quellen", "publicly accessible sources"),
		} {
			cut := MakeThird(facts)
			for i := range cut {
				cut[i].Text = slices.Clone(cut[i].Text)
				for j := range cut[i].Text {
					cut[i].Text[j] = strings.ReplaceAll(cut[i].Text[j], words, "…")
				}
			}
			if !apart(LintThird(cut, facts), item) {
				t.Errorf("nobody misses %q of %s", words, item)
			}
		}
	})
}

// What nobody entered is not stated, and keeps the information from being given (GDPR Art. 14(1)).
func TestLintThirdWantsFacts(t *testing.T) {
	every(t, func(t *testing.T, full NoticeFacts) {
		for item, take := range map[string]func(*ThirdFacts){
			"14(1)(a)": func(f *ThirdFacts) { f.Controller.Address = "" },
			"14(1)(b)": func(f *ThirdFacts) { f.Controller.DPO.Email = "" },
			"14(1)(c)": func(f *ThirdFacts) { f.Controller.Purposes = f.Controller.Purposes[2:] }, // advertising alone
			// Of a contract of another an authority makes no interest of its own.
			"14(1)(c) of an authority": func(f *ThirdFacts) { f.Footing.Authority = true },
			"14(2)(b)":                 func(f *ThirdFacts) { f.Controller.Purposes = []desk.PurposeFact{{Name: "Anfragen", Basis: "6(1)(f)"}} },
			"14(1)(e)":                 func(f *ThirdFacts) { f.Recipients = f.Recipients[:1] },
			"14(1)(f)":                 func(f *ThirdFacts) { f.Recipients[2].Transfer.Mechanism = "" },
			"14(2)(e)":                 func(f *ThirdFacts) { f.Controller.Authority = "" },
		} {
			f := third(full, desk.ThirdOpponent)
			f.Recipients = slices.Clone(full.Recipients)
			take(&f)
			if !slices.ContainsFunc(LintThird(MakeThird(f), f), func(p Problem) bool { return p.Item == item[:8] }) {
				t.Errorf("without its fact %s is complete", item)
			}
		}
	})
}
