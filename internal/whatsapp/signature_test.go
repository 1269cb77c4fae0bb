package whatsapp

import (
	"strings"
	"testing"
)

var testSecret = []byte("test_app_secret")

func TestVerify(t *testing.T) {
	const (
		envelope = `{"object":"whatsapp_business_account","entry":[]}`
		escaped  = `{"a":"\u00e4\/"}`
		sum      = "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756"
		sumEsc   = "309c2389b90afed28fb83485a42517fefe96f66ad30ace6de706911a5655cd39"
	)
	other := []byte("another secret")
	tests := []struct {
		name    string
		header  string
		body    string
		secrets [][]byte
		want    bool
	}{
		{"right", "sha256=" + sum, envelope, [][]byte{testSecret}, true},
		{"escapes as sent", "sha256=" + sumEsc, escaped, [][]byte{testSecret}, true},
		{"escapes resolved", "sha256=" + sumEsc, `{"a":"ä/"}`, [][]byte{testSecret}, false},
		{"new secret first", "sha256=" + sum, envelope, [][]byte{other, testSecret}, true},
		{"new secret last", "sha256=" + sum, envelope, [][]byte{testSecret, other}, true},
		{"wrong secret", "sha256=" + sum, envelope, [][]byte{other}, false},
		{"no secret", "sha256=" + sum, envelope, nil, false},
		{"empty secret", Sign(nil, []byte(envelope)), envelope, [][]byte{nil, {}}, false},
		{"one byte more", "sha256=" + sum, envelope + "\n", [][]byte{testSecret}, false},
		{"no prefix", sum, envelope, [][]byte{testSecret}, false},
		{"prefix in capitals", "SHA256=" + sum, envelope, [][]byte{testSecret}, false},
		{"sha1", "sha1=" + sum, envelope, [][]byte{testSecret}, false},
		{"space", "sha256= " + sum, envelope, [][]byte{testSecret}, false},
		{"trailing space", "sha256=" + sum + " ", envelope, [][]byte{testSecret}, false},
		{"digest in capitals", "sha256=" + strings.ToUpper(sum), envelope, [][]byte{testSecret}, false},
		{"cut", "sha256=" + sum[:62], envelope, [][]byte{testSecret}, false},
		{"not hex", "sha256=" + strings.Repeat("z", 64), envelope, [][]byte{testSecret}, false},
		{"empty", "", envelope, [][]byte{testSecret}, false},
		{"prefix alone", "sha256=", envelope, [][]byte{testSecret}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Verify(tt.header, []byte(tt.body), tt.secrets...); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
	if got, want := Sign(testSecret, []byte(envelope)), "sha256="+sum; got != want {
		t.Errorf("Sign: got %s, want %s", got, want)
	}
	if !VerifyHex(sum, []byte(envelope), testSecret) || VerifyHex("sha256="+sum, []byte(envelope), testSecret) {
		t.Error("VerifyHex takes the bare digest and nothing else")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("sha256=00", []byte("{}"), []byte("s"))
	f.Add(Sign(testSecret, []byte("{}")), []byte("{}"), testSecret)
	f.Fuzz(func(t *testing.T, header string, body, secret []byte) {
		sum, found := strings.CutPrefix(Sign(secret, body), "sha256=")
		if !found || len(secret) > 0 && !Verify("sha256="+sum, body, secret) {
			t.Fatal("own signature refused")
		}
		want := len(secret) > 0 && header == "sha256="+sum
		if got := Verify(header, body, secret); got != want {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
