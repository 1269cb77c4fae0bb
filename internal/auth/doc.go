// Package auth knows who asks and what they may do: passwords, sessions, bearer
// tokens, the throttle at the login, and the rights of each role.
//
// It promises that secrets are kept as digests alone, that an unknown e-mail
// address costs an attacker as much time as a wrong password, that guessing slows
// down, and that an answer to a failed login never says what was wrong. It refuses
// to fall back from a bad bearer token to a cookie.
package auth
