package desk

// TermsFile is the file of Terms as it was when they were accepted (GDPR Art. 28(9)): kept
// once for each Controller, and named by the digest that the register writes down.
type TermsFile struct {
	ID     TermsFileID
	Digest string // SHA-256 in hexadecimal
	Type   string // one of PaperTypes
	File   []byte `json:"-"`
}

// Name is what a copy of it is called.
func (f TermsFile) Name() string { return "terms-" + f.Digest[:12] + PaperTypes[f.Type] }
