package desk

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Policies are a Controller's choices where the law leaves one. Their defaults are the
// careful ones (GDPR Art. 25(2)). What has its effect later is kept on record until then: no
// code may look at it.
type Policies struct {
	Outbound       string `json:"outbound" toml:"outbound" enum:"reply_only,service_templates,advertising" default:"reply_only"`
	Transport      string `json:"transport" toml:"transport" effect:"later" enum:"contract_and_interest,explicit_consent" default:"contract_and_interest"`
	LocalStorage   string `json:"local_storage" toml:"local_storage" effect:"later" enum:"required,preferred,off" default:"required"`
	DPFInvalid     string `json:"dpf_invalid" toml:"dpf_invalid" enum:"block,fallback_open,fallback,warn" default:"fallback_open"`
	Art9           string `json:"art9" toml:"art9" effect:"later" enum:"handoff_only,consent_in_chat,legal_claims" default:"handoff_only"`
	Genetic        string `json:"genetic" toml:"genetic" effect:"later" enum:"quarantine_erase,two_person_release" default:"quarantine_erase"`
	Sensitive      string `json:"sensitive" toml:"sensitive" effect:"later" enum:"mask_keep,mask_erase_after_handoff" default:"mask_keep"`
	RequestPause   string `json:"request_pause" toml:"request_pause" effect:"later" enum:"off,on" default:"off"`
	RequestDays    string `json:"request_days" toml:"request_days" effect:"later" enum:"10,15,20,25" default:"20"`
	Recipients     string `json:"recipients" toml:"recipients" effect:"later" enum:"named,categories" default:"named"`
	BreachHours    string `json:"breach_hours" toml:"breach_hours" effect:"later" enum:"72,96" default:"72"`
	Bot            string `json:"bot" toml:"bot" enum:"off,rules,model_inside,model_outside" default:"off"`
	Translation    string `json:"translation" toml:"translation" effect:"later" enum:"off,inside,outside" default:"off"`
	Voice          string `json:"voice" toml:"voice" enum:"store,reject,transcribe_inside" default:"store"`
	Media          string `json:"media" toml:"media" enum:"damage_photos,portal_only,all" default:"damage_photos"`
	AgentMetrics   string `json:"agent_metrics" toml:"agent_metrics" effect:"later" enum:"team,none,individual" default:"team"`
	AuditAccess    string `json:"audit_access" toml:"audit_access" enum:"two_persons,dpo_only" default:"two_persons"`
	SingleAdmin    string `json:"single_admin" toml:"single_admin" enum:"wait,refuse" default:"wait"`
	InjuryHold     string `json:"injury_hold" toml:"injury_hold" effect:"later" enum:"3,10,30" default:"3"`
	ProofYears     string `json:"proof_years" toml:"proof_years" effect:"later" enum:"5,3" default:"5"`
	Survey         string `json:"survey" toml:"survey" effect:"later" enum:"advertising,service" default:"advertising"`
	NoticeRepeat   string `json:"notice_repeat" toml:"notice_repeat" enum:"year_and_change,change,conversation" default:"year_and_change"`
	Tone           string `json:"tone" toml:"tone" enum:"sie,du" default:"sie"`
	QuietHours     string `json:"quiet_hours" toml:"quiet_hours" enum:"20-8,18-9,22-8" default:"20-8"`
	PublicSector   string `json:"public_sector" toml:"public_sector" enum:"off,on" default:"off"`
	TippingOff     string `json:"tipping_off" toml:"tipping_off" effect:"later" enum:"on,off" default:"on"`
	ApprovalExpiry string `json:"approval_expiry" toml:"approval_expiry" enum:"24h,72h,168h" default:"72h"`
	ApprovalWait   string `json:"approval_wait" toml:"approval_wait" enum:"24h,4h,72h" default:"24h"`

	ChangedIdentity string `json:"changed_identity" toml:"changed_identity" enum:"hide_history,show_history" default:"hide_history"`
	EarlierWords    string `json:"earlier_words" toml:"earlier_words" enum:"show,hide" default:"show"`
}

// HideEarlierWords shows of a Message that its author changed the last words alone.
const HideEarlierWords = "hide"

// HiddenBefore gives the moment before which nothing is shown of a Contact that changed in these
// ways, the oldest first, and that nobody has vouched for; zero: everything is (GDPR Art. 5(1)(f),
// 32).
func (p Policies) HiddenBefore(open []IdentityChange) time.Time {
	if len(open) == 0 || p.ChangedIdentity == ShowHistory {
		return time.Time{}
	}
	return open[0].ChangedAt
}

// ShowHistory keeps showing what was said before a Contact's number changed.
const ShowHistory = "show_history"

// What happens while the Data Privacy Framework is held invalid.
const (
	DPFBlock        = "block"         // nothing goes to anybody who rests on it
	DPFFallbackOpen = "fallback_open" // what was open goes on under the clauses; nothing new begins
	DPFFallback     = "fallback"      // everything goes on under the clauses
	DPFWarn         = "warn"          // everything goes on; a banner says that it should not
)

