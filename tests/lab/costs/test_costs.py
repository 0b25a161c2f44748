"""Twice the input takes about twice the work, whatever the input is."""

from __future__ import annotations

import re

import pytest

from environment import IS_DEEP
from lab.costs.growth import count_calls, count_instructions, is_linear
from lab.costs.workloads import WORKLOADS
from lab.costs.workloads.quadratic import BACKTRACKING, CALLING, QUADRATIC

pytestmark = pytest.mark.no_cover  # tracing would be counted, and nothing is covered that other tests do not cover

NATIVE = re.compile(
    r"fixture: |fix_json: (names|prices)|read: [nbeql]|iter_values: |masked|locate_all|read_query: (a long|[bcse])"
    r"|upgrade_json: a [hl]|captures: ([sb]|a name)|captures: requests$"
    r"|validate: a (long string of|fraction)|check_request: (a|one)"
)
"""Workloads that make few calls: regular expressions, copies, decoders. The deep run counts instructions of all."""

SUPERLINEAR = {"upgrade: a huge consent", "trace_upgrade: a huge consent"}
"""Python converts an integer to digits in more than linear time, which shows with thousands of digits."""


@pytest.mark.parametrize("name", WORKLOADS)
def test_calls_grow_linearly(name):
    """Four times the input takes no more than four times the calls."""
    assert is_linear(count_calls(WORKLOADS[name]), ignored=300)


def test_instructions_grow_linearly(tmp_path):
    """Four times the input takes no more than four times the instructions, those of C and Rust included."""
    selected = [name for name in WORKLOADS if NATIVE.match(name) or IS_DEEP]
    counts = count_instructions([*selected, BACKTRACKING], tmp_path)
    assert list(counts) == [*selected, BACKTRACKING]
    superlinear = {name: count for name, count in counts.items() if not is_linear(count, ignored=600_000)}
    assert superlinear.keys() - SUPERLINEAR == {BACKTRACKING}, superlinear


def test_calls_show_quadratic_work():
    """Work that is repeated for each part of the input is found by its calls, quadratic work inside one call is not."""
    assert not is_linear(count_calls(QUADRATIC[CALLING]), ignored=300)
    assert is_linear(count_calls(QUADRATIC[BACKTRACKING]), ignored=300)
