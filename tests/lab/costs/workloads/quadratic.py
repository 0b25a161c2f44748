"""Work that is quadratic on purpose: the tests of costs must find it."""

from __future__ import annotations

import re

from lab.costs.workloads.workload import Workload

BACKTRACKING = "quadratic: an expression that backtracks"
CALLING = "quadratic: calls for each pair"

QUADRATIC = {
    BACKTRACKING: Workload(lambda size: "a" * 10 * size, re.compile("a*?a*?b").fullmatch),
    CALLING: Workload(lambda size: "a" * size, lambda text: [text.lower() for _ in text for _ in text]),
}
"""Quadratic work inside one call, and in many calls."""
