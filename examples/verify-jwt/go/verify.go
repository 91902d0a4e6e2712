// Package verify verifies Countersign's access tokens, with the standard library alone.
package verify

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// How far the issuer's clock and ours may be apart.
const leeway = 30 * time.Second

// Claims of an access token.
type Claims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Subject   string `json:"sub"`
	Session   string `json:"sid"`
	Expires   *int64 `json:"exp"`
	NotBefore int64  `json:"nbf"`
}

// Verifier of access tokens. Make one for the life of your process: it keeps the keys.
type Verifier struct {
	Issuer   string
	Audience string
	Keys     *Keys
}

// Verify gives the claims of an access token, or why it is not to be believed.
func (v *Verifier) Verify(token string) (*Claims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("not a JWT")
	}
	var header struct {
		Algorithm string   `json:"alg"`
		Type      string   `json:"typ"`
		KeyID     string   `json:"kid"`
		Critical  []string `json:"crit"`
	}
	if err := decode(parts[0], &header); err != nil {
		return nil, err
	}
	// One algorithm, whatever the token would like.
	if header.Algorithm != "ES256" || header.Type != "at+jwt" || header.Critical != nil {
		return nil, errors.New("not an access token")
	}
	key, err := v.Keys.find(header.KeyID)
	if err != nil {
		return nil, err
	}
	if !signed(key, parts[0]+"."+parts[1], parts[2]) {
		return nil, errors.New("not signed by the issuer")
	}
	var claims Claims
	if err := decode(parts[1], &claims); err != nil {
		return nil, err
	}
	return &claims, v.check(&claims, time.Now())
}

func (v *Verifier) check(claims *Claims, now time.Time) error {
	switch {
	case claims.Issuer != v.Issuer:
		return fmt.Errorf("issued by %q", claims.Issuer)
	case claims.Audience != v.Audience:
		return fmt.Errorf("for %q", claims.Audience)
	case claims.Subject == "":
		return errors.New("nobody's")
	case claims.Expires == nil || !now.Before(time.Unix(*claims.Expires, 0).Add(leeway)):
		return errors.New("expired")
	case now.Before(time.Unix(claims.NotBefore, 0).Add(-leeway)):
		return errors.New("not valid yet")
	}
	return nil
}

// A signature of ES256 is two numbers of 32 bytes each.
func signed(key *ecdsa.PublicKey, content, signature string) bool {
	bytes, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || len(bytes) != 64 {
		return false
	}
	digest := sha256.Sum256([]byte(content))
	r, s := new(big.Int).SetBytes(bytes[:32]), new(big.Int).SetBytes(bytes[32:])
	return ecdsa.Verify(key, digest[:], r, s)
}

func decode(part string, into any) error {
	bytes, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(bytes, into)
}
