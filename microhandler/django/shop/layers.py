"""A layer as many projects have one: a function, and sync only.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import logging

log = logging.getLogger("shop.access")


def access_log(get_response):
    def layer(request):
        response = get_response(request)
        log.info("%s %s", request.path, response.status_code)
        return response

    return layer
