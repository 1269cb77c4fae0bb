package api

import "time"

// Beat sets how often a silent stream says that it is there.
func (a *API) Beat(every time.Duration) { a.beat = every }
