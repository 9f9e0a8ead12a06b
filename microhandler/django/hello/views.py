"""Hello world, sync and async.

?cpu=US burns so many microseconds, ?io=MS then waits so many milliseconds,
?outcome=template leaves a template to be rendered, ?outcome=raise raises.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import time

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse

from hello.work import burn

BODY = "hello, world"


def _asked(request: HttpRequest, key: str) -> float:
    try:
        return max(0.0, float(request.GET.get(key, 0)))
    except ValueError:
        raise SuspiciousOperation(f"{key}: a number is expected") from None


def _answer(request: HttpRequest) -> HttpResponse:
    outcome = request.GET.get("outcome", "ok")
    if outcome == "raise":
        raise RuntimeError("as asked for")
    if outcome == "template":
        return SimpleTemplateResponse(engines["django"].from_string(BODY))
    return HttpResponse(BODY)


def sync_view(request: HttpRequest) -> HttpResponse:
    burn(_asked(request, "cpu"))
    wait_ms = _asked(request, "io")
    if wait_ms > 0:
        time.sleep(1e-3 * wait_ms)
    return _answer(request)


async def async_view(request: HttpRequest) -> HttpResponse:
    burn(_asked(request, "cpu"))
    wait_ms = _asked(request, "io")
    if wait_ms > 0:
        await asyncio.sleep(1e-3 * wait_ms)
    return _answer(request)
