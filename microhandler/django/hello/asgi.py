"""The application for servers that speak ASGI.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hello.settings")
application = get_asgi_application()
