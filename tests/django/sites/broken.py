"""A site that Django could not start: layers and an application are missing.

SPDX-License-Identifier: GPL-3.0-or-later
"""
SECRET_KEY = "of a test"
ROOT_URLCONF = "kinds"
INSTALLED_APPS = ["django.contrib.contenttypes", "no_such_application"]
MIDDLEWARE = [
    "kinds.sync_only",
    "no_such_package.Layer",
    "kinds.NoSuchLayer",
]
