package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// encode is JSON as Meta writes it into webhooks: every character outside
// ASCII as \uXXXX in lower case, beyond the basic plane as a surrogate pair,
// and "/" as "\/". (webhooks/create-webhook-endpoint)
func encode(v any) ([]byte, error) {
	raw, err := plain(v)
	if err != nil {
		return nil, fmt.Errorf("simulator: encode webhook: %w", err)
	}
	return escape(raw), nil
}

// plain is JSON in which <, > and & stand as themselves, as Meta leaves them.
func plain(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// escape rewrites valid JSON into Meta's spelling of the same value. Outside
// strings JSON has neither a slash nor anything but ASCII, so that looking at
// bytes is enough; a slash that is escaped already stays as it is.
func escape(in []byte) []byte {
	const hexDigits = "0123456789abcdef"
	unit := func(out []byte, u uint16) []byte {
		return append(out, '\\', 'u', hexDigits[u>>12], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
	}
	out := make([]byte, 0, len(in)+len(in)/8)
	for i := 0; i < len(in); {
		c := in[i]
		switch {
		case c == '\\' && i+1 < len(in):
			out = append(out, c, in[i+1])
			i += 2
		case c == '/':
			out = append(out, '\\', '/')
			i++
		case c < utf8.RuneSelf:
			out = append(out, c)
			i++
		default:
			r, size := utf8.DecodeRune(in[i:])
			i += size
			if hi, lo := utf16.EncodeRune(r); hi != utf8.RuneError {
				out = unit(unit(out, uint16(hi)), uint16(lo))
			} else {
				out = unit(out, uint16(r))
			}
		}
	}
	return out
}
