"""A project with one view, and Countersign at its door."""

import os
from pathlib import Path

SECRET_KEY = "only for this example: nothing is signed with it"
ROOT_URLCONF = "project.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(__file__).parents[1] / "db.sqlite3"}
}
USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["project.authentication.CountersignAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

# `tokens.issuer` and `tokens.audience` of the server. The keys are found at the issuer.
COUNTERSIGN = {
    "issuer": os.environ.get("COUNTERSIGN_ISSUER", "http://127.0.0.1:8000"),
    "audience": os.environ.get("COUNTERSIGN_AUDIENCE", "http://127.0.0.1:8000"),
    "jwks": os.environ.get("COUNTERSIGN_JWKS"),
}
