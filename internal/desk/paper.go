package desk

// Paper is the signed form behind a Consent on paper (GDPR Art. 7(1)).
type Paper struct {
	Entry ConsentID
	Type  string // one of PaperTypes
	Form  []byte `json:"-"`
}

// PaperTypes are what a form may be kept as, each with the ending of its file.
var PaperTypes = map[string]string{"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}

// Name is what a file of it is called; it says nothing about anybody.
func (p Paper) Name() string { return "consent-" + p.Entry.String() + PaperTypes[p.Type] }
