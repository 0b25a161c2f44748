"""No regular expression takes more than linear time, whatever it is held against."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

import pytest

from lab.redos.expressions import Expression, composed, published, written
from node import find_node

FOLDER = Path(__file__).parent

LISTED = {
    "models/inspection:121": "held against docstrings of the models when schemas are published",
    "positions:_TOKEN": "what it takes it never gives back, and the text it is held against ends in a token",
    "rules/config:_WILDCARDS": "held against globs of the project's own configuration",
    "reporters/contents:_EMAIL": "looks back over 64 characters at most, and is linear beyond them",
    "requests/templates:_USED": "what it takes it never gives back; the work on captures is counted",
    "requests/routes:47": "asked by fullmatch alone, where it goes back once",
}
"""What the checker cannot prove, by its place, and why it is harmless."""

COMPOSED = {
    "engines": "patterns of the published schemas, which are checked as such",
    "models/laws": "names of models, when schemas are published",
    "requests/endpoints": "fixed classes of characters with one quantifier",
    "requests/routes": "fixed paths with one part that is free up to the next slash",
    "rules/events/names": "fixed names and numbers, one alternative each",
    "rules/config": "globs of the project's own configuration",
}
"""The modules in which expressions are put together, and of what."""


@cache
def verdicts(expressions):
    """Ask the checker, once for all."""
    asked = "".join(json.dumps({"source": each.in_javascript, "flags": each.flags}) + "\n" for each in expressions)
    done = subprocess.run(
        [find_node(FOLDER), "judge.mjs"], cwd=FOLDER, input=asked, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_expression_is_safe_or_listed():
    """An expression is proven to take linear time, or stands in the list with the reason why it is harmless."""
    asked = tuple(each for each in (*written(), *published()) if each.place not in LISTED)
    assert len(asked) > 80
    found = zip(asked, verdicts(asked), strict=True)
    assert {(each.place, each.text, verdict["told"]) for each, verdict in found if verdict["status"] != "safe"} == set()


def test_no_expression_is_listed_in_vain():
    """What stands in the list is there, and what is put together at run time is put together where it is said."""
    assert LISTED.keys() <= {each.place for each in written()}
    assert composed() == COMPOSED.keys()


@pytest.mark.parametrize(
    ("text", "methods"),
    [("(a|a)*$", "fullmatch"), ("[ab]+c", "search"), ("a*a*b", "match"), ("(?:a++|b+)*+c", "search")],
)
def test_catastrophic_expressions_are_told(text, methods):
    """An expression that takes exponential or quadratic time is told as such."""
    [verdict] = verdicts((Expression("here", text, "", frozenset({methods})),))
    assert verdict["status"] == "vulnerable"
