package whatsapp

// FieldEchoes is the webhook field that carries what was written in the WhatsApp Business app,
// or on a device that is linked to it, by a number that is used there, too.
// Source: Meta, "Onboarding WhatsApp Business app users": webhooks.
const FieldEchoes = "smb_message_echoes"

// echoes reads a value of the field "smb_message_echoes".
func (d *decoder) echoes(path string) {
	first, start := len(d.items), d.i
	var number metadata
	for key := range d.members("value") {
		switch string(key) {
		case "metadata":
			number = d.metadata()
		case "message_echoes":
			d.array(path+".message_echoes", d.messageItem)
		case "messaging_product", "contacts":
			d.skip()
		}
	}
	if len(d.items) == first {
		raw := d.b[start:d.i:d.i]
		d.add(Item{Path: path, Raw: raw, Other: &Other{Field: FieldEchoes, Raw: raw}})
	}
	mine := d.items[first:]
	for i := range mine {
		it := &mine[i]
		it.Field, it.PhoneNumberID, it.DisplayPhone = FieldEchoes, number.id, number.display
		if m := it.Message; m != nil {
			scoped(&m.To, &m.ToUserID, &m.ToParentUserID)
			m.Contact = Contact{WAID: m.To, UserID: m.ToUserID, ParentUserID: m.ToParentUserID}
			it.Message, it.Echo = nil, m
		}
	}
}
