package verify

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"sync"
	"time"
)

// Keys of an issuer, fetched when they are first needed, and again when they are old.
type Keys struct {
	URL string
	// A `kid` that is not among the keys has them fetched again, but no more often than this.
	Cooldown time.Duration

	lock    sync.Mutex
	byID    map[string]*ecdsa.PublicKey
	fetched time.Time
}

// How long keys are used without a look at the issuer's.
const lifetime = 5 * time.Minute

var client = &http.Client{Timeout: 5 * time.Second}

func (k *Keys) find(id string) (*ecdsa.PublicKey, error) {
	k.lock.Lock()
	defer k.lock.Unlock()

	age := time.Since(k.fetched)
	key, known := k.byID[id]
	if k.byID == nil || age > lifetime || !known && age >= k.Cooldown {
		if err := k.fetch(); err != nil {
			return nil, err
		}
		key, known = k.byID[id]
	}
	if !known {
		return nil, fmt.Errorf("no key %q", id)
	}
	return key, nil
}

func (k *Keys) fetch() error {
	response, err := client.Get(k.URL)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("keys: %s", response.Status)
	}
	var set struct {
		Keys []struct {
			ID        string `json:"kid"`
			Algorithm string `json:"alg"`
			X         string `json:"x"`
			Y         string `json:"y"`
		} `json:"keys"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&set); err != nil {
		return err
	}
	byID := map[string]*ecdsa.PublicKey{}
	for _, key := range set.Keys {
		x, errX := base64.RawURLEncoding.DecodeString(key.X)
		y, errY := base64.RawURLEncoding.DecodeString(key.Y)
		point := &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(x), Y: new(big.Int).SetBytes(y)}
		// Keys of other algorithms are for other verifiers.
		if key.Algorithm == "ES256" && errX == nil && errY == nil && point.Curve.IsOnCurve(point.X, point.Y) {
			byID[key.ID] = point
		}
	}
	k.byID, k.fetched = byID, time.Now()
	return nil
}
