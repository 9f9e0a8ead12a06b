"""SPDX-License-Identifier: GPL-3.0-or-later"""
from django.urls import path

from shop import views

urlpatterns = [path("orders/", views.orders)]
