"""Settings, urls and middleware of a site with layers of every kind, and some
that are hard to tell.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.urls import path
from django.utils.decorators import (
    async_only_middleware,
    sync_and_async_middleware,
    sync_only_middleware,
)
from django.utils.deprecation import MiddlewareMixin

SECRET_KEY = "of a test"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "kinds"
LOGGING_CONFIG = None
USE_TZ = True


class Timer(MiddlewareMixin):
    def process_request(self, request):
        request.begun = 0


class Idle(MiddlewareMixin):
    """No hook at all."""


class HandsOn(MiddlewareMixin):
    """Its own __call__ ends in the mixin's."""

    def __call__(self, request):
        return super().__call__(request)

    def process_response(self, request, response):
        return response


class OldMixin(MiddlewareMixin):
    """A mixin that says it cannot run async."""

    async_capable = False

    def process_request(self, request):
        return None

    def process_view(self, request, view, args, kwargs):
        return None


class Plain:
    """A class as the documentation shows it: sync only."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return None


class Either:
    sync_capable = True
    async_capable = True

    def __init__(self, get_response):
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request):
        return self.get_response(request)

    async def process_view(self, request, view, args, kwargs):
        return None


class Unwanted:
    def __init__(self, get_response):
        raise MiddlewareNotUsed("no key is set")


class AsyncOnly:
    sync_capable = False
    async_capable = True

    def __init__(self, get_response):
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request):
        return await self.get_response(request)


def undecorated(get_response):
    def middleware(request):
        return get_response(request)

    return middleware


@sync_only_middleware
def sync_only(get_response):
    return undecorated(get_response)


@async_only_middleware
def async_only(get_response):
    async def middleware(request):
        return await get_response(request)

    return middleware


@sync_and_async_middleware
def hybrid(get_response):
    if iscoroutinefunction(get_response):
        return async_only(get_response)
    return undecorated(get_response)


def sync_page(request):
    return HttpResponse("sync")


async def async_page(request):
    return HttpResponse("async")


urlpatterns = [path("sync/", sync_page), path("async/", async_page)]

MIDDLEWARE = [
    "kinds.Timer",
    "kinds.hybrid",
    "kinds.HandsOn",
    "kinds.Unwanted",
    "kinds.AsyncOnly",
    "kinds.undecorated",
    "kinds.Timer",
    "kinds.async_only",
    "kinds.Idle",
    "kinds.OldMixin",
    "kinds.Either",
    "kinds.Plain",
    "kinds.sync_only",
    "kinds.HandsOn",
]
