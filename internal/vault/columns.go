package vault

// Class says how a column stands to personal data.
type Class string

// The classes.
const (
	NotPersonal Class = "not personal"
	Sealed      Class = "sealed" // wrapped by the key above it
	Digest      Class = "digest"
)

// Columns declares every column of the vault (GDPR Art. 25, 32).
var Columns = map[string]Class{
	"vault_schema.version": NotPersonal,

	"vault_meta.one":          NotPersonal,
	"vault_meta.installation": NotPersonal,
	"vault_meta.fingerprint":  Digest,
	"vault_meta.created_at":   NotPersonal,

	"vault_key.kind":       NotPersonal,
	"vault_key.id":         NotPersonal,
	"vault_key.parent":     NotPersonal,
	"vault_key.wrapped":    Sealed,
	"vault_key.created_at": NotPersonal,

	"vault_tombstone.kind": NotPersonal,
	"vault_tombstone.id":   NotPersonal,
	"vault_tombstone.at":   NotPersonal,

	"vault_erasure.at":         NotPersonal,
	"vault_erasure.contact":    NotPersonal,
	"vault_erasure.controller": NotPersonal,
	"vault_erasure.actor":      NotPersonal,
}
