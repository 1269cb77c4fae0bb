package whatsapp

import (
	"bytes"
	"encoding/json"
	"slices"
)

// coexistence are the fields by which a number that is used in the WhatsApp Business
// app, too, hands over what is on that telephone: its chats of half a year, what is
// written there, and its address book with people who never wrote to the business.
// Source: Meta, "Onboarding WhatsApp Business app users": webhooks.
var coexistence = []string{"history", FieldEchoes, "smb_app_state_sync"}

// WithoutCoexistence gives a webhook body without the changes of coexistence, and how
// many of each field it left out. What is written in the app stays where takes says so of the
// number's id; chats of before and the address book never do. Nothing is left of a body that holds nothing else:
// rest is nil then. A body without any, or one that is no webhook, comes back as it is,
// and costs no more than looking for the names of the fields.
func WithoutCoexistence(body []byte, takes func(phoneNumberID string) bool) (rest []byte, dropped map[string]int) {
	if !mentions(body) {
		return body, nil
	}
	var all, entry map[string]json.RawMessage
	if json.Unmarshal(bytes.TrimPrefix(body, []byte(byteOrder)), &all) != nil {
		return body, nil
	}
	entries, ok := elements(all["entry"])
	if !ok {
		return body, nil
	}
	dropped = map[string]int{}
	kept := make([]json.RawMessage, 0, len(entries))
	for _, raw := range entries {
		entry = nil
		if json.Unmarshal(raw, &entry) != nil {
			kept = append(kept, raw)
			continue
		}
		changes, ok := elements(entry["changes"])
		if !ok {
			kept = append(kept, raw) // whoever decodes it says what is wrong
			continue
		}
		left := dropChanges(changes, takes, dropped)
		if len(left) == len(changes) {
			kept = append(kept, raw)
		} else if len(left) > 0 {
			entry["changes"] = marshal(left)
			kept = append(kept, marshal(entry))
		}
	}
	switch {
	case len(dropped) == 0:
		return body, nil
	case len(kept) == 0:
		return nil, dropped
	}
	all["entry"] = marshal(kept)
	return marshal(all), dropped
}

// elements gives those of an array, or the object that stands for an array of one.
func elements(raw json.RawMessage) (all []json.RawMessage, ok bool) {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		return []json.RawMessage{raw}, true
	}
	return all, json.Unmarshal(raw, &all) == nil && all != nil
}

func mentions(body []byte) bool {
	for _, field := range coexistence {
		if bytes.Contains(body, []byte(`"`+field+`"`)) {
			return true
		}
	}
	return false
}

// dropChanges gives the changes of other fields, and counts those it leaves out.
func dropChanges(changes []json.RawMessage, takes func(string) bool, dropped map[string]int) (left []json.RawMessage) {
	for _, raw := range changes {
		var change struct {
			Field string `json:"field"`
		}
		if json.Unmarshal(raw, &change) == nil && slices.Contains(coexistence, change.Field) && (change.Field != FieldEchoes || !takes(numberOf(raw))) {
			dropped[change.Field]++
			continue
		}
		left = append(left, raw)
	}
	return left
}

// numberOf is the id of the number that a change is about; empty if it does not say.
func numberOf(change json.RawMessage) string {
	var of struct {
		Value struct {
			Metadata struct {
				PhoneNumberID string `json:"phone_number_id"`
			} `json:"metadata"`
		} `json:"value"`
	}
	if json.Unmarshal(change, &of) != nil {
		return ""
	}
	return of.Value.Metadata.PhoneNumberID
}

// marshal writes what was read as JSON a moment ago.
func marshal(v any) json.RawMessage {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err) // it holds nothing but valid JSON
	}
	return out
}
