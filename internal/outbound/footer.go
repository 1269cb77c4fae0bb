package outbound

import (
	"context"

	"botschaft/internal/desk"
	"botschaft/internal/papers"
	"botschaft/internal/policy"
	"botschaft/internal/private"
	"botschaft/internal/store"
)

func (s Submission) advertises() bool { return s.Class == string(policy.ClassAdvertising) }

// longest is how long the text may be, in characters: what advertises has a Footer.
func (s Submission) longest() int {
	if s.advertises() {
		return MaxText - papers.MaxFooter - len(footerGap)
	}
	return MaxText
}

const footerGap = "\n\n"

// withFooter says under what advertises who writes and how it ends, in the Contact's language.
func (g *Gate) withFooter(ctx context.Context, c desk.Conversation, text private.Text) (private.Text, error) {
	register, err := store.RegisterNow(ctx, g.store.Read(), c.Controller, g.store.Now())
	if err != nil {
		return text, err
	}
	language, err := g.wordsFor(ctx, c.Contact)
	footer := papers.Footer(papers.NoticeFacts{Controller: register.Controller, Language: language})
	return private.NewText(text.Reveal() + footerGap + footer), err
}
