package auth

import (
	"context"
	"fmt"
	"net/netip"

	"botschaft/internal/desk"
	"botschaft/internal/private"
)

// Account is what a login is checked against.
type Account struct {
	Holder
	Password private.Text    // Argon2id in PHC form; empty: no password login
	Stored   desk.SealedText // the same as it is kept
}

// Accounts finds the Account of an e-mail address; an address that belongs to
// nobody is desk.CodeNotFound.
type Accounts interface {
	AccountByEmail(ctx context.Context, email private.Text) (Account, error)
}

// Attempted is what somebody typed at the login.
type Attempted struct {
	Email    private.Text
	Password private.Text
	Peer     netip.Addr // where from
	Client   string     // in what, as ClientOf names it
}

// Verified is a login that was right. The caller starts the Session, in the
// transaction of its audit entry.
type Verified struct {
	Holder
	Stored desk.SealedText // the password it was right for, as it is kept
	Rehash bool            // the password should be hashed anew and stored
}

// errWrong is what every failed login is told.
var errWrong = unauthorized("e-mail address or password is wrong")

// Login checks passwords.
type Login struct {
	accounts Accounts
	hasher   *Hasher
	throttle *Throttle
}

// NewLogin makes a Login.
func NewLogin(accounts Accounts, hasher *Hasher, throttle *Throttle) *Login {
	return &Login{accounts: accounts, hasher: hasher, throttle: throttle}
}

// Verify checks an attempt. A wrong password, an unknown address and a disabled
// Agent are the same desk.CodeUnauthorized after the same time; guessing too fast
// is *Throttled; other errors are those of the Accounts and do not count as
// guesses.
func (l *Login) Verify(ctx context.Context, at Attempted) (Verified, error) {
	attempt, err := l.throttle.Begin(at.Email, at.Peer)
	if err != nil {
		return Verified{}, err
	}
	account, right, rehash, err := l.judge(ctx, at)
	switch {
	case err != nil:
		attempt.Cancel()
		return Verified{}, err
	case !right || account.Disabled:
		return Verified{}, errWrong
	}
	attempt.Succeeded()
	return Verified{Holder: account.Holder, Stored: account.Stored, Rehash: rehash}, nil
}

func (l *Login) judge(ctx context.Context, at Attempted) (account Account, right, rehash bool, err error) {
	account, err = l.accounts.AccountByEmail(ctx, at.Email)
	if err != nil && desk.CodeOf(err) != desk.CodeNotFound {
		return Account{}, false, false, fmt.Errorf("load account: %w", err)
	}
	if err != nil || account.Password.IsEmpty() {
		return Account{}, false, false, l.hasher.VerifyNobody(ctx, at.Password)
	}
	right, rehash, err = l.hasher.Verify(ctx, account.Password, at.Password)
	return account, right, rehash, err
}
