package verify

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"
)

var desk = os.Getenv("DESK")

type tokens struct {
	Issuer, Audience, Subject string
	Accepted, Refused         map[string]string
	Rotated                   string
	UnknownKeys               []string `json:"unknown_keys"`
}

func ask(t *testing.T, method, path string, into any) {
	t.Helper()
	request, err := http.NewRequest(method, desk+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

func setUp(t *testing.T, cooldown time.Duration) (tokens, *Verifier) {
	t.Helper()
	var told tokens
	ask(t, "POST", "/forget", new(any))
	ask(t, "GET", "/tokens", &told)
	keys := &Keys{URL: desk + "/.well-known/jwks.json", Cooldown: cooldown}
	return told, &Verifier{Issuer: told.Issuer, Audience: told.Audience, Keys: keys}
}

func TestAGoodTokenTellsWhoseItIs(t *testing.T) {
	told, verifier := setUp(t, 30*time.Second)
	for name, token := range told.Accepted {
		claims, err := verifier.Verify(token)
		if err != nil || claims.Subject != told.Subject {
			t.Errorf("%s: %v, %v", name, claims, err)
		}
	}
}

func TestTheKeysAreFoundAtTheIssuer(t *testing.T) {
	told, verifier := setUp(t, 30*time.Second)
	verifier.Keys.URL = told.Issuer + "/.well-known/jwks.json"
	if _, err := verifier.Verify(told.Accepted["good"]); err != nil {
		t.Error(err)
	}
}

func TestAnyOtherIsRefused(t *testing.T) {
	told, verifier := setUp(t, 30*time.Second)
	if len(told.Refused) < 20 {
		t.Fatal("the desk has lost its tokens")
	}
	for name, token := range told.Refused {
		if _, err := verifier.Verify(token); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestKeysAreFetchedOnceAndNotForEachUnknownKid(t *testing.T) {
	told, verifier := setUp(t, 30*time.Second)
	for time := 0; time < 20; time++ {
		if _, err := verifier.Verify(told.Accepted["good"]); err != nil {
			t.Fatal(err)
		}
	}
	for _, token := range told.UnknownKeys {
		if _, err := verifier.Verify(token); err == nil {
			t.Error("accepted")
		}
	}
	var fetches int
	if ask(t, "GET", "/fetches", &fetches); fetches != 1 {
		t.Errorf("%d fetches", fetches)
	}
}

func TestANewKeyIsFetchedWhenItIsFirstSeen(t *testing.T) {
	told, verifier := setUp(t, 0)
	if _, err := verifier.Verify(told.Rotated); err == nil {
		t.Error("accepted")
	}
	ask(t, "POST", "/rotate", new(any))
	if _, err := verifier.Verify(told.Rotated); err != nil {
		t.Error(err)
	}
}
