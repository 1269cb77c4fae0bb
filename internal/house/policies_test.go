package house

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"botschaft/internal/desk"
)

const policiesHead = `# Policies

<!-- Generated from internal/desk/policies.go by make gen. Do not edit. -->

What each Controller may choose where the law leaves a choice. A fresh installation has the defaults, which are the careful ones (GDPR Art. 25(2)); each change is a new version in the register and an entry of the audit log. What leaves a default waits for a second person; so does any change of audit_access, single_admin, approval_expiry and approval_wait. Going back to the other defaults takes effect at once.

| Key | Options | Default | What it means for data protection |
|---|---|---|---|
`

// The list of policies that people read is the one that the program has, and each choice is
// explained in both languages (GDPR Art. 25(2)).
func TestPolicyReferenceIsCurrent(t *testing.T) {
	var out bytes.Buffer
	out.WriteString(policiesHead)
	for _, o := range desk.PolicyOptions() {
		for language, text := range map[string]string{"German": o.Means.DE, "English": o.Means.EN} {
			if !strings.HasSuffix(text, ".") || strings.Contains(strings.TrimSuffix(text, "."), ". ") || strings.Contains(text, "|") {
				t.Errorf("%s: the %s words are no sentence: %q", o.Key, language, text)
			}
		}
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", o.Key, strings.Join(o.Options, ", "), o.Default, o.Means.EN)
	}
	path := filepath.Join(root, "docs", "policies.md")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, out.Bytes()) {
		t.Errorf("docs/policies.md is not current: run make gen (%v)", err)
	}
}
