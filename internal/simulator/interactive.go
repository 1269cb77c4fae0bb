package simulator

import "slices"

// checkInteractive checks what the table of interactive messages limits.
// (messages/interactive-messages and its siblings)
func (req *sendRequest) checkInteractive(o object) *graphError {
	i, err := o.child("interactive", "type", "header", "body", "footer", "action")
	if err != nil {
		return err
	}
	kind, err := i.text("type", true, 0)
	if err != nil {
		return err
	}
	known := []string{"button", "list", "cta_url", "flow", "location_request_message", "contact_request",
		"address_message", "product", "product_list", "catalog_message", "voice_call", "call_permission_request", "carousel"}
	if !slices.Contains(known, kind) {
		return invalid("Param %s is not a known interactive type.", i.at("type"))
	}
	most := 1024
	if kind == "list" {
		most = 4096
	}
	if err := req.checkBody(i, kind != "product" && kind != "voice_call" && kind != "call_permission_request", most); err != nil {
		return err
	}
	if i.has("footer") {
		f, err := i.child("footer", "text")
		if err != nil {
			return err
		}
		if _, err := f.text("text", true, 60); err != nil {
			return err
		}
	}
	if err := req.checkHeader(i, kind); err != nil {
		return err
	}
	if !i.has("action") {
		return missing(i.at("action"))
	}
	switch kind {
	case "button":
		return checkButtons(i)
	case "list":
		return checkSections(i)
	case "cta_url":
		return checkCallToAction(i)
	case "flow":
		return checkFlow(i)
	case "location_request_message":
		return checkAction(i, "send_location")
	case "contact_request":
		return checkAction(i, "request_contact_info")
	}
	return nil
}

func (req *sendRequest) checkBody(i object, required bool, most int) *graphError {
	if !i.has("body") {
		if required {
			return missing(i.at("body"))
		}
		return nil
	}
	b, err := i.child("body", "text")
	if err != nil {
		return err
	}
	req.text, err = b.text("text", true, most)
	return err
}

// checkHeader: a text or a file above a body; texts alone above lists, nothing above a request.
func (req *sendRequest) checkHeader(i object, kind string) *graphError {
	if !i.has("header") {
		return nil
	}
	if kind == "location_request_message" || kind == "contact_request" {
		return unsupported("Param %s is not supported for this type.", i.at("header"))
	}
	h, err := i.child("header", "type", "text", "image", "video", "document", "sub_text")
	if err != nil {
		return err
	}
	allowed := []string{"text", "image", "video", "document"}
	if kind == "list" {
		allowed = allowed[:1]
	}
	htype, err := h.oneOf("type", allowed...)
	if err != nil {
		return err
	}
	if !h.has(htype) {
		return missing(h.at(htype))
	}
	if htype == "text" {
		_, err = h.text("text", true, 60)
		return err
	}
	req.above = htype
	req.mediaID, _, err = h.above(htype)
	return err
}

// checkButtons: 1 to 3 replies with titles of at most 20 characters.
func checkButtons(i object) *graphError {
	a, err := i.child("action", "buttons")
	if err != nil {
		return err
	}
	buttons, err := a.list("buttons", 1, 3)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for n, raw := range buttons {
		b, err := parseObject(raw, element(a.at("buttons"), n), "type", "reply")
		if err != nil {
			return err
		}
		if _, err := b.oneOf("type", "reply"); err != nil {
			return err
		}
		r, err := b.child("reply", "id", "title")
		if err != nil {
			return err
		}
		id, err := r.text("id", true, 256)
		if err != nil {
			return err
		}
		title, err := r.text("title", true, 20)
		if err != nil {
			return err
		}
		if seen["id "+id] || seen["title "+title] {
			return invalid("Buttons need different ids and titles.")
		}
		seen["id "+id], seen["title "+title] = true, true
	}
	return nil
}

// checkSections: at most 10 rows over all sections of a list.
func checkSections(i object) *graphError {
	a, err := i.child("action", "button", "sections")
	if err != nil {
		return err
	}
	if _, err := a.text("button", true, 20); err != nil {
		return err
	}
	sections, err := a.list("sections", 1, 10)
	if err != nil {
		return err
	}
	rows := 0
	for n, raw := range sections {
		section, err := parseObject(raw, element(a.at("sections"), n), "title", "rows")
		if err != nil {
			return err
		}
		if _, err := section.text("title", len(sections) > 1, 24); err != nil {
			return err
		}
		list, err := section.list("rows", 1, 10)
		if err != nil {
			return err
		}
		for r, raw := range list {
			if err := checkRow(raw, element(section.at("rows"), r)); err != nil {
				return err
			}
		}
		rows += len(list)
	}
	if rows > 10 {
		return invalid("A list has at most 10 rows.")
	}
	return nil
}

func checkRow(raw []byte, path string) *graphError {
	row, err := parseObject(raw, path, "id", "title", "description")
	if err != nil {
		return err
	}
	for key, most := range map[string]int{"id": 200, "title": 24, "description": 72} {
		if _, err := row.text(key, key != "description", most); err != nil {
			return err
		}
	}
	return nil
}

func checkCallToAction(i object) *graphError {
	a, err := i.child("action", "name", "parameters")
	if err != nil {
		return err
	}
	if _, err := a.oneOf("name", "cta_url"); err != nil {
		return err
	}
	p, err := a.child("parameters", "display_text", "url")
	if err != nil {
		return err
	}
	if _, err := p.text("display_text", true, 20); err != nil {
		return err
	}
	_, err = p.link("url", true)
	return err
}

// checkFlow: a form by its id or its name, and the button that opens it. (flows/guides/sendingaflow)
func checkFlow(i object) *graphError {
	a, err := i.child("action", "name", "parameters")
	if err != nil {
		return err
	}
	if _, err := a.oneOf("name", "flow"); err != nil {
		return err
	}
	p, err := a.child("parameters", "flow_message_version", "flow_id", "flow_name", "flow_token", "flow_cta", "flow_action", "flow_action_payload", "mode")
	if err != nil {
		return err
	}
	if p.has("flow_id") == p.has("flow_name") {
		return unsupported("Param %s needs either flow_id or flow_name.", a.at("parameters"))
	}
	if _, err := p.oneOf("flow_message_version", "3"); err != nil {
		return err
	}
	for key, most := range map[string]int{"flow_id": 64, "flow_name": 200, "flow_token": 200, "flow_cta": 30} {
		if _, err := p.text(key, key == "flow_cta", most); err != nil {
			return err
		}
	}
	for key, known := range map[string][]string{"flow_action": {"navigate", "data_exchange"}, "mode": {"draft", "published"}} {
		if !p.has(key) {
			continue
		}
		if _, err := p.oneOf(key, known...); err != nil {
			return err
		}
	}
	if !p.has("flow_action_payload") {
		return nil
	}
	payload, err := p.child("flow_action_payload", "screen", "data")
	if err != nil {
		return err
	}
	_, err = payload.text("screen", true, 256)
	return err
}

func checkAction(i object, name string) *graphError {
	a, err := i.child("action", "name")
	if err != nil {
		return err
	}
	_, err = a.oneOf("name", name)
	return err
}
