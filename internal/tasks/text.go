package tasks

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/render"
	"botschaft/internal/store"
)

// Text makes the information for the third person of a Task from the register of this moment,
// in a language (de, en), as a page or as PDF, to be sent by letter. desk.CodeConflict names
// what the register lacks for it (GDPR Art. 14(1) and (2)).
func (k *Tasks) Text(ctx context.Context, actor desk.Actor, scope desk.Scope, id desk.TaskID, language string, pdf bool) ([]byte, error) {
	t, err := k.get(ctx, scope, id)
	if err != nil {
		return nil, err
	}
	if t.Kind != desk.TaskThirdPerson {
		return nil, desk.Conflict("this task is about nobody who must be informed")
	}
	r, err := store.RegisterNow(ctx, k.store.Read(), t.Controller, k.store.Now())
	if err != nil {
		return nil, err
	}
	f := papers.ThirdFacts{Role: t.Role, NoticeFacts: papers.NoticeFacts{
		Controller: r.Controller, Recipients: r.Disclosed(), Language: papers.Language(language), Tone: papers.Tone(r.Policies.Tone),
		Footing: r.Footing(k.store.Today()),
	}}
	sections := papers.MakeThird(f)
	if problems := papers.LintThird(sections, f); len(problems) > 0 {
		return nil, desk.Conflict("the information is not complete: " + papers.Said(problems))
	}
	if err := k.openings.Open(ctx, desk.AuditEntry{
		Actor: actor, Act: desk.ActTaskTextOpened, Subject: "task:" + id.String(), Controller: t.Controller, Inbox: t.Inbox,
	}); err != nil {
		return nil, err
	}
	d := document(f, sections, t, k.store.Now().In(k.zone))
	var out bytes.Buffer
	if pdf {
		err = render.PDF(&out, d)
	} else {
		err = render.HTML(&out, d)
	}
	return out.Bytes(), err
}

// document lays the information out.
func document(f papers.ThirdFacts, sections []papers.Section, t desk.Task, now time.Time) render.Document {
	title, made, date := "Information for people who were mentioned to us", "As of %s · our reference: %s", "2 January 2006"
	if f.Language == papers.German {
		title, made, date = "Information für Personen, die uns genannt wurden", "Stand: %s · unser Zeichen: %s", "02.01.2006"
	}
	d := render.Document{
		Title: title, Language: string(f.Language), Date: now, Subtitle: f.Controller.Name, Intro: papers.ThirdIntro(f),
		Footer: []string{fmt.Sprintf(made, now.Format(date), t.ID)},
	}
	for _, s := range sections {
		d.Sections = append(d.Sections, render.Section{Title: s.Title, Text: s.Text, Apart: s.Item == "21(4)"})
	}
	return d
}
