package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/text/language"

	"botschaft/internal/auth"
	"botschaft/internal/httpd"
	"botschaft/internal/inbox"
)

// anybody is the right of operations that need no login, anyAgent of those that need
// nothing more.
const (
	anybody  auth.Right = "nobody"
	anyAgent auth.Right = "login"
)

// rightKey is where the OpenAPI document names the right an operation needs.
const rightKey = "x-right"

// exchange is one request and who asks.
type exchange struct {
	w   http.ResponseWriter
	r   *http.Request
	who auth.Principal
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// operation describes one; register adds the rest.
func operation(id, method, path, summary string, status int) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: "/api/v1" + path, Summary: summary, DefaultStatus: status}
}

// unattended marks an operation in its metadata.
const unattended = "unattended"

// byItself marks an operation that browsers ask for while nobody need sit there. It does
// not keep a Session alive, or none would ever end for being idle.
func byItself(op huma.Operation) huma.Operation {
	op.Metadata = map[string]any{unattended: true}
	return op
}

// register adds an operation that needs right. Who asks is known before the input is
// read.
func register[I, O any](a *API, op huma.Operation, right auth.Right, h func(context.Context, *exchange, *I) (*O, error)) {
	op.Extensions = map[string]any{rightKey: string(right)}
	if right != anybody {
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	}
	identify := a.Authenticator.Authenticate
	if op.Metadata[unattended] != nil {
		identify = a.Authenticator.Recognise
	}
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		who, err := a.admit(r, right, identify)
		if err != nil {
			httpd.WriteProblem(w, r, err)
			return
		}
		next(huma.WithValue(ctx, exchangeKey{}, &exchange{w, r, who}))
	})
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		x := exchangeOf(ctx)
		out, err := h(ctx, x, in)
		if err != nil {
			return nil, x.problem(err)
		}
		return out, nil
	})
}

// admit tells who asks, by one of the Authenticator's ways, if the right is theirs.
func (a *API) admit(r *http.Request, right auth.Right, identify func(context.Context, auth.Credentials) (auth.Principal, error)) (auth.Principal, error) {
	if right == anybody {
		return auth.Principal{}, nil
	}
	who, err := identify(r.Context(), auth.CredentialsOf(r, a.Secure))
	if err != nil || right == anyAgent {
		return who, err
	}
	return who, who.Require(right)
}

// viewer is who asks, as use cases see it.
func (x *exchange) viewer() inbox.Viewer {
	return inbox.Viewer{Actor: x.who.Actor(), Scope: x.who.Scope()}
}

var languages = language.NewMatcher([]language.Tag{language.English, language.German})

// language gives "de" or "en", whichever the caller reads.
func (x *exchange) language() string {
	tag, _ := language.MatchStrings(languages, x.r.Header.Get("Accept-Language"))
	base, _ := tag.Base()
	return base.String()
}
