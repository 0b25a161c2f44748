"""Twice the input takes about twice the work, whatever the input is."""

from __future__ import annotations

import os
import re

import pytest

from lab.costs.growth import calls, instructions, is_linear
from lab.costs.workloads import WORKLOADS
from lab.costs.workloads.planted import BACKTRACKING, CALLING, PLANTED

pytestmark = pytest.mark.no_cover  # work is counted, and nothing is covered that other tests do not reach

IN_C = re.compile(
    r"found: |fix_json: (names|prices)|read: [nbeql]|scan: |masked|locate_all|read_query: (a long|[bcse])"
    r"|upgrade_json: a [hl]|captures: ([sb]|a name)|captures: requests$"
    r"|validate: a (long text of|fraction)|check_request: (a|one)"
)
"""Whose calls are few while their work grows: expressions, copies, decoders. The deep run counts all."""

STEEPER = {"upgrade: a huge consent", "trace_upgrade: a huge consent"}
"""Python takes more than linear time between an integer and its digits; a consent of thousands of digits pays that."""


@pytest.mark.parametrize("name", WORKLOADS)
def test_calls_grow_as_the_input_does(name):
    """Four times the input takes no more than four times the calls."""
    assert is_linear(calls(WORKLOADS[name]), idle=300)


def test_instructions_grow_as_the_input_does(tmp_path):
    """Four times the input takes no more than four times the instructions, those of C and Rust counted."""
    chosen = [name for name in WORKLOADS if IN_C.match(name) or os.environ.get("TCSPEC_DEEP") == "1"]
    counts = instructions([*chosen, BACKTRACKING], tmp_path)
    assert list(counts) == [*chosen, BACKTRACKING]
    steep = {name: count for name, count in counts.items() if not is_linear(count, idle=600_000)}
    assert steep.keys() - STEEPER == {BACKTRACKING}, steep


def test_calls_tell_quadratic_work_and_nothing_below():
    """Work that is done again for each part of the input is found by its calls, and what one call does is not."""
    assert not is_linear(calls(PLANTED[CALLING]), idle=300)
    assert is_linear(calls(PLANTED[BACKTRACKING]), idle=300)
