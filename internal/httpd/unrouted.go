package httpd

import (
	"encoding/json"
	"net/http"
	"strings"

	"botschaft/internal/desk"
)

// isUnrouted tells the plain words with which a ServeMux says that nothing matches
// from the answer of a route, which has a pattern.
func (a *answer) isUnrouted(status int) bool {
	return a.status == 0 && a.request != nil && a.request.Pattern == "" &&
		(status == http.StatusNotFound || status == http.StatusMethodNotAllowed) &&
		strings.HasPrefix(a.Header().Get("Content-Type"), "text/plain")
}

// writeUnrouted answers with a problem; the Allow header is set already.
func writeUnrouted(w http.ResponseWriter, r *http.Request, status int) {
	if status != http.StatusMethodNotAllowed {
		WriteProblem(w, r, desk.NotFound("resource"))
		return
	}
	p := Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Code: desk.CodeInvalid,
		Detail: "this method is not known here", RequestID: RequestID(r.Context()),
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(p) // the caller is gone, or reads it
	}
}
