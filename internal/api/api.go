package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"botschaft/internal/auth"
	"botschaft/internal/desk"
	"botschaft/internal/inbox"
	"botschaft/internal/live"
	"botschaft/internal/settings"
)

// Uses are what the API answers with.
type Uses struct {
	Authenticator *auth.Authenticator
	Entrance      *auth.Entrance
	People        *auth.People
	Inbox         *inbox.Inbox
	Settings      *settings.Settings
	Oversight     Oversight
	Protection    Protection
	Evidence      Evidence
	Tasks         Tasks
	Letters       Letters
	Files         Files
	Uploads       Uploads
	Alerts        Alerts
	Prices        desk.PriceTable
	Verification  Verifying
	Feed          *live.Feed[inbox.News]
	FeedName      string                               // of the present feed of events
	LastEvent     func(context.Context) (int64, error) // number of the newest event
	Client        func(*http.Request) netip.Addr       // where a request comes from
	Stream        func(http.Handler) http.Handler      // marks an answer without end
	Secure        bool                                 // people come by https
	PublicURL     string                               // by which people come; without a final slash
	Now           func() time.Time
	Log           *slog.Logger
	Version       string
	TimeZone      string // by which the house shows times
}

// API serves /api/v1.
type API struct {
	Uses
	mux  *http.ServeMux
	huma huma.API
	beat time.Duration // of silent streams
}

var useProblems sync.Once

// New makes the API with all its operations.
func New(u Uses) *API {
	useProblems.Do(func() { huma.NewError, huma.NewErrorWithContext = newProblem, problemIn })
	a := &API{Uses: u, mux: http.NewServeMux(), beat: heartbeat}
	a.huma = humago.New(a.mux, describe(u.Version))
	a.sessions()
	a.preferences()
	a.agents()
	a.invitations()
	a.tokens()
	a.conversations()
	a.messages()
	a.controllers()
	a.inboxes()
	a.register()
	a.terms()
	a.approvals()
	a.notices()
	a.grounds()
	a.consents()
	a.evidence()
	a.refusals()
	a.destinations()
	a.tasks()
	a.alerts()
	a.charges()
	a.deliveries()
	a.oversight()
	a.thread()
	a.files()
	a.uploads()
	a.work()
	a.assurance()
	a.attention()
	a.counts()
	a.events()
	return a
}

// describe is the frame of the OpenAPI document.
func describe(version string) huma.Config {
	c := huma.DefaultConfig("Botschaft", version)
	c.Info.Description = "Answers WhatsApp for an organisation that answers to the GDPR. Lists come newest first, " +
		"in pages: pass next as cursor. Errors are application/problem+json (RFC 9457) with a stable code."
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/api/v1/openapi", "", "", nil
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "botschaft", Description: "POST /api/v1/session sets it; by https its name is __Host-botschaft."},
		"token":   {Type: "http", Scheme: "bearer", Description: "botschaft token create"},
	}
	return c
}

// OpenAPI gives the document as JSON.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().MarshalJSON() }

// ServeHTTP answers below /api/v1. What matches nothing, or not with this method, is
// the server's to put into a problem.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }
