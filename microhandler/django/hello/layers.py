"""Middleware of every kind that Django tells apart, each with a letter.

They do nothing but compute for LAYER_CPU_US, so that what is measured is what
their kinds cost. The letters are those of stacks in data sets.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpResponse
from django.utils.decorators import (
    async_only_middleware,
    sync_and_async_middleware,
    sync_only_middleware,
)
from django.utils.deprecation import MiddlewareMixin

from hello.work import burn

CPU_US = float(os.environ.get("LAYER_CPU_US", "0"))

LETTERS = {
    "S": "sync_only",
    "A": "async_only",
    "H": "hybrid",
    "M": "Mixin",
    "R": "RequestMixin",
    "P": "ResponseMixin",
    "V": "ViewHook",
    "v": "AsyncViewHook",
    "T": "TemplateHook",
    "t": "AsyncTemplateHook",
    "X": "ExceptionHook",
    "x": "AsyncExceptionHook",
    "Y": "AnsweringHook",
    "y": "AsyncAnsweringHook",
}


@sync_only_middleware
def sync_only(get_response):
    def middleware(request):
        burn(CPU_US)
        return get_response(request)

    return middleware


@async_only_middleware
def async_only(get_response):
    async def middleware(request):
        burn(CPU_US)
        return await get_response(request)

    return middleware


@sync_and_async_middleware
def hybrid(get_response):
    make = async_only if iscoroutinefunction(get_response) else sync_only
    return make(get_response)


class RequestMixin(MiddlewareMixin):
    def process_request(self, request):
        burn(CPU_US)


class ResponseMixin(MiddlewareMixin):
    def process_response(self, request, response):
        burn(CPU_US)
        return response


class Mixin(MiddlewareMixin):
    def process_request(self, request):
        burn(CPU_US)

    def process_response(self, request, response):
        return response


class Hybrid:
    """A hybrid layer that is an object, as layers with further hooks are."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response):
        self.handle = hybrid(get_response)
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request):
        return self.handle(request)


class ViewHook(Hybrid):
    def process_view(self, request, view, args, kwargs):
        return None


class AsyncViewHook(Hybrid):
    async def process_view(self, request, view, args, kwargs):
        return None


class TemplateHook(Hybrid):
    def process_template_response(self, request, response):
        return response


class AsyncTemplateHook(Hybrid):
    async def process_template_response(self, request, response):
        return response


class ExceptionHook(Hybrid):
    def process_exception(self, request, exception):
        return None


class AsyncExceptionHook(Hybrid):
    async def process_exception(self, request, exception):
        return None


class AnsweringHook(Hybrid):
    def process_exception(self, request, exception):
        return HttpResponse("sorry, world")


class AsyncAnsweringHook(Hybrid):
    async def process_exception(self, request, exception):
        return HttpResponse("sorry, world")
