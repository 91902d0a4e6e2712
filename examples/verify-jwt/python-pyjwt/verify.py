import jwt


class Verifier:
    """Verifies access tokens. Make one for the life of your process: it keeps the keys."""

    def __init__(self, issuer, audience, jwks=None, cooldown=30):
        self.issuer = issuer
        self.audience = audience
        # A `kid` that is not among the keys has them fetched again, but no more often than
        # `cooldown` seconds.
        self.keys = jwt.PyJWKClient(
            jwks or f"{issuer}/.well-known/jwks.json",
            lifespan=300,
            timeout=5,
            cooldown_duration=cooldown,
        )

    def verify(self, token):
        """The claims of an access token; jwt.PyJWTError if it is not to be believed."""
        if jwt.get_unverified_header(token).get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("not an access token")
        return jwt.decode(
            token,
            self.keys.get_signing_key_from_jwt(token),
            algorithms=["ES256"],
            issuer=self.issuer,
            audience=self.audience,
            leeway=30,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
