package main

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"botschaft/internal/backup"
)

// bar shows on a terminal how far something long is; elsewhere it shows nothing.
type bar struct {
	to     *os.File // nil: nowhere
	drawn  time.Time
	inLine bool
}

func newBar(to *os.File) *bar {
	if _, err := unix.IoctlGetTermios(int(to.Fd()), unix.TCGETS); err != nil {
		return &bar{}
	}
	return &bar{to: to}
}

// show draws a line over the one before, a few times a second.
func (b *bar) show(p backup.Progress) {
	if b.to == nil || time.Since(b.drawn) < 200*time.Millisecond && p.Rows < p.Total {
		return
	}
	b.line(fmt.Sprintf("%s the %s: %d of %d rows", p.Doing, p.Kind, p.Rows, p.Total))
}

func (b *bar) line(text string) {
	if b.to == nil {
		return
	}
	b.drawn, b.inLine = time.Now(), true
	fmt.Fprintf(b.to, "\r\x1b[K%s", text)
}

// end takes the line away.
func (b *bar) end() {
	if b.inLine {
		fmt.Fprint(b.to, "\r\x1b[K")
	}
}
