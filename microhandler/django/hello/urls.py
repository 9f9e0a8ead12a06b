"""/sync/ and /async/.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from django.urls import path

from hello import views

urlpatterns = [
    path("sync/", views.sync_view),
    path("async/", views.async_view),
]
