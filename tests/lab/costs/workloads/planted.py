"""Work that grows faster than its input: the cost laws must find it."""

from __future__ import annotations

import re

from lab.costs.workloads.workload import Workload

BACKTRACKING = "planted: an expression that goes back"
CALLING = "planted: calls for each pair"

PLANTED = {
    BACKTRACKING: Workload(lambda size: "a" * 10 * size, re.compile("a*?a*?b").fullmatch),
    CALLING: Workload(lambda size: "a" * size, lambda text: [text.lower() for _ in text for _ in text]),
}
"""Quadratic work that is no call, and quadratic work that is."""
