package consent

import (
	"regexp"
	"slices"
	"strings"
)

// What advertising is called, and what is refused when it is. The words are folded: small
// letters without marks.
const (
	ads = `(?:werbung|\w+werbung|werbe\w+|werblich\w*|reklame\w*|newsl?et{1,2}er\w*|marketing\w*|promos?|promotions?|promotional\w*|spam\w*|ads?|advert\w*|mailings?|` +
		`rundbrief\w*|rundschreiben|\w*rabattaktion\w*|\w*aktionsangebot\w*|\w*sonderangebot\w*|aktionsnachricht\w*|waerbig|werbig)`
	offers = `(?:angebote\w*|\w+angebote\w*|gewinnspiel\w*|aktionen|offers|deals|discounts)`
	no     = `(?:kein\w*|koa\w?|kei|nix|nie|nimmer|nichts|nicht mehr|net mehr|ned mehr|nicht laenger|nein danke|abbestel\w*|abmeld\w*|abstel\w*|einstel\w*|` +
		`stop|stopp\w*|beend\w*|aufhoer\w*|unterlass\w*|untersag\w*|verbiet\w*|widerruf\w*|widersprech\w*|widerspruch|austragen|streich\w*|loesch\w*|entfern\w*|` +
		`sperrliste|sparen|zurueck|zurueckziehe|in ruhe|verschon\w*|genug|schluss|hoer\w*(?: sie)?(?: \w+)? auf|` +
		`weg|los|rueckgaengig|entzieh\w*|zurueckgezogen|sperr\w*|verzicht\w*|will \w+ nicht|(?:will|brauche|moechte|wuensche)(?: \w+){0,4} nicht|` +
		`no|no more|no longer|not any|enough|cancel|get rid|want out|changed my mind|dont|do not|never|quit|cease|remove|take me off|unsub\w*|withdraw\w*|revok\w*|opt out|object|rather not|any longer|anymore)`
	list = `(?:newsl?et{1,2}er\w*|\w*verteiler\w*|mailingliste|mailing list|werbeliste|liste|list|lists|database)`
	your = `(?:euren|eure|eurer|eurem|ihren|ihre|ihrer|ihrem|diesen|diese|your|these)`
)