// DefaultPolicies are those of a fresh installation.
func DefaultPolicies() Policies {
	var p Policies
	for _, o := range PolicyOptions() {
		p.set(o.Key, o.Default)
	}
	return p
}

// PolicyOption is one choice with what may be chosen.
type PolicyOption struct {
	Key     string
	Options []string
	Default string
	Later   bool      // nothing depends on it yet
	Means   Bilingual // for data protection, in a sentence
}

// PolicyOptions gives every choice, in the order of the form.
func PolicyOptions() []PolicyOption {
	t := reflect.TypeFor[Policies]()
	out := make([]PolicyOption, t.NumField())
	for i := range out {
		f := t.Field(i)
		out[i] = PolicyOption{Key: f.Tag.Get("toml"), Options: strings.Split(f.Tag.Get("enum"), ","), Default: f.Tag.Get("default"), Later: f.Tag.Get("effect") == "later"}
		out[i].Means = policyWords[out[i].Key]
	}
	return out
}

// Of gives what was chosen; empty if there is no such choice.
func (p Policies) Of(key string) string {
	v := reflect.ValueOf(p)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("toml") == key {
			return v.Field(i).String()
		}
	}
	return ""
}

func (p *Policies) set(key, value string) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("toml") == key {
			v.Field(i).SetString(value)
		}
	}
}

// Check tells the first choice that is none.
func (p Policies) Check() error {
	for _, o := range PolicyOptions() {
		if !slices.Contains(o.Options, p.Of(o.Key)) {
			return Invalid(o.Key, fmt.Sprintf("is not one of %s", strings.Join(o.Options, ", ")))
		}
	}
	return nil
}

