"""One page: orders, for which a warehouse is asked elsewhere.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio

from django.http import JsonResponse


async def orders(request):
    await asyncio.sleep(0.02)  # the warehouse answers
    return JsonResponse({"orders": []})
