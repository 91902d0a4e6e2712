import jwt
from django.conf import settings
from django.contrib.auth import get_user_model
from rest_framework import authentication, exceptions

from .verify import Verifier

verifier = Verifier(**settings.COUNTERSIGN)


class CountersignAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer …` with an access token. `request.auth` is its claims."""

    def authenticate(self, request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = verifier.verify(token)
        except jwt.PyJWKClientConnectionError as error:
            raise KeysUnavailable from error
        except jwt.PyJWTError as error:
            raise exceptions.AuthenticationFailed from error
        # `sub` is theirs for ever, while addresses change: it is what you keep people by.
        user, _ = get_user_model().objects.get_or_create(username=claims["sub"])
        if not user.is_active:
            raise exceptions.AuthenticationFailed
        return user, claims

    def authenticate_header(self, request):
        """Makes a refusal a 401, not a 403."""
        return "Bearer"


class KeysUnavailable(exceptions.APIException):
    """Not the caller's fault: the keys could not be fetched, and none are kept."""

    status_code = 503
    default_detail = "Who you are cannot be looked up at the moment."
