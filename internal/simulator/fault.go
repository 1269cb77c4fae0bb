package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Kinds of Fault.
const (
	FailError         = "error"                  // answer with Code
	FailHTTP500       = "http_500"               // an HTML page, as a proxy on the way would
	FailTokenInvalid  = "token_invalid"          // 190
	FailCutBeforeRead = "cut_before_read"        // cut the connection, accept nothing
	FailTimeout       = "timeout_after_accept"   // accept, wait MS, cut without an answer
	FailSlow          = "slow"                   // wait MS, then go on
	FailStatusFirst   = "status_before_response" // the first status is answered before the sender is
	FailStatus        = "fail_status"            // accept, then a failed status with Code
	FailStatusLate    = "late_status"            // accept and answer; the statuses come StatusMS later
	FailMedia         = "media"                  // whoever asks for a file is answered with the HTTP status Code
	FailMediaAltered  = "media_altered"          // a file is handed out with its last byte another
	FailUpload        = "upload"                 // whoever uploads a file is answered with Code: an HTTP status from 400 to 599, or a code of the Graph API
)

// statusFirstPatience is how long an answer waits for its status to be received.
const statusFirstPatience = 3 * time.Second

// never, as a number of milliseconds, is without end.
const never = -1

var faultKinds = []string{FailError, FailHTTP500, FailTokenInvalid, FailCutBeforeRead, FailTimeout, FailSlow, FailStatusFirst, FailStatus, FailStatusLate, FailMedia, FailMediaAltered, FailUpload}

// Fault goes wrong for the next sends that it fits, or the next files. Read receipts are
// spared.
type Fault struct {
	ID   uint64 `json:"id"`
	Kind string `json:"kind"`
	Code int    `json:"code"` // for error, fail_status, media and upload
	// Count is how many sends it hits; 0 means 1, -1 until removed.
	Count int `json:"count"`
	// MS is for slow and timeout_after_accept, in milliseconds of the wall
	// clock; -1 holds until the client leaves.
	MS int `json:"ms"`
	// StatusMS holds the statuses of an accepted message back, whatever else
	// goes wrong, in milliseconds of the simulator's clock; -1 for ever.
	StatusMS int    `json:"status_ms"`
	Number   string `json:"number"`   // only this phone number id
	Customer string `json:"customer"` // only this customer
	Used     int    `json:"used"`     // sends it has hit
}

// check refuses a fault that could never happen as described.
func (f Fault) check() error {
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return fmt.Errorf("simulator: fault %q is none of %v", clip(f.Kind, 40), faultKinds)
	case f.Kind == FailError && f.Code < 0, f.Kind == FailStatus && f.Code <= 0: // 0 is AuthException, which no status tells
		return fmt.Errorf("simulator: fault %s needs a code", f.Kind)
	case f.Kind == FailMedia && (f.Code < 400 || f.Code > 599):
		return fmt.Errorf("simulator: fault %s needs a code from 400 to 599", f.Kind)
	case f.Kind == FailUpload && f.Code < 400:
		return fmt.Errorf("simulator: fault %s needs a code of 400 or more", f.Kind)
	case f.Kind == FailStatusLate && f.StatusMS == 0:
		return fmt.Errorf("simulator: fault %s needs status_ms", f.Kind)
	case f.Count < -1 || f.MS < never || f.StatusMS < never || f.MS > longestDelay || f.StatusMS > longestDelay:
		return errors.New("simulator: count, ms and status_ms are -1, 0 or more, and at most 30 days")
	}
	return nil
}

// AddFault lets the next sends go wrong.
func (s *Simulator) AddFault(f Fault) (Fault, error) {
	if err := f.check(); err != nil {
		return f, err
	}
	if f.Count == 0 {
		f.Count = 1
	}
	f.Used = 0
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.Number != "" && s.numbers[f.Number] == nil {
		return f, ErrNumberUnknown
	}
	if f.Customer != "" && s.customers[f.Customer] == nil {
		return f, ErrCustomerUnknown
	}
	s.serial++
	f.ID = s.serial
	s.faults = append(s.faults, &f)
	s.journal.touch()
	s.publishFaults()
	return f, nil
}

