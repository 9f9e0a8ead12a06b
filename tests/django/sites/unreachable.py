"""The site of kinds.py on a machine that has neither its database's driver nor
its folder for logs.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from kinds import *  # noqa: F401,F403

DATABASES = {"default": {"ENGINE": "no.such.driver"}}
LOGGING = {
    "version": 1,
    "handlers": {
        "file": {"class": "logging.FileHandler", "filename": "/nowhere/at/all.log"}
    },
    "root": {"handlers": ["file"]},
}
LOGGING_CONFIG = "logging.config.dictConfig"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
print("a project that prints while it is loaded")
