package auth

import (
	"strings"
	"time"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// How long a Token lives.
const (
	TokenLifetime    = 90 * 24 * time.Hour  // unless asked otherwise
	TokenLifetimeMax = 366 * 24 * time.Hour // at most
)

// tokenPrefix lets people and secret scanners recognise a Token.
const tokenPrefix = "bo_"

// NewToken makes a Token of agent that expires after lifetime; 0 means
// TokenLifetime. The secret is shown once and kept nowhere; the Token holds its
// digest and is the caller's to store. A lifetime out of range is
// desk.CodeInvalid on field "lifetime".
func NewToken(agent desk.AgentID, now time.Time, lifetime time.Duration) (desk.Token, private.Text, error) {
	if lifetime == 0 {
		lifetime = TokenLifetime
	}
	if lifetime < time.Minute || lifetime > TokenLifetimeMax {
		return desk.Token{}, private.Text{}, desk.Invalid("lifetime", "must be between one minute and 366 days")
	}
	random, _ := newSecret()
	secret := tokenPrefix + random
	return desk.Token{
		ID: desk.NewID[desk.Token](), Agent: agent, Digest: digestOf(secret),
		CreatedAt: now, ExpiresAt: now.Add(lifetime),
	}, private.NewText(secret), nil
}

// TokenDigest gives the digest under which the Token with this secret is stored.
// A text that cannot be a Token is desk.CodeUnauthorized.
func TokenDigest(secret private.Text) ([]byte, error) {
	s := secret.Reveal()
	random, ok := strings.CutPrefix(s, tokenPrefix)
	if !ok || !isSecret(random) {
		return nil, unauthorized("the bearer token is not valid")
	}
	return digestOf(s), nil
}

// TokenEnded tells whether t was revoked or has expired at now.
func TokenEnded(t desk.Token, now time.Time) bool {
	return t.RevokedAt != nil || !now.Before(t.ExpiresAt)
}
