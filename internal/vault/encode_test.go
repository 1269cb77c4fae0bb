package vault_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

// Empty texts and keys are drawn as the zero value, because they come back so.
func drawText(t *rapid.T) private.Text {
	if b := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "text"); len(b) > 0 {
		return private.NewText(string(b))
	}
	return private.Text{}
}

func drawKey(t *rapid.T) private.Key {
	if b := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "key"); len(b) > 0 {
		return private.NewKey(b)
	}
	return private.Key{}
}

func drawKeys(t *rapid.T) (list []private.Key) {
	for range rapid.IntRange(0, 5).Draw(t, "keys") {
		list = append(list, drawKey(t))
	}
	return list
}

func TestEncoderIsReversible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var data []byte
		if b := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"); len(b) > 0 {
			data = b
		}
		for _, value := range []any{
			drawText(t), drawKey(t), data,
			desk.Content{Text: drawText(t), Raw: drawText(t)},
			desk.Content{Text: drawText(t), Buttons: []desk.Button{{ID: "consent:yes:1", Title: drawText(t)}, {ID: "2", Title: drawText(t)}}},
			desk.Profile{Name: drawText(t), Username: drawText(t), Masked: drawText(t)},
			desk.Profile{Name: drawText(t), Language: private.NewText("tr")},
			desk.Writing{Reply: drawText(t), Note: drawText(t)},
			desk.AgentProfile{Name: drawText(t), Email: drawText(t)},
			desk.InboxSecrets{AppSecrets: drawKeys(t), AccessToken: drawKey(t), VerifyTokens: drawKeys(t)},
		} {
			b, err := vault.Encode(value)
			if err != nil {
				t.Fatal(err)
			}
			got := reflect.New(reflect.TypeOf(value))
			if err := vault.Decode(b, got.Interface()); err != nil {
				t.Fatalf("%T: %v", value, err)
			}
			if !reflect.DeepEqual(got.Elem().Interface(), value) {
				t.Fatalf("%T came back different", value)
			}
			for _, broken := range [][]byte{b[:len(b)-1], append(b[:len(b):len(b)], 0)} {
				switch value.(type) {
				case desk.Content, desk.Profile, desk.Writing, desk.AgentProfile, desk.InboxSecrets:
					if vault.Decode(broken, reflect.New(reflect.TypeOf(value)).Interface()) == nil {
						t.Fatalf("%T of a wrong length was read", value)
					}
				}
			}
		}
	})
}

func TestDecoderSurvivesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		for tag := range byte(11) {
			b := append([]byte{1, tag}, body...)
			for _, dst := range []any{
				new(private.Text), new(private.Key), new([]byte), new(desk.Content),
				new(desk.Profile), new(desk.AgentProfile), new(desk.InboxSecrets), new(int),
			} {
				_ = vault.Decode(b, dst) // must not panic nor allocate without bound
				_ = vault.Decode(body, dst)
			}
		}
	})
}
