package api

import (
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// Details are what a Message holds beside its text, as the provider told it.
type Details struct {
	File      Maybe[FileView]     `json:"file"`
	Location  Maybe[LocationView] `json:"location"`
	Cards     []CardView          `json:"cards" nullable:"false" doc:"Contact cards that were shared."`
	Choice    Maybe[ChoiceView]   `json:"choice" doc:"The row of a list that was chosen."`
	Answers   []AnswerView        `json:"answers" nullable:"false" doc:"Of a form that was filled in."`
	Products  []ProductView       `json:"products" nullable:"false" doc:"Of an order."`
	Referral  Maybe[ReferralView] `json:"referral" doc:"The advertisement or post that the contact came by."`
	Forwarded string              `json:"forwarded" enum:",forwarded,frequently_forwarded" doc:"Somebody else wrote it; empty: not that we know."`
	System    string              `json:"system" enum:",new_number,new_user_id,new_identity,other" doc:"What WhatsApp tells about the contact."`
	Why       string              `json:"why" doc:"The provider's word for what it cannot hand over, such as poll."`
	Offer     Maybe[OfferPart]    `json:"offer" doc:"Of ours: what can be tapped, beside the buttons."`
	Template  Maybe[TemplatePart] `json:"template" doc:"Of ours."`
}

type (
	// FileView is a picture, a recording, a film, a document or a sticker.
	FileView struct {
		Name     string `json:"name" doc:"On the sender's device: not to be trusted."`
		Type     string `json:"type" doc:"As announced: not to be trusted." example:"image/jpeg"`
		Voice    bool   `json:"voice" doc:"Recorded in WhatsApp."`
		Animated bool   `json:"animated" doc:"A sticker that moves."`

		State     string               `json:"state" enum:"waiting,fetched,failed,gone" doc:"Whether it is here: it is being fetched or will be tried again; it is here; it is tried no more unasked; the provider has it no more."`
		Why       string               `json:"why" enum:",unreachable,refused,missing,altered,too_large,no_place,over,before,unwanted" doc:"Why it is not here; empty: it is, or was not tried yet."`
		Since     Maybe[time.Time]     `json:"since" doc:"Since when it is so."`
		AskUntil  Maybe[time.Time]     `json:"ask_until" doc:"Until when it can be asked for: POST …/file/attempts; null: it cannot."`
		Size      int64                `json:"size" doc:"Bytes; 0 while it is not here."`
		Is        string               `json:"is" doc:"Media type by what stands in it; empty while it is not here." example:"image/jpeg"`
		Shows     string               `json:"shows" enum:",picture,sound,film" doc:"How a browser may show it; empty: it is only handed out to be kept."`
		Seconds   float64              `json:"seconds" doc:"How long a recording lasts; 0: not known."`
		Thumbnail Maybe[ThumbnailView] `json:"thumbnail"`
		Scanned   bool                 `json:"scanned" doc:"Whether it was looked through for malware: no, as yet."`
	}
	// ThumbnailView is a small picture of a picture.
	ThumbnailView struct {
		Width  int `json:"width" doc:"Points."`
		Height int `json:"height"`
	}
	// LocationView is a place on the earth.
	LocationView struct {
		Latitude  float64 `json:"latitude" doc:"Degrees, WGS 84."`
		Longitude float64 `json:"longitude"`
		Name      string  `json:"name"`
		Address   string  `json:"address"`
	}
	// CardView is a contact card.
	CardView struct {
		Name      string   `json:"name"`
		Work      string   `json:"work" doc:"Company, department and title."`
		Phones    []string `json:"phones" nullable:"false"`
		Emails    []string `json:"emails" nullable:"false"`
		Addresses []string `json:"addresses" nullable:"false"`
		URLs      []string `json:"urls" nullable:"false"`
		Birthday  string   `json:"birthday"`
		Own       bool     `json:"own" doc:"It proves the sender's own number: given in answer to a request for it. Any other card may be about anybody."`
	}
	// ChoiceView is a row that was chosen.
	ChoiceView struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	}
	// AnswerView is one line of a form.
	AnswerView struct {
		Field string `json:"field"`
		Value string `json:"value"`
	}
	// ProductView is one line of an order.
	ProductView struct {
		ID       string `json:"id"`
		Quantity string `json:"quantity"`
		Price    string `json:"price" doc:"Per piece, in the currency's unit."`
		Currency string `json:"currency" example:"EUR"`
	}
	// ReferralView is the advertisement or post by which a contact came.
	ReferralView struct {
		Headline string `json:"headline"`
		Body     string `json:"body"`
		URL      string `json:"url"`
		Kind     string `json:"kind" example:"ad"`
	}
)

// detailsView is null where the text is all there is.
func detailsView(d *desk.Details, file *desk.Attachment) Maybe[Details] {
	if d.IsEmpty() {
		return Maybe[Details]{}
	}
	v := Details{
		Cards: make([]CardView, len(d.Cards)), Answers: make([]AnswerView, len(d.Answers)), Products: []ProductView{},
		Forwarded: string(d.Forwarded), System: string(d.System), Why: d.Why,
	}
	if f := d.File; f != nil {
		v.File = some(fileView(f, file))
	}
	if l := d.Location; l != nil {
		v.Location = some(LocationView{l.Latitude, l.Longitude, l.Name.Reveal(), l.Address.Reveal()})
	}
	for i := range d.Cards {
		v.Cards[i] = cardView(&d.Cards[i])
	}
	if c := d.Choice; c != nil {
		v.Choice = some(ChoiceView{c.Title.Reveal(), c.Description.Reveal()})
	}
	for i, a := range d.Answers {
		v.Answers[i] = AnswerView{a.Field.Reveal(), a.Value.Reveal()}
	}
	if d.Order != nil {
		for _, p := range d.Order.Products {
			v.Products = append(v.Products, ProductView(p))
		}
	}
	if r := d.Referral; r != nil {
		v.Referral = some(ReferralView{r.Headline.Reveal(), r.Body.Reveal(), r.URL, r.Kind})
	}
	if d.Offer != nil {
		v.Offer = some(offerPart(d.Offer))
	}
	if d.Template != nil {
		v.Template = some(templatePart(d.Template))
	}
	return some(v)
}

// fileView tells of a file that nobody ever asked for as of one that is not there.
func fileView(f *desk.File, a *desk.Attachment) FileView {
	v := FileView{
		Name: f.Name.Reveal(), Type: f.Type, Voice: f.Voice, Animated: f.Animated,
		State: string(desk.AttachmentGone), Why: string(desk.FileBefore),
	}
	if a == nil {
		return v
	}
	v.State, v.Why, v.Since = string(a.State), string(a.Why), some(a.At)
	if a.CanBeAsked(a.At) {
		v.AskUntil = some(a.Until)
	}
	if a.State != desk.AttachmentFetched {
		return v
	}
	v.Size, v.Is, v.Shows = a.Size, a.Type, string(desk.ShapeOf(a.Type))
	v.Seconds = a.Lasts.Seconds()
	if t := a.Thumbnail; t.Width > 0 {
		v.Thumbnail = some(ThumbnailView{t.Width, t.Height})
	}
	return v
}

func cardView(c *desk.Card) CardView {
	return CardView{
		Name: c.Name.Reveal(), Work: c.Work.Reveal(), Phones: revealed(c.Phones), Emails: revealed(c.Emails), Addresses: revealed(c.Addresses),
		URLs: revealed(c.URLs), Birthday: c.Birthday.Reveal(), Own: c.Own,
	}
}

func revealed(texts []private.Text) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = t.Reveal()
	}
	return out
}
