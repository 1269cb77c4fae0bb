package whatsapp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// ObjectWhatsApp is the Object of every body meant for this package.
const ObjectWhatsApp = "whatsapp_business_account"

// FieldMessages is the webhook field that carries messages and statuses; all
// other fields arrive as Other.
const FieldMessages = "messages"

// byteOrder is the mark that some programs write before a text, and JSON does not know.
const byteOrder = "\uFEFF"

// MaxItems is the most items one body may hold, with the entries of their lists
// (contacts, cards, products, errors). Meta batches about a thousand updates;
// three megabytes of the shortest text messages stay well below.
const MaxItems = 1 << 16

// Errors of Decode. ErrItem is what every Item.Err wraps.
var (
	ErrNotJSON  = errors.New("whatsapp: body is not a JSON object")
	ErrTooMany  = errors.New("whatsapp: body holds too many items")
	ErrForeign  = errors.New("whatsapp: body holds something, but no entry")
	ErrItem     = errors.New("whatsapp: item cannot be decoded")
	errObject   = fmt.Errorf("%w: not an object", ErrItem)
	errArray    = fmt.Errorf("%w: not an array", ErrItem)
	errEntry    = fmt.Errorf("%w: entry without changes", ErrItem)
	errValue    = fmt.Errorf("%w: change without a value object", ErrItem)
	errNoID     = fmt.Errorf("%w: no id", ErrItem)
	errNoState  = fmt.Errorf("%w: no status", ErrItem)
	errNoObject = fmt.Errorf("%w: the object named after its type is missing or incomplete", ErrItem)
)

// Notification is one webhook body.
// Source: Meta, "Webhooks: messages webhook reference".
type Notification struct {
	// Object is ObjectWhatsApp unless the body was meant for somebody else.
	Object string
	// Items are all messages, statuses, notices and errors, in the order of the body.
	Items []Item
	// Unknown counts what this package did not understand and left out, by
	// name only: "messages.pin" is a property (unknown, or of an unexpected
	// type), "type.poll" a message type, "field.flows2" a webhook field. A
	// "?" stands for a name not fit to be shown.
	Unknown map[string]int
}

// Item is one message, echo, status, notice or error list: exactly one of Message,
// Echo, Status, Other, Errors and Err is set.
type Item struct {
	// Path is the place in the body: "entry[0].changes[1].messages[3]".
	Path string
	// WABA is the id of the entry: the WhatsApp Business Account (of partner
	// notices, a business). Field is the webhook field.
	WABA, Field string
	// PhoneNumberID and DisplayPhone name the business number, if the change does.
	PhoneNumberID, DisplayPhone string
	// Raw is the item's own bytes. It aliases the body given to Decode.
	Raw json.RawMessage

	Message *Message
	Echo    *Message // what was written in the WhatsApp Business app; its Contact is whom it went to
	Status  *Status
	Other   *Other
	Errors  []Error
	// Err wraps ErrItem: this item is broken, the others are not concerned.
	Err error
}

// Other is a change that carries neither messages, echoes nor statuses, kept whole:
// template, account and number notices, preferences, groups, coexistence.
type Other struct {
	// Field is the webhook field, such as "message_template_status_update".
	Field string
	// Raw is the whole value. It aliases the body given to Decode.
	Raw json.RawMessage
}

// Decode reads a webhook body. Only a body that is no JSON object (nesting
// deeper than 10,000 included), that holds more than MaxItems items or nothing
// that is known at all is an error; whatever is wrong further inside concerns one Item. Time and memory are
// linear in the size of the body.
func Decode(body []byte) (*Notification, error) {
	body = bytes.TrimPrefix(body, []byte(byteOrder))
	if !json.Valid(body) {
		return nil, ErrNotJSON
	}
	d := decoder{reader: reader{b: body}}
	if !d.at('{') {
		return nil, ErrNotJSON
	}
	n := &Notification{}
	for key := range d.members("body") {
		switch string(key) {
		case "object":
			n.Object = d.text()
		case "entry":
			d.array("entry", d.entry)
		}
	}
	switch {
	case d.full:
		return nil, ErrTooMany
	case len(d.items) == 0 && len(d.unknown) > 0:
		return nil, ErrForeign
	}
	n.Items, n.Unknown = d.items, d.unknown
	return n, nil
}

// decoder is a reader that collects items.
type decoder struct {
	reader
	items []Item
}

// add doubles the space of the items whenever it is used up: the smaller steps of
// append would copy a body full of items a dozen times.
func (d *decoder) add(item Item) {
	if !d.take() {
		return
	}
	if n := len(d.items); n == cap(d.items) {
		d.items = append(make([]Item, 0, max(1, 2*n)), d.items...)
	}
	d.items = append(d.items, item)
}

// array hands each element to read with its path; anything but an array is one
// broken item, so that nothing is lost in silence.
func (d *decoder) array(path string, read func(path string)) {
	switch d.peek() {
	case '[':
		for n := range d.elements() {
			if d.full {
				continue
			}
			read(path + "[" + strconv.Itoa(n) + "]")
		}
	case 'n':
	case '{': // stands for an array of one
		if read != nil {
			read(path + "[0]")
			return
		}
		fallthrough
	default:
		d.add(Item{Path: path, Raw: d.raw(), Err: errArray})
	}
}

