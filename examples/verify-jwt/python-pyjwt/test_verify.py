import json
import os
import urllib.request

import jwt
import pytest

from verify import Verifier

DESK = os.environ["DESK"]


def ask(path, method="GET"):
    with urllib.request.urlopen(urllib.request.Request(DESK + path, method=method)) as answer:
        return json.load(answer)


TOKENS = ask("/tokens")


def verifier(**options):
    return Verifier(TOKENS["issuer"], TOKENS["audience"], f"{DESK}/.well-known/jwks.json", **options)


@pytest.fixture(autouse=True)
def forget():
    ask("/forget", "POST")


@pytest.mark.parametrize("name", TOKENS["accepted"])
def test_a_good_token_tells_whose_it_is(name):
    assert verifier().verify(TOKENS["accepted"][name])["sub"] == TOKENS["subject"]


def test_the_keys_are_found_at_the_issuer():
    claims = Verifier(TOKENS["issuer"], TOKENS["audience"]).verify(TOKENS["accepted"]["good"])
    assert claims["sub"] == TOKENS["subject"]


@pytest.mark.parametrize("name", TOKENS["refused"])
def test_refused(name):
    with pytest.raises(jwt.PyJWTError):
        verifier().verify(TOKENS["refused"][name])


def test_keys_are_fetched_once_and_not_for_each_unknown_kid():
    subject = verifier()
    for _ in range(20):
        subject.verify(TOKENS["accepted"]["good"])
    for token in TOKENS["unknown_keys"]:
        with pytest.raises(jwt.PyJWTError):
            subject.verify(token)
    assert ask("/fetches") == 1


def test_a_new_key_is_fetched_when_it_is_first_seen():
    subject = verifier(cooldown=0)
    subject.verify(TOKENS["accepted"]["good"])
    with pytest.raises(jwt.PyJWTError):
        subject.verify(TOKENS["rotated"])
    ask("/rotate", "POST")
    assert subject.verify(TOKENS["rotated"])["sub"] == TOKENS["subject"]
