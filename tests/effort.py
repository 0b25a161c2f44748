"""How work grows with what there is to do, whatever the machine."""

from __future__ import annotations

import time

LINEAR = 3.5
"""Twice the input takes about twice the work; quadratic work takes four times as much, and more."""


def growth(work, size):
    """Give how many times more processor time work takes on twice the size; the least of a few tries of each."""
    tries = [(_seconds(work, 2 * size), _seconds(work, size)) for _ in range(9)]
    twice, once = map(min, zip(*tries, strict=True))
    return twice / once


def _seconds(work, size):
    start = time.process_time()
    work(size)
    return time.process_time() - start