var (
	// refused is a refusal near what advertising is called, in either order.
	refused = rule(`\b`+no+`(?: \w+){0,6} `+ads+`\b|\b`+ads+`(?: \w+){0,10} `+no+`\b|`+
		`\b(?:widersprech\w*|widerspricht|widerspruch|widerruf\w*|untersag\w*|object|revoke|withdraw)(?: \w+){0,16} `+ads+`\b|\b`+ads+`\b.*\bwill \w+ nicht mehr\b`, adsNeed...)
	// named is that advertising is spoken of at all.
	named = rule(`\b`+ads+`\b`, adsNeed...)
	// offered is the same for words that may mean the offer of a contract; then it must be
	// theirs, more than one, and refused in earnest.
	offered = rule(`\b(?:kein interesse|in ruhe|keine|nix|nichts|verschont|auf|schluss|enough|quit|not interested|stop|no more|sparen|no interest)(?: \w+){0,4} `+your+`(?: \w+){0,2} `+offers+`\b|`+
		`\b`+your+`(?: \w+){0,2} `+offers+`(?: \w+){0,4} (?:in ruhe|sparen|nicht mehr|nix mehr|keine|nie wieder|anymore|any more)\b|`+
		`\b(?:nicht mehr|nix mehr|nie wieder)(?: \w+){0,3} `+your+`(?: \w+){0,2} `+offers+`\b|`+
		`\bkeine (?:\w+ )?`+offers+` mehr\b`, offersNeed...)
	// things are made for advertising and are none; what is said on paper and doors is
	// not said to us.
	things = rule(`\bwerbe(?:schild|tafel|agentur|folie|plakat|banner|geschenk|mittel|kampagne|film|spot|versprechen)\w*|\bleuchtreklame|\bmarketing (?:abteilung|team|leit|chef|kampagne|budget|agentur|manager|department)|` +
		`\badvertising (?:board|sign|agency|banner|pillar)|\b(?:briefkasten|prospekt\w*|flyer|fernsehen|tv|plakat\w*|aufkleber|schild|hauswand|zeitung|billboard)\b`)
	// excused makes a sentence a report, a question, a complaint or another's matter.
	excused = rule(`\b(?:habe|hab|hatte|hat|haetten|haben wir|wurde|wurden|bekam|erhielt|stand|steht|war|waren|gab|kam|hing|sagt|sagte)\b|` +
		`\b(?:mein|meine|unser|unsere) (?:mann|frau|mutter|vater|tochter|sohn|nachbar\w*|kolleg\w*|chef\w*|makler\w*)\b|` +
		`\bwie (?:kann|koennte|muss|soll|geht|er|sie|man|ich)\b|\bwo\b|\b(?:kann|koennte|muss|soll|darf) ich\b|\bob\b|\bwas passiert\b|\bwarum\b|\bweshalb\b|` +
		`\b(?:bekomme|kriege|erhalte|sehe|finde)\b|\bnicht (?:abbestel|abmeld|abstel|einstel|stopp|beend|kuendig|loesch|streich)\w*|\bwieder (?:anmelden|bestellen|haben|aufnehmen)\b|` +
		`\b(?:was|were|had|did|didnt|have|has|saw|said|says|by accident|put me back|how (?:do|can|would)|why)\b|` +
		`\bmy (?:husband|wife|mother|father|son|daughter|neighbour|colleague)\b|\b(?:see|mind|understand|believe|trust|miss|received?|getting|find)\b`)
	// harmlessNo is a refusal of something else, or none.
	harmlessNo = rule(`\bkeine? (?:problem|sorge|ahnung|frage|zeit|eile|mail)\b|\b(?:laut|gemaess|in) (?:ihrer|eurer|der) werbung\b|\bin your ad\b|\b(?:ist|sind) (?:das|dies) kein|\bspam ?ordner\b|\bim spam\b|` +
		`\bad hoc\b|\b(?:dont|do not|never) (?:stop|cancel)\b|\bno problem\b|\bno idea\b`)
	// bothered is who wants no messages at all, or means it; advertising is not named.
	bothered = rule(`\blass(?:t|en sie)? mich (?:\w+ ){0,2}?in ruhe\b|\bnicht mehr (?:\w+ ){0,2}?(?:anschreiben|angeschrieben|kontaktieren|kontaktiert|belaestigen|belaestigt)\b|`+
		`\bschreib(?:t|en sie)? (?:mir|mich) (?:\w+ ){0,2}?nicht mehr\b|\bloesch\w* (?:sie )?(?:bitte )?meine (?:handy|telefon)?nummer\b|\bschick\w* (?:sie )?(?:mir )?(?:bitte )?keine angebote\b|`+
		`\bschluss (?:jetzt )?mit (?:\w+ ){0,3}?`+offers+`\b|\benough with (?:\w+ ){0,2}?`+offers+`\b|\b`+offers+` .*\b(?:nie wieder|rausmachen|quit)\b`,
		"in ruhe", "nicht mehr", " meine ", "angebot", "gewinnspiel", "aktionen", "offers", "deals", "discounts")
	// wearied is who wants no more of what comes, without saying what that is.
	wearied = rule(`\bkeine (?:weiteren )?(?:nachrichten|infos|informationen|mitteilungen|sms) mehr $|\b(?:diese|solche|eure|ihre) (?:nachrichten|infos|mitteilungen|sms) (?:\w+ ){0,2}?nicht mehr\b|`+
		`\bnichts mehr von (?:euch|ihnen) (?:hoeren|lesen|bekommen)\b|\bmelde(?:t|n sie)? mich (?:bitte )?ab\b|\b(?:ich|mich) (?:\w+ ){0,3}?abgemeldet werden\b`, " mehr ", " abgemeldet ", " mich ")
	// elsewhere is a consent, or a contract, that has nothing to do with advertising.
	elsewhere = rule(`\b(?:schweigepflicht\w*|lastschrift\w*|sepa|abbuchung\w*|vertrag\w*|gesundheitsdaten|gesundheit|schufa|arzt\w*|aerzte|behandlung|operation|vollmacht|reparatur|werkstatt|gutacht\w*|` +
		`bank|datenuebermittlung|makler\w*|debit|fahrer\w*|drivers?|versichert\w*|insured|warteliste|zeugen|roadside|contract|surgery|doctor\w*|records|repair|garage|assessor)\b`)
)

