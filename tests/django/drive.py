"""What requests of a project really cross, in this process: drive.py SETTINGS
prints the counts of a steady request to /sync/ and to /async/, under WSGI and
ASGI.

Not by reqpath: Django's own handlers, with asgiref's calls counted by
microhandler/django/crossings.py.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import json
import os
import sys
from wsgiref.util import setup_testing_defaults

import crossings

STEADY = 2  # requests before the one that is counted


def drive_wsgi(application, path: str) -> None:
    environ: dict = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    answer = application(environ, lambda status, headers: None)
    b"".join(answer)
    answer.close()


async def drive_asgi(application, path: str) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"",
             "headers": [(b"host", b"testserver")]}
    messages = [{"type": "http.request", "body": b"", "more_body": False}]
    gone = asyncio.Event()

    async def receive():
        if not messages:
            await gone.wait()
        return messages.pop()

    async def send(message):
        pass

    await application(scope, receive, send)


async def drive_all_asgi(application, path: str) -> dict:
    before: dict = {}
    for i in range(STEADY + 1):
        before = dict(crossings.counts)
        await drive_asgi(application, path)
    return since(before)


def drive_all_wsgi(application, path: str) -> dict:
    before: dict = {}
    for i in range(STEADY + 1):
        before = dict(crossings.counts)
        drive_wsgi(application, path)
    return since(before)


def since(before: dict) -> dict:
    return {name: crossings.counts[name] - before[name]
            for name in ("sync_to_async", "async_to_sync", "loops_created")}


def main(settings: str) -> None:
    crossings.start()
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    from django.core.asgi import get_asgi_application
    from django.core.wsgi import get_wsgi_application

    found = {}
    for path in ("/sync/", "/async/"):
        found[f"gunicorn {path}"] = drive_all_wsgi(get_wsgi_application(), path)
        # Its middleware is loaded here, outside of any loop, as under daphne.
        application = get_asgi_application()
        found[f"daphne {path}"] = asyncio.run(drive_all_asgi(application, path))
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