// ClearFaults lets everything go well again.
func (s *Simulator) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	s.journal.touch()
	s.publishFaults()
}

// Faults are those that still wait for a send.
func (s *Simulator) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.viewFaults()
}

func (s *Simulator) viewFaults() []Fault {
	out := make([]Fault, len(s.faults))
	for i, f := range s.faults {
		out[i] = *f
	}
	return out
}

func (s *Simulator) publishFaults() { s.publish("faults", s.viewFaults()) }

// pickFault uses up the first fault that fits a request.
func (s *Simulator) pickFault(n *number, raw []byte) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return nil
	}
	req, err := parseSend(raw)
	if err == nil && req.read != "" {
		return nil
	}
	for i, f := range s.faults {
		if f.ofMedia() || f.Number != "" && f.Number != n.PhoneNumberID {
			continue
		}
		if f.Customer != "" {
			if err != nil {
				continue
			}
			if c, _, _ := s.recipient(n, req); c == nil || c.ID != f.Customer {
				continue
			}
		}
		return s.hit(i)
	}
	return nil
}

// pickAppFault uses up the first fault that lets fail what is written in the app.
func (s *Simulator) pickAppFault(n *number, c *customer) *Fault {
	if i := slices.IndexFunc(s.faults, func(f *Fault) bool {
		return f.Kind == FailStatus && (f.Number == "" || f.Number == n.PhoneNumberID) && (f.Customer == "" || f.Customer == c.ID)
	}); i >= 0 {
		return s.hit(i)
	}
	return nil
}

// hit uses up one of a fault.
func (s *Simulator) hit(i int) *Fault {
	f := s.faults[i]
	f.Used++
	if f.Count > 0 && f.Used >= f.Count {
		s.faults = slices.Delete(s.faults, i, i+1)
	}
	s.journal.touch()
	s.publishFaults()
	copied := *f
	return &copied
}

// ofMedia tells whether the fault is of files and not of sends.
func (f *Fault) ofMedia() bool { return f.Kind == FailMedia || f.Kind == FailMediaAltered }

// pickMediaFault uses up the first fault of files of a kind.
func (s *Simulator) pickMediaFault(kind string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.faults, func(f *Fault) bool { return f.Kind == kind }); i >= 0 {
		return s.hit(i)
	}
	return nil
}

// faultBefore plays the faults that come before a message is accepted. done
// means that the request is over.
func (s *Simulator) faultBefore(w http.ResponseWriter, r *http.Request, f *Fault) (err *graphError, done bool) {
	switch f.Kind {
	case FailError:
		return newError(f.Code, ""), true
	case FailTokenInvalid:
		return newError(190, ""), true
	case FailHTTP500:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusInternalServerError)
		s.write(w, []byte("<html><title>Error</title><body>Sorry, something went wrong.</body></html>"))
		return nil, true
	case FailCutBeforeRead:
		panic(http.ErrAbortHandler)
	case FailSlow:
		s.pause(r, f.MS)
	}
	return nil, false
}

// faultAfter plays the faults that come between accepting and answering.
func (s *Simulator) faultAfter(r *http.Request, f *Fault, sent *accepted) {
	if f == nil {
		return
	}
	switch f.Kind {
	case FailTimeout:
		s.pause(r, f.MS)
		panic(http.ErrAbortHandler)
	case FailStatusFirst:
		patience := time.NewTimer(statusFirstPatience)
		defer patience.Stop()
		if sent.told == nil {
			return
		}
		select {
		case <-sent.told:
		case <-patience.C:
		case <-r.Context().Done():
		case <-s.closed:
		}
	}
}

// pause waits by the wall clock, or until the client leaves.
func (s *Simulator) pause(r *http.Request, ms int) {
	var after <-chan time.Time
	if ms != never {
		t := time.NewTimer(milliseconds(ms))
		defer t.Stop()
		after = t.C
	}
	select {
	case <-after:
	case <-r.Context().Done():
	case <-s.closed:
	}
}