// phrases say it without naming advertising, or in spite of words that otherwise excuse;
// each with what takes it back.
var phrases = []struct{ says, unless *expression }{
	{rule(`\bwerbung nein danke\b|\bkeine lust (?:mehr )?auf (?:\w+ )?`+ads+`\b|\bgenug (?:von )?(?:\w+ )?`+ads+`\b`, adsNeed...), things},
	{rule(`\b(?:kann|koennt|koennten|wuerdet|wuerden|kannst|koenntest) (?:\w+ ){0,3}?mich (?:\w+ ){0,4}?`+list+`\b`, listNeed...), rule(`\b(?:anmelden|aufnehmen|setzen)\b`)},
	{rule(`\b(?:mich|meine nummer|meine handynummer|uns) (?:\w+ ){0,3}?(?:vom|von|aus|ausm|aus dem|beim) (?:\w+ ){0,2}?`+list+` ?(?:\w+ ){0,2}?(?:ab|aus|raus|abmelden|austragen|streichen|loeschen|nehmen|entfernen)?\b`, listNeed...), excused},
	{rule(`\b(?:nehmt|nehmen sie|streicht|streichen sie|loescht|loeschen sie|entfernt|entfernen sie|meldet|melden sie|tragt|tragen sie|melde) (?:\w+ ){0,4}?(?:vom|von|aus|ausm|aus dem|beim) (?:\w+ ){0,2}?`+list+`\b`, listNeed...), excused},
	{rule(`\b(?:bestelle|kuendige) (?:\w+ ){0,3}?`+ads+`\b`, adsNeed...), excused},
	{rule(`\b(?:widerrufe|widerruf|widerrufen) (?:\w+ ){0,10}?(?:einwilligung|einverstaendnis|zustimmung|erlaubnis)\b|\b(?:einwilligung|einverstaendnis|zustimmung|erlaubnis) (?:\w+ ){0,6}?(?:widerrufe|widerrufen|zurueck|zurueckziehen)\b`, "einwilligung", "einverstaendnis", "zustimmung", "erlaubnis"), nil},
	{rule(`\bkeine (?:\w+ )?(?:nachrichten|mitteilungen|infos|sms) mehr (?:\w+ ){0,3}?(?:von euch|von ihnen|schicken|senden|zusenden)\b|\b(?:schickt|schicken sie|sendet|senden sie|schickts) mir (?:\w+ ){0,2}?(?:nichts|nix|keine (?:nachrichten|angebote|werbung|infos|mails|sms|mitteilungen)) mehr\b`, " mehr"),
		rule(`\ban (?:mein|den|die|das|unser|meine\w*)\b|\bsondern\b|\bbis\b|\bper post\b|\b(?:bekomme|kriege|erhalte)\b|\bpost\b`)},
	{rule(`\bunsub\w* (?:me|us|my|from|please|this|now)\b|\b(?:please|to|want to|me) unsubscribe\b|\bopt(?:ing)? (?:me )?out\b`, "unsub", " opt"), rule(`\bhow (?:do|can)\b|\bpension\b|\bcover\b|\bexcess\b|\bcan i\b|\bby accident\b`)},
	{rule(`\b(?:take|remove|delete|get) (?:me|my number|us) (?:\w+ )?(?:off|from|out of) (?:\w+ ){0,3}?`+list+`\b|\btake my number off\b`, append([]string{"number"}, listNeed...)...), excused},
	{rule(`\b(?:withdraw|revoke|take back|withdrawing|revoking) my (?:\w+ )?(?:consent|permission|agreement)\b`, "consent", "permission", "agreement"), nil},
	{rule(`\bstop (?:texting|messaging|contacting) me\b|\bleave me alone\b`, "stop ", " alone "), rule(`\binstead\b|\bduring\b|\bbefore\b|\bat (?:night|work)\b`)},
}

// expression is a rule with parts of words of which a sentence must have one for the rule to
// fit: looking for those is a hundred times quicker. None: it is always tried.
type expression struct {
	*regexp.Regexp
	needs []string
}

func rule(text string, needs ...string) *expression {
	return &expression{regexp.MustCompile(text), needs}
}

// MatchString tells whether the rule fits a sentence.
func (e *expression) MatchString(s string) bool {
	return (len(e.needs) == 0 || slices.ContainsFunc(e.needs, func(n string) bool { return strings.Contains(s, n) })) && e.Regexp.MatchString(s)
}

// What a sentence must have one of to speak of advertising, of offers, of a list.
var (
	adsNeed    = []string{"werb", "reklame", "newsl", "marketing", "promo", "spam", " ad ", " ads ", "advert", "mailing", "rundbrief", "rundschreiben", "rabattaktion", "angebot", "aktion", "waerbig"}
	offersNeed = []string{"angebot", "gewinnspiel", "aktionen", "offers", "deals", "discounts"}
	listNeed   = []string{"newsl", "verteiler", "list", "database"}
)

// readSentence reads one folded sentence.
func readSentence(s string) Verdict {
	verdict := Silent
	if bothered.MatchString(s) || wearied.MatchString(s) && !excused.MatchString(s) {
		verdict = Unsure
	}
	if named.MatchString(s) && !things.MatchString(s) {
		verdict = Unsure // whoever speaks of it may mean that, in words nobody thought of
	}
	if (refused.MatchString(s) || offered.MatchString(s)) && !things.MatchString(s) {
		if !excused.MatchString(s) && !elsewhere.MatchString(s) && !harmlessNo.MatchString(s) {
			return Withdrawn
		}
		verdict = Unsure
	}
	for _, p := range phrases {
		switch {
		case !p.says.MatchString(s):
		case elsewhere.MatchString(s) || harmlessNo.MatchString(s):
			verdict = max(verdict, Unsure)
		case p.unless == nil || !p.unless.MatchString(s):
			return Withdrawn
		}
	}
	return verdict
}
