package channel

import (
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/whatsapp"
)

// A way leads to where Meta's files lie, and the files of others lie where their messages go.
func TestWhereFilesLie(t *testing.T) {
	graph, _, _ := desk.LeadsTo(whatsapp.MetaBaseURL)
	if got := desk.FilesHost(graph); got != whatsapp.MetaMediaHost {
		t.Errorf("Meta's files lie at %s", got)
	}
	other, _, _ := desk.LeadsTo(whatsapp.Dialog360BaseURL)
	if got := desk.FilesHost(other); got != other {
		t.Errorf("360dialog's files lie at %s", got)
	}
}
