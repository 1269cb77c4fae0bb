// Package app carries the agents' workspace as it was built into dist.
package app

import (
	"embed"
	"io/fs"
)

// dist holds a build, or in a fresh clone only the file that keeps the directory
// there; placeholder is a page which says so.
//
//go:embed all:dist placeholder
var files embed.FS

// Built tells whether the binary carries a front end.
func Built() bool {
	_, err := fs.Stat(files, "dist/index.html")
	return err == nil
}

// Files gives the built front end with its .gz and .br siblings, or else the
// placeholder. Both have an index.html.
func Files() fs.FS {
	dir := "placeholder"
	if Built() {
		dir = "dist"
	}
	sub, err := fs.Sub(files, dir)
	if err != nil {
		panic("app: " + err.Error()) // the names are constants
	}
	return sub
}
