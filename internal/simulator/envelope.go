package simulator

import (
	"encoding/json"
	"strconv"
	"time"
)

// The webhook of field "messages". (webhooks/reference/messages)
type (
	envelope struct {
		Object string  `json:"object"`
		Entry  []entry `json:"entry"`
	}
	entry struct {
		ID      string   `json:"id"`
		Time    int64    `json:"time"`
		Changes []change `json:"changes"`
	}
	change struct {
		Value value  `json:"value"`
		Field string `json:"field"`
	}
	value struct {
		Product  string            `json:"messaging_product"`
		Metadata metadata          `json:"metadata"`
		Contacts []contact         `json:"contacts,omitempty"`
		Messages []json.RawMessage `json:"messages,omitempty"`
		Statuses []json.RawMessage `json:"statuses,omitempty"`
		Echoes   []json.RawMessage `json:"message_echoes,omitempty"`
	}
	metadata struct {
		DisplayPhone  string `json:"display_phone_number"`
		PhoneNumberID string `json:"phone_number_id"`
	}
	contact struct {
		Profile         *profile `json:"profile,omitempty"`
		WaID            string   `json:"wa_id,omitempty"`
		IdentityKeyHash string   `json:"identity_key_hash,omitempty"`
		UserID          string   `json:"user_id,omitempty"`
	}
	profile struct {
		Name     string `json:"name"`
		Username string `json:"username,omitempty"`
	}
	status struct {
		ID              string        `json:"id"`
		Status          string        `json:"status"`
		Timestamp       string        `json:"timestamp"`
		RecipientID     string        `json:"recipient_id,omitempty"`
		RecipientUserID string        `json:"recipient_user_id,omitempty"`
		CallbackData    string        `json:"biz_opaque_callback_data,omitempty"`
		Pricing         *pricing      `json:"pricing,omitempty"`
		Errors          []statusError `json:"errors,omitempty"`
	}
	statusError struct {
		Code    int    `json:"code"`
		Title   string `json:"title"`
		Message string `json:"message"`
		Data    struct {
			Details string `json:"details"`
		} `json:"error_data"`
		Href string `json:"href,omitempty"`
	}
	pricing struct {
		Billable bool   `json:"billable"`
		Model    string `json:"pricing_model"`
		Type     string `json:"type"`
		Category string `json:"category"`
	}
)

// item is one message or one status on its way to the receiver.
type item struct {
	seq      uint64
	raw      json.RawMessage // the message or status object
	isStatus bool
	isEcho   bool     // written in the WhatsApp Business app
	contact  *contact // nil when Meta leaves contacts out
	after    time.Time
	m        *message      // what it tells of
	event    *historyEvent // of a status
	told     chan struct{} // of a status; closed after the first 200
}

// Meta spreads a batch over several entries and changes; so does the
// simulator, so that a receiver which reads only the first one is found out.
const (
	itemsPerChange  = 8
	changesPerEntry = 3
)

// seal builds the body for a batch.
func (n *number) seal(batch []item, now time.Time) ([]byte, error) {
	env := envelope{Object: "whatsapp_business_account"}
	meta := metadata{DisplayPhone: n.digits, PhoneNumberID: n.PhoneNumberID}
	for len(batch) > 0 {
		run := 1
		for run < len(batch) && run < itemsPerChange && batch[run].isStatus == batch[0].isStatus && batch[run].isEcho == batch[0].isEcho {
			run++
		}
		last := len(env.Entry) - 1
		if last < 0 || len(env.Entry[last].Changes) == changesPerEntry {
			env.Entry = append(env.Entry, entry{ID: n.WABA, Time: now.Unix()})
			last++
		}
		env.Entry[last].Changes = append(env.Entry[last].Changes, change{Field: batch[0].field(), Value: fill(meta, batch[:run])})
		batch = batch[run:]
	}
	return encode(env)
}

// field is what Meta calls the webhooks of its kind.
func (it *item) field() string {
	if it.isEcho {
		return "smb_message_echoes"
	}
	return "messages"
}

func fill(meta metadata, run []item) value {
	v := value{Product: "whatsapp", Metadata: meta}
	seen := map[string]bool{}
	for _, it := range run {
		if it.isEcho {
			v.Echoes = append(v.Echoes, it.raw)
		} else if it.isStatus {
			v.Statuses = append(v.Statuses, it.raw)
		} else {
			v.Messages = append(v.Messages, it.raw)
		}
		if it.contact != nil && !seen[it.contact.UserID] {
			seen[it.contact.UserID] = true
			v.Contacts = append(v.Contacts, *it.contact)
		}
	}
	return v
}

func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
