package main

import (
	"os"
	"strconv"
	"syscall"
)

// lowPriority is the niceness of work that may take longer, so that what comes in does not.
const lowPriority = 10

// stepBack lets everybody else's work on this machine go first. Threads begun later inherit
// it; where the system does not allow it, work goes on as before.
func stepBack() {
	threads, _ := os.ReadDir("/proc/self/task")
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, lowPriority)
		}
	}
}