func (d *decoder) entry(path string) {
	if !d.at('{') {
		d.add(Item{Path: path, Raw: d.raw(), Err: errObject})
		return
	}
	first, start, waba, changes := len(d.items), d.i, "", false
	for key := range d.members("entry") {
		switch string(key) {
		case "id":
			waba = d.text()
		case "changes":
			changes = true
			d.array(path+".changes", d.change)
		case "time", "uid":
			d.skip()
		}
	}
	if !changes {
		d.add(Item{Path: path, Raw: d.b[start:d.i:d.i], Err: errEntry})
	}
	for i := range d.items[first:] {
		d.items[first+i].WABA = waba
	}
}

// change reads the field first, which usually follows the value it explains.
func (d *decoder) change(path string) {
	start, value := d.i, -1
	field, named := "", false
	for key := range d.members("changes") {
		switch string(key) {
		case "field":
			field = d.text()
			named = field != ""
		case "value":
			value = d.i
			d.skip()
		}
	}
	if d.i == start {
		d.add(Item{Path: path, Raw: d.raw(), Err: errObject})
		return
	}
	end := d.i
	if value < 0 || d.b[value] != '{' {
		d.add(Item{Path: path, Field: field, Raw: d.b[start:end:end], Err: errValue})
		return
	}
	d.i = value
	if field == FieldMessages || !named && d.hasMessages() {
		d.messages(path)
	} else if field == FieldEchoes {
		d.echoes(path)
	} else {
		d.other(path, field)
	}
	d.i = end
}

// hasMessages tells whether the value ahead is one of messages, though nothing says so.
func (d *decoder) hasMessages() (has bool) {
	ahead := reader{b: d.b, i: d.i}
	for key := range ahead.members("value") {
		has = has || string(key) == "messages" || string(key) == "statuses"
	}
	return has
}

// messages reads a value of the field "messages".
func (d *decoder) messages(path string) {
	first, start := len(d.items), d.i
	var number metadata
	var contacts []Contact
	for key := range d.members("value") {
		switch string(key) {
		case "metadata":
			number = d.metadata()
		case "contacts":
			contacts = list(&d.reader, MaxItems, d.contact)
		case "messages":
			d.array(path+".messages", d.messageItem)
		case "statuses":
			d.array(path+".statuses", d.statusItem)
		case "errors":
			d.errorsItem(path + ".errors")
		case "messaging_product":
			d.skip()
		}
	}
	if len(d.items) == first {
		raw := d.b[start:d.i:d.i]
		d.add(Item{Path: path, Raw: raw, Other: &Other{Field: FieldMessages, Raw: raw}})
	}
	mine := d.items[first:]
	for i := range mine {
		mine[i].Field = FieldMessages
		mine[i].PhoneNumberID, mine[i].DisplayPhone = number.id, number.display
	}
	join(contacts, mine)
}

func (d *decoder) messageItem(path string) {
	start := d.i
	m, err := d.message()
	if d.i == start {
		d.skip()
	}
	d.add(Item{Path: path, Raw: d.b[start:d.i:d.i], Message: m, Err: err})
}

func (d *decoder) statusItem(path string) {
	start := d.i
	s, err := d.status()
	if d.i == start {
		d.skip()
	}
	d.add(Item{Path: path, Raw: d.b[start:d.i:d.i], Status: s, Err: err})
}

func (d *decoder) errorsItem(path string) {
	start := d.i
	errs := d.errors()
	if d.i == start {
		d.array(path, nil)
		return
	}
	if len(errs) > 0 {
		d.add(Item{Path: path, Raw: d.b[start:d.i:d.i], Errors: errs})
	}
}

// other keeps a value whole and looks only for the number it concerns.
func (d *decoder) other(path, field string) {
	if !knownFields[field] {
		d.count("field", []byte(field))
	}
	var number metadata
	start := d.i
	for key := range d.members("value") {
		if string(key) == "metadata" && d.at('{') {
			number = d.metadata()
		} else {
			d.skip()
		}
	}
	raw := d.b[start:d.i:d.i]
	d.add(Item{
		Path: path, Field: field, PhoneNumberID: number.id, DisplayPhone: number.display,
		Raw: raw, Other: &Other{Field: field, Raw: raw},
	})
}

type metadata struct{ id, display string }

func (r *reader) metadata() (m metadata) {
	for key := range r.members("metadata") {
		switch string(key) {
		case "phone_number_id":
			m.id = r.text()
		case "display_phone_number":
			m.display = r.text()
		}
	}
	return m
}

// knownFields are the webhook fields Meta documents; another one is counted.
// Source: Meta, "Webhooks: reference" and its changelog up to August 2026.
var knownFields = map[string]bool{
	"account_alerts": true, "account_review_update": true, "account_settings_update": true,
	"account_update": true, "automatic_events": true, "business_capability_update": true,
	"business_username_update": true, "business_username_updates": true, "calls": true,
	"flows": true, "group_lifecycle_update": true, "group_participant_update": true,
	"group_participants_update": true, "group_settings_update": true, "group_status_update": true,
	"history": true, "message_template_components_update": true,
	"message_template_quality_update": true, "message_template_status_update": true,
	"messaging_handovers": true, "partner_solutions": true, "payment_configuration_update": true,
	"phone_number_name_update": true, "phone_number_quality_update": true, "security": true,
	"smb_app_state_sync": true, "smb_message_echoes": true, "standby": true,
	"template_category_update": true, "user_id_update": true, "user_preferences": true,
}
