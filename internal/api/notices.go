package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/settings"
)

// NoticeSection is a part of layer 2.
type NoticeSection struct {
	Item  string   `json:"item" doc:"Of GDPR Art. 13; 21(4) stands apart."`
	Title string   `json:"title"`
	Text  []string `json:"text" nullable:"false"`
}

// NoticeText is a Notice in one language.
type NoticeText struct {
	Language string          `json:"language" enum:"de,en"`
	Short    string          `json:"short" doc:"Layer 1, as it goes out but for the address of layer 2."`
	Sections []NoticeSection `json:"sections" nullable:"false"`
	Digest   string          `json:"digest" doc:"SHA-256 of every letter."`
}

// NoticeVersion is one that is or was in use.
type NoticeVersion struct {
	NoticeText
	Version  int64     `json:"version"`
	Tone     string    `json:"tone" enum:"sie,du"`
	At       time.Time `json:"at" doc:"Since when it was in use."`
	By       string    `json:"by" doc:"Id of the Agent, or the kind of Actor."`
	Material bool      `json:"material" doc:"People who had seen an older one were shown this one, too."`
}

// NoticeDraft is what the register would give today.
type NoticeDraft struct {
	NoticeText
	Problems []NoticeProblem `json:"problems" nullable:"false" doc:"Why it cannot be put to use; none: it can."`
	InUse    int64           `json:"in_use" doc:"Version in use; 0 if there is none."`
	Stale    bool            `json:"stale" doc:"The one in use says something else."`
	Lines    []NoticeLine    `json:"lines" nullable:"false" doc:"What people are told beside it when they send something."`
}

// NoticeLine is what people are told on an Occasion, once for each version in matter and for
// twelve months.
type NoticeLine struct {
	On       desk.Occasion   `json:"on" enum:"photo,voice,document,location,bot,translation" doc:"Nobody starts a bot or translates yet."`
	Text     string          `json:"text"`
	Problems []NoticeProblem `json:"problems" nullable:"false" doc:"Why it is not told; none: it is."`
}

// NoticeProblem is what keeps a Notice from being put to use.
type NoticeProblem struct {
	Item string `json:"item"`
	Text string `json:"text"`
}

type (
	inboxInput struct {
		ID string `path:"id" format:"uuid"`
	}
	noticeOutput struct {
		Body struct {
			Page   string          `json:"page" doc:"Where everybody reads layer 2."`
			Drafts []NoticeDraft   `json:"drafts" nullable:"false"`
			Used   []NoticeVersion `json:"used" nullable:"false" doc:"Every version, the newest first."`
		}
	}
	activateInput struct {
		ID   string `path:"id" format:"uuid"`
		Body struct {
			Material bool `json:"material" doc:"Show it to people who have seen an older one, too."`
		}
	}
)

func (a *API) notices() {
	register(a, operation("notice-get", http.MethodGet, "/inboxes/{id}/notice", "The Notice of an Inbox: what the register gives today, and every version that was in use (GDPR Art. 13)", http.StatusOK),
		auth.ReadGovernance, a.getNotice)
	register(a, operation("notice-activate", http.MethodPost, "/inboxes/{id}/notice", "Put to use what the register gives today", http.StatusNoContent),
		auth.ChangeSettings, a.activateNotice)
}

// inboxWithin finds an Inbox in the caller's Scope.
func (a *API) inboxWithin(ctx context.Context, x *exchange, text string) (desk.Inbox, error) {
	id, err := desk.ParseID[desk.Inbox](text)
	if err != nil {
		return desk.Inbox{}, desk.NotFound("inbox")
	}
	inbox, err := a.Settings.Inbox(ctx, id)
	if err != nil {
		return inbox, err
	}
	if _, err := a.controllerWithin(ctx, x, inbox.Controller.String()); err != nil {
		return inbox, desk.NotFound("inbox")
	}
	return inbox, nil
}

func (a *API) getNotice(ctx context.Context, x *exchange, in *inboxInput) (*noticeOutput, error) {
	inbox, err := a.inboxWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	drafts, err := a.Settings.DraftNotice(ctx, inbox.ID)
	if err != nil {
		return nil, err
	}
	used, err := a.Settings.Notices(ctx, inbox.ID)
	if err != nil {
		return nil, err
	}
	out := &noticeOutput{}
	out.Body.Page, out.Body.Drafts, out.Body.Used = a.PublicURL+inbox.NoticePath(), []NoticeDraft{}, []NoticeVersion{}
	for _, d := range drafts {
		v := NoticeDraft{NoticeText: noticeText(d.Language, d.Notice), Problems: noticeProblems(d.Problems), Stale: d.Stale, Lines: []NoticeLine{}}
		for _, l := range d.Lines {
			v.Lines = append(v.Lines, NoticeLine{l.On, l.Text, noticeProblems(l.Problems)})
		}
		if d.InUse != nil {
			v.InUse = d.InUse.Version
		}
		out.Body.Drafts = append(out.Body.Drafts, v)
	}
	for _, n := range used {
		text := settings.NoticeText{Short: n.Short}
		if err := json.Unmarshal([]byte(n.Long), &text.Long); err != nil {
			return nil, err
		}
		v := NoticeVersion{NoticeText: noticeText(n.Language, text), Version: n.Version, Tone: n.Tone, At: n.At, By: n.By, Material: n.Material}
		v.Digest = n.Digest
		out.Body.Used = append(out.Body.Used, v)
	}
	return out, nil
}

func noticeProblems(all []settings.NoticeProblem) []NoticeProblem {
	v := make([]NoticeProblem, len(all))
	for i, p := range all {
		v[i] = NoticeProblem(p)
	}
	return v
}

func noticeText(language string, n settings.NoticeText) NoticeText {
	v := NoticeText{Language: language, Short: n.Short, Sections: make([]NoticeSection, len(n.Long)), Digest: n.Digest()}
	for i, s := range n.Long {
		v.Sections[i] = NoticeSection(s)
	}
	return v
}

func (a *API) activateNotice(ctx context.Context, x *exchange, in *activateInput) (*none, error) {
	inbox, err := a.inboxWithin(ctx, x, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Settings.ActivateNotice(ctx, x.who.Actor(), inbox.ID, in.Body.Material)
}