// policyWords say what each choice means for data protection, in a sentence.
var policyWords = map[string]Bilingual{
	"outbound": {
		DE: "Ob das Haus nur antwortet, auch von sich aus zu Vertrag und Schaden schreibt oder auch bei Menschen wirbt, die eingewilligt haben.",
		EN: "Whether the house only answers, also writes by itself about a contract or a claim, or also advertises to people who agreed.",
	},
	"transport": {
		DE: "Ob die Nutzung von WhatsApp auf Vertrag und berechtigtem Interesse beruht oder auf einer ausdrücklichen Einwilligung, die vorher eingeholt wird.",
		EN: "Whether using WhatsApp rests on the contract and a legitimate interest, or on an explicit consent that is asked for first.",
	},
	"local_storage": {
		DE: "Ob Meta ruhende Nachrichten in einer gewählten Region speichern muss, soll oder nicht muss, damit weniger im Ausland liegt.",
		EN: "Whether Meta must, should or need not keep messages at rest in a region of our choice, so that less of them lies abroad.",
	},
	"dpf_invalid": {
		DE: "Was noch an Empfänger in den USA geht, wenn das Data Privacy Framework als ungültig gilt: nichts, Offenes unter den Klauseln, alles unter den Klauseln oder alles auf eigenes Risiko.",
		EN: "What still goes to recipients in the USA once the Data Privacy Framework is held invalid: nothing, what was open under the clauses, all under the clauses, or all at your own risk.",
	},
	"art9": {
		DE: "Ob Gesundheitsdaten und andere besondere Daten nur an anderer Stelle behandelt werden, im Chat nach einer Einwilligung oder auch, wo Rechtsansprüche es verlangen.",
		EN: "Whether health data and other special data are handled elsewhere only, in the chat after a consent, or also where legal claims need it.",
	},
	"genetic": {
		DE: "Ob genetische Daten, die jemand schickt, gesperrt und gelöscht werden oder von zwei Menschen gemeinsam freigegeben werden können.",
		EN: "Whether genetic data that somebody sends is locked away and erased, or may be released by two people together.",
	},
	"sensitive": {
		DE: "Ob Kontonummern und Ähnliches verdeckt aufbewahrt oder gelöscht werden, sobald sie dort sind, wo sie hingehören.",
		EN: "Whether account numbers and the like are kept masked, or are erased as soon as they are where they belong.",
	},
	"request_pause": {
		DE: "Ob die Frist einer Anfrage zu den eigenen Daten ruht, während wir nachgefragt haben, wer sie stellt; ohne Pause gilt der Monat immer.",
		EN: "Whether the time for a request about one's own data stands still while we have asked who makes it; without a pause the month always holds.",
	},
	"request_days": {
		DE: "Nach wie vielen Tagen eine Anfrage zu den eigenen Daten beantwortet sein soll, innerhalb des Monats, den das Gesetz lässt.",
		EN: "After how many days a request about one's own data should be answered, within the month that the law leaves.",
	},
	"recipients": {
		DE: "Ob eine Auskunft alle Empfänger beim Namen nennt oder nur ihre Arten.",
		EN: "Whether the answer to a request for access names every recipient, or only their kinds.",
	},
	"breach_hours": {
		DE: "Wie viele Stunden nach einer Datenpanne die Frist für die Meldung an die Aufsicht angezeigt wird; das Gesetz nennt 72.",
		EN: "How many hours after a data breach the report to the authority is shown as due; the law says 72.",
	},
	"bot": {
		DE: "Ob eine Maschine antwortet, nach festen Regeln oder mit einem Modell, und ob Texte dafür das Haus verlassen.",
		EN: "Whether a machine answers, by fixed rules or with a model, and whether texts leave the house for that.",
	},
	"translation": {
		DE: "Ob Texte übersetzt werden und ob sie dafür das Haus verlassen.",
		EN: "Whether texts are translated, and whether they leave the house for that.",
	},
	"voice": {
		DE: "Ob Sprachnachrichten aufbewahrt, abgewiesen oder im Haus auch in Text verwandelt werden.",
		EN: "Whether voice messages are kept, turned away, or also turned into text within the house.",
	},
	"media": {
		DE: "Ob Menschen nur Schadenfotos, gar keine Dateien oder alle Dateien über WhatsApp schicken sollen.",
		EN: "Whether people should send photos of damage only, no files at all, or all files by WhatsApp.",
	},
	"agent_metrics": {
		DE: "Ob Zahlen zur Arbeit für Teams, gar nicht oder für einzelne Kolleginnen und Kollegen geführt werden.",
		EN: "Whether figures about work are kept for teams, not at all, or for single colleagues.",
	},
	"audit_access": {
		DE: "Ob gezielt im Protokoll liest, was eine Kollegin oder ein Kollege getan hat, wer dafür eine zweite Person und ein Wort an den Betriebsrat hat, oder nur der Datenschutz.",
		EN: "Whether the audit log is read for what one colleague did by whoever has a second person and a word to the works council for it, or by the data protection officer alone.",
	},
	"single_admin": {
		DE: "Ob eine Handlung, die zwei Menschen braucht und die niemand sonst freigeben kann, nach einer Wartezeit allein möglich ist und so vermerkt wird, oder abgelehnt wird.",
		EN: "Whether an act that needs two people and that nobody else can approve may be done alone after a wait, and is noted as such, or is refused.",
	},
	"injury_hold": {
		DE: "Wie viele Jahre lang Unterlagen zu Personenschäden vor dem Löschen bewahrt werden, weil Ansprüche spät kommen können.",
		EN: "For how many years records of injuries are kept from erasure, since claims may come late.",
	},
	"proof_years": {
		DE: "Wie viele Jahre lang der Nachweis einer Einwilligung aufbewahrt wird, nachdem er zuletzt gebraucht wurde.",
		EN: "For how many years the proof of a consent is kept after it was last used.",
	},
	"survey": {
		DE: "Ob eine Umfrage als Werbung gilt und eine Einwilligung braucht oder zum Dienst gehört.",
		EN: "Whether a survey counts as advertising and needs a consent, or as part of the service.",
	},
	"notice_repeat": {
		DE: "Wann jemand die Datenschutzhinweise wieder bekommt: nach einem Jahr und wenn sie sich ändern, nur wenn sie sich ändern oder in jedem neuen Gespräch.",
		EN: "When people get the privacy notice again: after a year and when it changes, when it changes only, or in each new conversation.",
	},
	"tone": {
		DE: "Wie Datenschutzhinweise und automatische Texte Menschen ansprechen; sonst ändert sich nichts.",
		EN: "How the privacy notice and automatic texts address people in German; nothing else changes.",
	},
	"quiet_hours": {
		DE: "Zwischen welchen Stunden keine Werbung hinausgeht; an Sonntagen und Feiertagen geht nie welche hinaus.",
		EN: "Between which hours no advertising goes out; on Sundays and holidays none ever does.",
	},
	"public_sector": {
		DE: "Ob das Haus eine Behörde ist, die sich nicht auf ein berechtigtes Interesse stützen kann.",
		EN: "Whether the house is a public authority, which cannot rest on a legitimate interest.",
	},
	"tipping_off": {
		DE: "Ob eine Auskunft ausspart, was nach dem Geldwäschegesetz niemandem gesagt werden darf.",
		EN: "Whether the answer to a request for access leaves out what the law on money laundering forbids to tell.",
	},
	"approval_expiry": {
		DE: "Wie lange auf die Freigabe durch einen zweiten Menschen gewartet wird, bevor die Bitte darum verfällt.",
		EN: "How long the approval of a second person is waited for before the request expires.",
	},
	"approval_wait": {
		DE: "Wie lange eine Handlung wartet, die niemand sonst freigeben kann, damit sie bemerkt und aufgehalten werden kann.",
		EN: "How long an act waits that nobody else can approve, so that it can be noticed and stopped.",
	},
	"changed_identity": {
		DE: "Ob verborgen wird, was vor einer neuen Nummer oder einem neuen Gerät geschrieben wurde, bis jemand geprüft hat, dass es noch dieselbe Person ist.",
		EN: "Whether what was written before a new number or a new device is hidden until somebody has made sure that it still is the same person.",
	},
	"earlier_words": {
		DE: "Ob Kolleginnen und Kollegen sehen, was in einer Nachricht stand, bevor die Person sie in WhatsApp geändert hat; was die Person zurücknimmt, zeigt das Haus nie.",
		EN: "Whether colleagues see what stood in a message before the person changed it in WhatsApp; what the person takes back is never shown.",
	},
}
