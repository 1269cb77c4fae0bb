package vault_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/vault"
)

func benchVault(b *testing.B) (*vault.Vault, desk.ControllerID, vault.Owner) {
	b.Helper()
	v := open(b, "sqlite:"+filepath.Join(b.TempDir(), "vault.db"), nil)
	controller, contact := newContact(b, v)
	return v, controller, vault.ContactOwner(contact)
}

var body = desk.Content{Text: private.NewText(strings.Repeat("Guten Tag ", 10)), Raw: private.NewText(strings.Repeat("{}", 100))}

func BenchmarkSeal(b *testing.B) {
	v, _, o := benchVault(b)
	p := place("message.content")
	b.ReportAllocs()
	for b.Loop() {
		seal(b, v, o, p, body)
	}
}

func BenchmarkOpenPage(b *testing.B) { // per page of 50
	v, _, o := benchVault(b)
	p := place("message.content")
	s := seal(b, v, o, p, body)
	var dst [50]desk.Content
	b.ReportAllocs()
	for b.Loop() {
		batch := v.Opening(vault.ReasonView)
		for i := range dst {
			vault.Add(batch, o, p, s, &dst[i])
		}
		must(b, batch.Run(context.Background()))
	}
}

func BenchmarkDigest(b *testing.B) {
	v, controller, _ := benchVault(b)
	ctx, part := context.Background(), []byte("+491701234567")
	b.ReportAllocs()
	for b.Loop() {
		_, err := v.Digest(ctx, controller, "identity.phone", part)
		must(b, err)
	}
}

func BenchmarkAddContacts(b *testing.B) { // per batch of 100, one fsync
	v, controller, _ := benchVault(b)
	batch := make([]vault.NewContact, 100)
	b.ReportAllocs()
	for b.Loop() {
		for i := range batch {
			batch[i] = vault.NewContact{Controller: controller, Contact: desk.NewID[desk.Contact]()}
		}
		must(b, v.AddContacts(context.Background(), batch))
	}
}
