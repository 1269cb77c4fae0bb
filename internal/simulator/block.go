package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// maxBlocked is how many people a number may have blocked. (block-users)
const maxBlocked = 64_000

// blockUsers is GET, POST and DELETE /{phone_number_id}/block_users. One user that fails makes
// the answer an error, which says of each what became of it. (block-users)
func (s *Simulator) blockUsers(w http.ResponseWriter, r *http.Request, n *number) *graphError {
	if r.Method == http.MethodGet {
		s.answer(w, map[string]any{"data": s.blocked(n)})
		return nil
	}
	raw, err := readJSON(w, r)
	if err != nil {
		return err
	}
	users, err := parseBlock(raw)
	if err != nil {
		return err
	}
	word, block := "added_users", r.Method == http.MethodPost
	if !block {
		word = "removed_users"
	}
	result, failed := map[string]any{}, []any{}
	done := []any{}
	for _, user := range users {
		who := map[string]any{"input": user}
		c, err := s.block(n, user, block)
		if c != nil && !strings.Contains(user, ".") {
			who["wa_id"] = c.digits
		}
		if err == nil {
			done = append(done, who)
			continue
		}
		who["errors"] = []any{map[string]any{"message": err.title, "code": err.code, "error_data": map[string]string{"details": err.details}}}
		failed = append(failed, who)
	}
	result[word] = done
	out := map[string]any{"messaging_product": "whatsapp", "block_users": result}
	if len(failed) == 0 {
		s.answer(w, out)
		return nil
	}
	result["failed_users"] = failed
	return s.answerPartly(w, out)
}

// answerPartly answers with what was done and that not all of it was.
func (s *Simulator) answerPartly(w http.ResponseWriter, out map[string]any) *graphError {
	var whole map[string]any
	if err := json.Unmarshal(newError(139100, "").body(), &whole); err != nil {
		return newError(131000, "")
	}
	out["error"] = whole["error"]
	raw, err := json.Marshal(out)
	if err != nil {
		return newError(131000, "")
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(http.StatusBadRequest)
	s.write(w, raw)
	return nil
}

func parseBlock(raw []byte) ([]string, *graphError) {
	o, err := parseObject(raw, "", "messaging_product", "block_users")
	if err != nil {
		return nil, err
	}
	if _, err := o.oneOf("messaging_product", "whatsapp"); err != nil {
		return nil, err
	}
	list, err := o.list("block_users", 1, 1000)
	if err != nil {
		return nil, err
	}
	var users []string
	for i, one := range list {
		u, err := parseObject(one, element("block_users", i), "user")
		if err != nil {
			return nil, err
		}
		user, err := u.text("user", true, 0)
		if err != nil {
			return nil, err
		}
		users = append(users, user)
	}
	return users, nil
}

// block blocks one user or ends that. Only who wrote within 24 hours can be blocked.
func (s *Simulator) block(n *number, user string, block bool) (*customer, *graphError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.byPhone[dialled(user, n.digits)]
	if strings.Contains(user, ".") {
		if c = s.byUserID[user]; c != nil && c.userIDs[n.Portfolio] != user {
			c = nil
		}
	}
	if c == nil {
		return nil, newError(131026, "")
	}
	t := c.thread(n.PhoneNumberID)
	switch {
	case block && !t.windowOpen(s.now()):
		return c, newError(131047, "")
	case block && len(s.blockedOf(n)) >= maxBlocked:
		return c, newError(139101, "")
	}
	t.blocked = block
	s.journal.mark(t)
	return c, nil
}

func (s *Simulator) blockedOf(n *number) (all []*customer) {
	for _, id := range s.people {
		if t := s.customers[id].threads[n.PhoneNumberID]; t != nil && t.blocked {
			all = append(all, s.customers[id])
		}
	}
	return all
}

// blocked is what GET tells, the newest customer first.
func (s *Simulator) blocked(n *number) []any {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []any{}
	for _, c := range s.blockedOf(n) {
		out = append(out, map[string]string{"messaging_product": "whatsapp", "wa_id": c.digits})
	}
	slices.Reverse(out)
	return out
}
