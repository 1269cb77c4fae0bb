package app

import (
	"io/fs"
	"testing"
)

func TestFilesAlwaysHaveAnIndex(t *testing.T) {
	if _, err := fs.Stat(Files(), "index.html"); err != nil {
		t.Fatal(err)
	}
}
