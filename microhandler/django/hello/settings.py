"""Settings, made from the environment:

STACK         the middleware, outermost first: letters of hello.layers.LETTERS,
              "none", or "startproject" for the seven that startproject writes
LAYER_CPU_US  what each layer of letters computes by itself, in microseconds

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os

from django.core.exceptions import ImproperlyConfigured

from hello.layers import LETTERS

STARTPROJECT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def middleware(stack: str) -> list:
    """The paths of a stack's layers."""
    if stack == "startproject":
        return STARTPROJECT
    if stack == "none":
        return []
    for letter in stack:
        if letter not in LETTERS:
            raise ImproperlyConfigured(
                f'STACK: found "{letter}", expected letters of '
                f'{"".join(LETTERS)}, none or startproject'
            )
    return [f"hello.layers.{LETTERS[letter]}" for letter in stack]


STACK = os.environ.get("STACK", "none")
MIDDLEWARE = middleware(STACK)

DEBUG = False  # it costs time, and keeps every query
SECRET_KEY = "of an application that has no secret"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "hello.urls"
WSGI_APPLICATION = "hello.wsgi.application"
USE_TZ = True
LOGGING_CONFIG = None
DATABASES: dict = {}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
# What the layers of startproject need; sessions without a database.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
] if STACK == "startproject" else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
