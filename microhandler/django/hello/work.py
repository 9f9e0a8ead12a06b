"""What layers and views do themselves: compute, or wait.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import time


def burn(cpu_us: float) -> None:
    """Keep the thread's CPU busy for so many microseconds of its own time."""
    if cpu_us <= 0:
        return
    until = time.thread_time() + 1e-6 * cpu_us
    while time.thread_time() < until:
        pass
