package channel

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

func said(s string) private.Text { return private.NewText(s) }

// compositions are one of each sort, as an Agent composes them.
func compositions() map[string]struct {
	kind desk.Kind
	text string
	made desk.Composition
} {
	type one = struct {
		kind desk.Kind
		text string
		made desk.Composition
	}
	offer := func(text string, o desk.Offer) one {
		return one{desk.KindInteractive, text, desk.Composition{Offer: &o}}
	}
	return map[string]one{
		"a place": {desk.KindLocation, "", desk.Composition{Location: &desk.Location{Latitude: 50.9, Longitude: 6.9, Name: said("Dom"), Address: said("Domplatz")}}},
		"a card": {desk.KindContacts, "", desk.Composition{Cards: []desk.Card{{
			Name: said("Service"), Work: said("Muster"), Phones: []private.Text{said("+4930")}, Emails: []private.Text{said("a@b.example")},
			URLs: []private.Text{said("https://b.example")}, Addresses: []private.Text{said("Weg 1")}, Birthday: said("1990-01-31"),
		}}}},
		"a list": offer("Worum?", desk.Offer{Footer: said("Werktags"), List: &desk.List{Label: said("Auswahl"), Sections: []desk.Section{
			{Title: said("Eins"), Rows: []desk.Row{{ID: "a", Title: said("A"), Description: said("mehr")}}}, {Title: said("Zwei"), Rows: []desk.Row{{ID: "b", Title: said("B")}}},
		}}}),
		"a line above":        offer("Passt es?", desk.Offer{Header: said("Ihr Termin"), Link: &desk.Link{Label: said("Ja"), URL: said("https://portal.example")}}),
		"a link":              offer("Hier", desk.Offer{Link: &desk.Link{Label: said("Portal"), URL: said("https://portal.example")}}),
		"a form":              offer("Bitte", desk.Offer{Form: &desk.Form{ID: "77", Screen: "START", Label: said("Ausfüllen")}}),
		"a form by name":      offer("Bitte", desk.Offer{Form: &desk.Form{Name: "schaden", Label: said("Ausfüllen")}}),
		"asking for a place":  offer("Wo?", desk.Offer{Asks: desk.AskedLocation}),
		"asking for a number": offer("Wer?", desk.Offer{Asks: desk.AskedContact}),
		"a template": {desk.KindTemplate, "", desk.Composition{Template: &desk.Template{
			Name: "termin", Language: "de", Header: []desk.Value{{Name: "wer", Text: said("Anna")}}, Body: []desk.Value{{Name: "tag", Text: said("Montag")}},
			Buttons: []desk.TemplateButton{{Index: 0, Kind: desk.TemplateReply, Value: said("ok")}, {Index: 1, Kind: desk.TemplateURL, Value: said("x1")}},
		}}},
		"a template with a document": {desk.KindTemplate, "", desk.Composition{
			Template: &desk.Template{Name: "police", Language: "de", Body: []desk.Value{{Text: said("Anna")}}},
			File:     &desk.SentFile{Kind: desk.KindDocument, Name: said("Police.pdf"), Type: "application/pdf"},
		}},
		"a template with a picture": {desk.KindTemplate, "", desk.Composition{
			Template: &desk.Template{Name: "gruss", Language: "de"}, File: &desk.SentFile{Kind: desk.KindImage, Type: "image/png"},
		}},
		"a template with a film": {desk.KindTemplate, "", desk.Composition{
			Template: &desk.Template{Name: "film", Language: "de"}, File: &desk.SentFile{Kind: desk.KindVideo, Type: "video/mp4"},
		}},
		"a template with a place": {desk.KindTemplate, "", desk.Composition{Template: &desk.Template{
			Name: "anfahrt", Language: "de", Place: &desk.Location{Latitude: 50.9, Longitude: 6.9, Name: said("Büro")},
			Buttons: []desk.TemplateButton{{Index: 2, Kind: desk.TemplateCode, Value: said("KFZ-2026")}},
		}}},
	}
}

// What was composed is shown again as it was composed.
func TestComposedIsShownAgain(t *testing.T) {
	for name, c := range compositions() {
		content, err := (*WhatsApp)(nil).Compose(c.kind, said(c.text), c.made)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := Details(content)
		want := desk.Details{Location: c.made.Location, Cards: c.made.Cards, Offer: c.made.Offer, Template: c.made.Template}
		if f := c.made.File; f != nil {
			want.File = &desk.File{Name: f.Name}
			if got.File == nil {
				t.Errorf("%s: its file is not told", name)
			}
		}
		if a, b := written(reflect.ValueOf(got)), written(reflect.ValueOf(want)); a != b {
			t.Errorf("%s: got  %s\nwant %s", name, a, b)
		}
	}
}

// written writes a value with its private texts readable, and without what is empty.
func written(v reflect.Value) string {
	if text, ok := v.Interface().(private.Text); ok {
		return text.Reveal()
	}
	var b strings.Builder
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return written(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if s := written(v.Field(i)); s != "" {
				b.WriteString(v.Type().Field(i).Name + ":" + s + ";")
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			b.WriteString("[" + written(v.Index(i)) + "]")
		}
	default:
		if !v.IsZero() {
			fmt.Fprint(&b, v.Interface())
		}
	}
	return b.String()
}

