package whatsapp

// Media is a file the person sent: fetched by ID, which stays valid for seven
// days after the webhook. MIME and Filename are the sender's claims.
// Source: Meta, "Webhooks: image, video, audio, document and sticker messages".
type Media struct {
	// ID asks the Graph API for a URL; empty only if Errors say why.
	ID string
	// MIME may carry parameters: "audio/ogg; codecs=opus".
	MIME string
	// SHA256 of the file, in base64 in webhooks.
	SHA256 string
	// Filename is the name of a document on the sender's device.
	Filename string
	Caption  string
	// Voice is true for a recording made in WhatsApp, Animated for a moving sticker.
	Voice, Animated bool
	// URL is short-lived, needs the access token, and is often missing.
	URL string
}

func (r *reader) media(scope string) *Media {
	if !r.at('{') {
		return nil
	}
	m := &Media{}
	for key := range r.members(scope) {
		switch string(key) {
		case "id":
			m.ID = r.text()
		case "mime_type":
			m.MIME = r.text()
		case "sha256":
			m.SHA256 = r.text()
		case "filename":
			m.Filename = r.text()
		case "caption":
			m.Caption = r.text()
		case "voice":
			m.Voice = r.boolean()
		case "animated":
			m.Animated = r.boolean()
		case "url":
			m.URL = r.text()
		}
	}
	return m
}
