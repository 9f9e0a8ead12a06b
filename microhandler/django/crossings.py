#!/usr/bin/env python3
"""Counts the crossings of real requests, in the real server.

Between a server and an application: every call of sync_to_async and
async_to_sync, every event loop and thread that the process makes is counted,
and /.crossings says how often each happened so far.

    APPLICATION=mysite.asgi:application python3 -m uvicorn crossings:asgi
    APPLICATION=mysite.wsgi:application python3 -m gunicorn crossings:wsgi
    python3 crossings.py http://127.0.0.1:8000/polls/

The last line asks for the page a few times and prints what each request paid.
The process that is asked must be the only one: one worker.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import functools
import importlib
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request

from asgiref.sync import AsyncToSync, SyncToAsync

PATH = "/.crossings"
counts = {
    "sync_to_async": 0,
    "async_to_sync": 0,
    "loops_created": 0,
    "threads_created": 0,
}


def count_calls(cls: type, method: str, count: str) -> None:
    original = getattr(cls, method)

    @functools.wraps(original)
    def counting(self, *args, **kwargs):
        counts[count] += 1
        return original(self, *args, **kwargs)

    setattr(cls, method, counting)


def start() -> None:
    """Count from here on: before the application is imported."""
    count_calls(AsyncToSync, "__call__", "async_to_sync")
    count_calls(asyncio.BaseEventLoop, "__init__", "loops_created")
    count_calls(threading.Thread, "start", "threads_created")
    # asgiref takes an object for async by this method, so it stays one.
    original = SyncToAsync.__call__

    @functools.wraps(original)
    async def counting(self, *args, **kwargs):
        counts["sync_to_async"] += 1
        return await original(self, *args, **kwargs)

    SyncToAsync.__call__ = counting


def application():
    """What APPLICATION names, module:object."""
    module, _, name = os.environ["APPLICATION"].partition(":")
    return getattr(importlib.import_module(module), name or "application")


def make_wsgi():
    start()
    inner = application()

    def wsgi(environ, start_response):
        if environ["PATH_INFO"] != PATH:
            return inner(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(counts).encode()]

    return wsgi


def make_asgi():
    start()
    inner = application()

    async def asgi(scope, receive, send):
        if scope["type"] != "http" or scope["path"] != PATH:
            await inner(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200,
                    "headers": headers})
        await send({"type": "http.response.body",
                    "body": json.dumps(counts).encode()})

    return asgi


def __getattr__(name: str):
    """crossings:wsgi and crossings:asgi, made when a server asks for them:
    where a server builds its application in its loop, so is this one."""
    make = {"wsgi": make_wsgi, "asgi": make_asgi}.get(name)
    if make is None:
        raise AttributeError(name)
    globals()[name] = make()
    return globals()[name]


# ---- Asking a server ----


def ask(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:  # it crosses as well
        return error.read()


def per_request(url: str, requests: int = 5) -> dict:
    """What each of `requests` paid, after two that warm up. What differs
    between them, such as a pool that still grows, gives a fraction."""
    slash = url.index("/", len("http://"))

    def so_far() -> dict:
        time.sleep(0.2)  # what follows an answer is still to be counted
        return json.loads(ask(url[:slash] + PATH))

    for _ in range(2):
        ask(url)
    so_far()
    before = so_far()
    for _ in range(requests):
        ask(url)
    after = so_far()
    # Asking may cost as well: a server with a thread for each connection.
    again = so_far()
    return {name: (after[name] - before[name] - (again[name] - after[name]))
            / requests for name in counts}


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].startswith("http://"):
        sys.exit("crossings.py: name one page: crossings.py http://127.0.0.1:8000/")
    try:
        print(json.dumps(per_request(sys.argv[1])))
    except (OSError, ValueError) as problem:
        sys.exit(f"crossings.py: {sys.argv[1]}: {problem}; is the server one "
                 "that serves crossings:asgi or crossings:wsgi?")
