"""The Django application that is measured: one view, and the layers that are
asked for around it.

SPDX-License-Identifier: GPL-3.0-or-later
"""
