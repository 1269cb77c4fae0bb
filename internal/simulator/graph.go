package simulator

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

var versionPattern = regexp.MustCompile(`^v([0-9]+)\.[0-9]+$`)

// oldestVersion is the first Graph version that is served.
const oldestVersion = 20

// Handler serves the Graph API, the control API below /sim/ and the page at /.
func (s *Simulator) Handler() http.Handler {
	control := s.controlHandler()
	page := s.pageHandler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.journal != nil {
			w = &lasting{ResponseWriter: w, s: s}
		}
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		switch {
		case first == "sim":
			control.ServeHTTP(w, r)
		case first == "media" && r.URL.Path != "/media":
			s.mediaDownload(w, r)
		case len(first) > 1 && first[0] == 'v' && first[1] >= '0' && first[1] <= '9':
			s.graph(w, r)
		default:
			page.ServeHTTP(w, r)
		}
	})
}

// graph routes /{version}/{node}[/{edge}].
func (s *Simulator) graph(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-fb-trace-id", traceID())
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if err := checkVersion(parts[0]); err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("facebook-api-version", parts[0])
	if len(parts) < 2 || len(parts) > 3 {
		s.refuse(w, newError(2500, "Unknown path components: "+r.URL.Path))
		return
	}
	edge := ""
	if len(parts) == 3 {
		edge = parts[2]
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || strings.TrimSpace(token) == "" {
		s.refuse(w, newError(190, "An access token is required to request this resource."))
		return
	}
	if err := s.node(w, r, parts[1], edge, strings.TrimSpace(token)); err != nil {
		s.refuse(w, err)
	}
}

func checkVersion(v string) *graphError {
	match := versionPattern.FindStringSubmatch(v)
	if match == nil {
		return unsupported("Invalid version format. Use format like 'v23.0'")
	}
	if major, err := strconv.Atoi(match[1]); err != nil || major < oldestVersion {
		return newError(2635, "")
	}
	return nil
}

// node finds what an id stands for and calls the edge on it.
func (s *Simulator) node(w http.ResponseWriter, r *http.Request, id, edge, token string) *graphError {
	s.mu.Lock()
	n := s.numbers[id]
	waba := s.account(id)
	_, isMedia := s.media.items[id]
	s.mu.Unlock()
	switch {
	case n != nil:
		return s.numberEdge(w, r, n, edge, token)
	case waba != nil && edge == "subscribed_apps":
		if err := waba.admit(token); err != nil {
			return err
		}
		return s.subscribedApps(w, r, id)
	case isMedia && edge == "":
		return s.mediaNode(w, r, id, token)
	}
	if waba != nil {
		return newError(2500, "Unknown path components: /"+edge)
	}
	return noSuchObject(r, id)
}

func (s *Simulator) numberEdge(w http.ResponseWriter, r *http.Request, n *number, edge, token string) *graphError {
	if err := n.admit(token); err != nil {
		return err
	}
	switch r.Method + " " + edge {
	case "POST messages":
		return s.postMessages(w, r, n)
	case "GET message_history":
		return s.messageHistory(w, r, n)
	case "GET block_users", "POST block_users", "DELETE block_users":
		return s.blockUsers(w, r, n)
	case "POST media":
		return s.mediaUpload(w, r, n)
	case "GET ":
		return s.phoneNumber(w, r, n)
	}
	return newError(2500, "Unsupported "+strings.ToLower(r.Method)+" request: /"+edge)
}

// noSuchObject is the answer to an id that stands for nothing here.
func noSuchObject(r *http.Request, id string) *graphError {
	err := unsupported("Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation.", clip(id, 40))
	err.kind, err.subcode = "GraphMethodException", 33
	err.message = "Unsupported " + strings.ToLower(r.Method) + " request. " + err.details
	return err
}

// admit checks the bearer token of a number.
func (n *number) admit(token string) *graphError {
	if n.AccessToken != "" && token != n.AccessToken {
		return newError(190, "")
	}
	return nil
}

// account returns any number of a WABA.
func (s *Simulator) account(waba string) *number {
	for _, id := range s.order {
		if s.numbers[id].WABA == waba {
			return s.numbers[id]
		}
	}
	return nil
}

// refuse answers with an error of the Graph API.
func (s *Simulator) refuse(w http.ResponseWriter, err *graphError) {
	s.cfg.Log.Info("simulator: refused", "code", err.code, "status", err.status)
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	if err.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `OAuth "Facebook Platform" "invalid_token"`)
	}
	if err.code == 4 || err.code == 80007 { // minutes until calls are allowed again
		w.Header().Set("x-business-use-case-usage", `{"0":[{"type":"whatsapp","call_count":100,"total_cputime":25,"total_time":25,"estimated_time_to_regain_access":5}]}`)
	}
	w.WriteHeader(err.status)
	s.write(w, err.body())
}

// answer sends a Graph result.
func (s *Simulator) answer(w http.ResponseWriter, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		s.refuse(w, newError(131000, ""))
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	s.write(w, raw)
}

// write sends bytes whose loss only means that the client has left.
func (s *Simulator) write(w http.ResponseWriter, raw []byte) {
	if _, err := w.Write(raw); err != nil {
		s.cfg.Log.Debug("simulator: client left", "error", err)
	}
}

func clip(s string, most int) string {
	if len(s) > most {
		return s[:most]
	}
	return s
}
