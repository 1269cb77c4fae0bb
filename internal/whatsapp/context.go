package whatsapp

// Context says what a message refers to: the message it answers, that it was
// forwarded, or the product it asks about.
// Source: Meta, "Webhooks: messages webhook reference".
type Context struct {
	// From and ID name the message answered: its sender (digits, or a BSUID) and its wamid.
	From, ID string
	// Forwarded messages were not written by their sender;
	// FrequentlyForwarded ones passed more than five hands.
	Forwarded, FrequentlyForwarded bool
	// CatalogID and ProductID name a product the person asks about.
	CatalogID, ProductID string
}

func (r *reader) context() *Context {
	if !r.at('{') {
		return nil
	}
	c := &Context{}
	for key := range r.members("context") {
		switch string(key) {
		case "from":
			c.From = r.text()
		case "id":
			c.ID = r.text()
		case "forwarded":
			c.Forwarded = r.boolean()
		case "frequently_forwarded":
			c.FrequentlyForwarded = r.boolean()
		case "referred_product":
			for key := range r.members("referred_product") {
				switch string(key) {
				case "catalog_id":
					c.CatalogID = r.text()
				case "product_retailer_id":
					c.ProductID = r.text()
				}
			}
		}
	}
	return c
}

// Referral says which advertisement or post brought the person.
// Source: Meta, "Webhooks: text messages", click-to-WhatsApp ads.
type Referral struct {
	// SourceURL, SourceID and SourceType ("ad", "post") name the advertisement.
	SourceURL, SourceID, SourceType string
	// Headline and Body are its text, Welcome the greeting shown in the chat.
	Headline, Body, Welcome string
	// MediaType is "image" or "video"; the URLs point to it.
	MediaType, ImageURL, VideoURL, ThumbnailURL string
	// ClickID (ctwa_clid) identifies the click for advertising purposes.
	ClickID string
}

func (r *reader) referral() *Referral {
	if !r.at('{') {
		return nil
	}
	f := &Referral{}
	for key := range r.members("referral") {
		switch string(key) {
		case "source_url":
			f.SourceURL = r.text()
		case "source_id":
			f.SourceID = r.text()
		case "source_type":
			f.SourceType = r.text()
		case "headline":
			f.Headline = r.text()
		case "body":
			f.Body = r.text()
		case "welcome_message":
			for key := range r.members("welcome_message") {
				if string(key) == "text" {
					f.Welcome = r.text()
				}
			}
		case "media_type":
			f.MediaType = r.text()
		case "image_url":
			f.ImageURL = r.text()
		case "video_url":
			f.VideoURL = r.text()
		case "thumbnail_url":
			f.ThumbnailURL = r.text()
		case "ctwa_clid":
			f.ClickID = r.text()
		}
	}
	return f
}
