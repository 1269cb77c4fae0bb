package vault

import (
	"crypto/cipher"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// CacheTTL is how long an unwrapped key is used before the vault is asked again.
// A destruction is complete on every node after this time.
const CacheTTL = 60 * time.Second

// cacheSize bounds the unwrapped Contact keys held at once.
const cacheSize = 20_000

// unwrapped is a key ready for use.
type unwrapped struct {
	content cipher.AEAD
	wrap    cipher.AEAD // wraps the keys of Contacts
	wrapper Owner       // Controllers only: whose wrap is used for new Contacts
	wraps   cipher.AEAD // Controllers only: the wrap of wrapper
	digests *digester   // Controllers and the installation only
	until   time.Time
}

// cache holds unwrapped keys: Contacts bounded, the few others not.
type cache struct {
	contacts *lru.Cache[Owner, *unwrapped]
	mu       sync.RWMutex
	others   map[Owner]*unwrapped
	purged   time.Time
}

func newCache() (*cache, error) {
	l, err := lru.New[Owner, *unwrapped](cacheSize)
	if err != nil {
		return nil, err
	}
	return &cache{contacts: l, others: map[Owner]*unwrapped{}}, nil
}

// get gives a key that is still fresh at now, or nil.
func (c *cache) get(o Owner, now time.Time) *unwrapped {
	var k *unwrapped
	if o.kind == kindContact {
		k, _ = c.contacts.Get(o)
	} else {
		c.mu.RLock()
		k = c.others[o]
		c.mu.RUnlock()
	}
	if k == nil || !now.Before(k.until) {
		return nil
	}
	return k
}

func (c *cache) put(o Owner, k *unwrapped) {
	if o.kind == kindContact {
		c.contacts.Add(o, k)
		return
	}
	c.mu.Lock()
	c.others[o] = k
	c.mu.Unlock()
}

func (c *cache) drop(o Owner) {
	if o.kind == kindContact {
		c.contacts.Remove(o)
		return
	}
	c.mu.Lock()
	delete(c.others, o)
	c.mu.Unlock()
}

// purge forgets stale keys, at most once per CacheTTL, so that a destroyed key
// does not linger in memory because nobody asks for it again.
func (c *cache) purge(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.purged) < CacheTTL {
		return
	}
	c.purged = now
	for o, k := range c.others {
		if !now.Before(k.until) {
			delete(c.others, o)
		}
	}
	for _, o := range c.contacts.Keys() {
		if k, ok := c.contacts.Peek(o); ok && !now.Before(k.until) {
			c.contacts.Remove(o)
		}
	}
}
