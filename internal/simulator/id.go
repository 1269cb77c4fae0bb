package simulator

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	mrand "math/rand/v2"
	"strings"
)

// idSource makes ids that differ between runs, so that two simulators never
// hand out the same wamid.
type idSource struct{ key [16]byte }

func newIDSource() idSource {
	var src idSource
	// crypto/rand.Read never fails since Go 1.24.
	_, _ = rand.Read(src.key[:])
	return src
}

func (src idSource) hex(n uint64, size int) string {
	var in [24]byte
	copy(in[:], src.key[:])
	binary.BigEndian.PutUint64(in[16:], n)
	sum := sha256.Sum256(in[:])
	return strings.ToUpper(hex.EncodeToString(sum[:]))[:size]
}

// wamid builds a message id as Meta's look when decoded: a type byte, the
// counterpart in clear, a direction byte, a hexadecimal tail. Observed on the
// ids in Meta's OpenAPI examples; the counterpart of a send without a phone
// number is undocumented, here it is the business-scoped user id.
func (s *Simulator) wamid(counterpart string, out bool) string {
	s.serial++
	tail, direction := "3A"+s.seed.hex(s.serial, 18), byte(0x12)
	if out {
		tail, direction = s.seed.hex(s.serial, 18), 0x11
	}
	raw := []byte{0x1c, 0x18, byte(len(counterpart))}
	raw = append(raw, counterpart...)
	raw = append(raw, 0x15, 0x02, 0x00, direction, 0x18, byte(len(tail)))
	raw = append(raw, tail...)
	raw = append(raw, 0x00)
	return "wamid." + base64.StdEncoding.EncodeToString(raw)
}

// userID is the business-scoped user id of a customer in one portfolio: the
// country, a full stop and digits. (business-scoped-user-ids)
func (s *Simulator) userID(portfolio, customer, country string) string {
	sum := sha256.Sum256([]byte("bsuid\x00" + portfolio + "\x00" + customer))
	number := new(big.Int).SetBytes(sum[:8]).String()
	return country + ".1" + number[:min(15, len(number))]
}

// graphID is a numeric id as the Graph API gives them to every object.
func (s *Simulator) graphID() string {
	s.serial++
	sum := sha256.Sum256([]byte(s.seed.hex(s.serial, 32)))
	n := binary.BigEndian.Uint64(sum[:8])%9_000_000_000_000_000 + 1_000_000_000_000_000
	return new(big.Int).SetUint64(n).String()
}

// traceID looks like an fbtrace_id. It identifies nothing.
func traceID() string {
	var raw [15]byte
	for i := range raw {
		raw[i] = byte(mrand.IntN(256))
	}
	return "A" + base64.RawURLEncoding.EncodeToString(raw[:])
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// digits keeps the digits of a phone number as people write it.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