// above is a Template below a file.
func above(kind desk.Kind, mediaType, name string) desk.Composition {
	return desk.Composition{Template: &desk.Template{Name: "x", Language: "de"}, File: &desk.SentFile{Kind: kind, Type: mediaType, Name: said(name)}}
}

// What WhatsApp would refuse is refused with our name of the field.
func TestComposeNamesTheField(t *testing.T) {
	long := said(strings.Repeat("ä", 25))
	for field, c := range map[string]struct {
		kind desk.Kind
		text string
		made desk.Composition
	}{
		"kind":                             {desk.KindOrder, "", desk.Composition{}},
		"emoji: does":                      {desk.KindText, "x", desk.Composition{Emoji: said("👍")}},
		"text: does":                       {desk.KindTemplate, "x", desk.Composition{Template: &desk.Template{Name: "x", Language: "de"}}},
		"text":                             {desk.KindInteractive, "", desk.Composition{Offer: &desk.Offer{Asks: desk.AskedLocation}}},
		"location.latitude":                {desk.KindLocation, "", desk.Composition{Location: &desk.Location{Latitude: 91}}},
		"cards.name":                       {desk.KindContacts, "", desk.Composition{Cards: []desk.Card{{}}}},
		"offer.buttons.title":              {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{Buttons: []desk.Button{{ID: "a", Title: long}}}}},
		"offer.list.label":                 {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{List: &desk.List{Label: long}}}},
		"offer.list.sections.rows":         {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{List: &desk.List{Label: said("x"), Sections: []desk.Section{{}}}}}},
		"offer.link.url":                   {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{Link: &desk.Link{Label: said("x"), URL: said("ftp://x")}}}},
		"offer.header":                     {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{Header: said(strings.Repeat("x", 61)), Buttons: []desk.Button{{ID: "a", Title: said("A")}}}}},
		"offer.header: does not stand":     {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{Header: said("x"), Asks: desk.AskedLocation}}},
		"offer.header: of a list":          {desk.KindInteractive, "?", desk.Composition{File: &desk.SentFile{Kind: desk.KindImage, Type: "image/png"}, Offer: &desk.Offer{List: &desk.List{}}}},
		"offer.image.filename":             {desk.KindInteractive, "?", desk.Composition{File: &desk.SentFile{Kind: desk.KindImage, Type: "image/png", Name: said("x")}, Offer: &desk.Offer{Asks: ""}}},
		"offer.document.file":              {desk.KindInteractive, "?", desk.Composition{File: &desk.SentFile{Kind: desk.KindDocument, Type: "text/plain"}, Offer: &desk.Offer{}}},
		"offer.footer":                     {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{Footer: said(strings.Repeat("x", 61)), Asks: desk.AskedLocation}}},
		"emoji":                            {desk.KindReaction, "", desk.Composition{Emoji: said(strings.Repeat("x", 33))}},
		"offer.form.label":                 {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{Form: &desk.Form{ID: "1", Label: said(strings.Repeat("x", 31))}}}},
		"offer.form.id":                    {desk.KindInteractive, "?", desk.Composition{Offer: &desk.Offer{Form: &desk.Form{Label: said("x")}}}},
		"template.place.longitude":         {desk.KindTemplate, "", desk.Composition{Template: &desk.Template{Name: "x", Language: "de", Place: &desk.Location{Longitude: 181}}}},
		"template.header: is of two kinds": {desk.KindTemplate, "", desk.Composition{Template: &desk.Template{Name: "x", Language: "de", Place: &desk.Location{}, Header: []desk.Value{{Text: said("x")}}}}},
		"template.header: is of two": {desk.KindTemplate, "", desk.Composition{
			Template: &desk.Template{Name: "x", Language: "de", Place: &desk.Location{}}, File: &desk.SentFile{Kind: desk.KindImage, Type: "image/png"},
		}},
		"template.document.file: cannot":       {desk.KindTemplate, "", above(desk.KindDocument, "text/plain", "")},
		"template.document.file: is of":        {desk.KindTemplate, "", above(desk.KindDocument, "image/png", "")},
		"template.image.file: cannot":          {desk.KindTemplate, "", above(desk.KindImage, "image/webp", "")},
		"template.video.file: is of":           {desk.KindTemplate, "", above(desk.KindVideo, "application/pdf", "")},
		"template.image.filename: belongs":     {desk.KindTemplate, "", above(desk.KindImage, "image/png", "x.png")},
		"template.document.filename: is long":  {desk.KindTemplate, "", above(desk.KindDocument, "application/pdf", strings.Repeat("x", 241))},
		"template.components.parameters: have": {desk.KindTemplate, "", above(desk.KindAudio, "", "")},
		"template.buttons.value":               {desk.KindTemplate, "", desk.Composition{Template: &desk.Template{Name: "x", Language: "de", Buttons: []desk.TemplateButton{{Kind: desk.TemplateCode, Value: said(strings.Repeat("x", 16))}}}}},
		"template.language.code":               {desk.KindTemplate, "", desk.Composition{Template: &desk.Template{Name: "x"}}},
	} {
		_, err := (*WhatsApp)(nil).Compose(c.kind, said(c.text), c.made)
		if desk.CodeOf(err) != desk.CodeInvalid || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
