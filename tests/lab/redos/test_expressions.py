"""No regular expression takes more than linear time, whatever the text."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from pathlib import Path

import pytest

from lab.redos.expressions import (
    Expression,
    literal_expressions,
    modules_with_composed_expressions,
    schema_expressions,
)
from node import find_node

FOLDER = Path(__file__).parent

UNPROVEN = {
    "files/gitignore:_TRAILING_SPACES": "spaces start after another character only, and are matched once",
    "files/globs:_GITIGNORE_WILDCARDS": "used on globs of at most 4,096 characters",
    "files/globs:_WILDCARDS": "used on globs of at most 4,096 characters",
    "migration/arrays:_ARRAY": "used with match only, on the first bytes of a file",
    "migration/arrays:_EMPTY_TOO": "used with match only, on the first bytes of a file",
    "migration/arrays:_INSIDE": "used with match only; a string that does not end is looked through once more",
    "migration/arrays:_OBJECTS": "used with match only, on the first bytes of a file",
    "migration/arrays:_OUTSIDE": "used with match only; a string that does not end is looked through once more",
    "models/introspection:_split_docstring": "used on docstrings of the models when schemas are published",
    "personal:_NUMBER": "fewer than nine digits fail, and more are matched without going back",
    "reporters/masking:_ADDRESS": "used with match and fullmatch only, where it backtracks once",
    "requests/http_files:_USE": "its quantifiers never backtrack; lab/costs counts the work on captured requests",
    "requests/routes:OLD_PATHS": "used with fullmatch only, where it backtracks once",
    "rules/placeholders:_OBJECT": "no branch runs over the beginning of another match of it",
    "rules/placeholders:_TEMPLATE": "no branch runs over the beginning of another match of it",
    "sources:_PAGE": "used on the sources of rules and codes, which are ours",
}
"""Expressions that the checker cannot prove to be safe, by location, and why they are harmless."""

COMPOSED = {
    "contract/engines": "patterns of the published schemas, which are checked as such",
    "contract/inlining": "patterns of the published schemas, which are checked as such",
    "unread_captures": "how captured requests begin, matched at the start of at most 1,000 bytes",
    "jsontext/positions": "strings, brackets and words, whose quantifiers never backtrack",
    "jsontext/style": "the white space before a line, as it is",
    "migration/tables": "cells of a row, whose quantifiers never backtrack",
    "models/constraints": "names of models, when schemas are published",
    "patterns": "what the other modules compile with it, which is checked there",
    "requests/endpoints": "fixed classes of characters with one quantifier",
    "requests/http_files": "letters of a method, or the one word that stands for an unknown one",
    "requests/routes": "fixed paths with one variable part up to the next slash",
    "time_notations": "timestamps of at most 100 characters",
    "rules/placeholders": "beginnings of strings, whose quantifiers end where another string begins",
    "rules/events/names": "fixed names and numbers, one alternative each",
    "rules/config_files": "dotted keys, whose quantifiers never backtrack",
}
"""The modules that compose expressions at run time, and from what."""


@cache
def check(expressions):
    """Return the results of the checker."""
    lines = "".join(json.dumps({"source": each.javascript, "flags": each.flags}) + "\n" for each in expressions)
    command = [find_node(FOLDER), "check.mjs"]
    done = subprocess.run(command, cwd=FOLDER, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_expression_is_safe_or_explained():
    """An expression is proven to take linear time, or listed with the reason why it is harmless."""
    expressions = (*literal_expressions(), *schema_expressions())
    checked = tuple(each for each in expressions if each.location not in UNPROVEN)
    assert len(checked) > 80
    results = zip(checked, check(checked), strict=True)
    assert {
        (each.location, each.pattern, found["detail"]) for each, found in results if found["status"] != "safe"
    } == set()


def test_lists_are_up_to_date():
    """Listed expressions exist, and the listed modules are those that compose expressions."""
    assert UNPROVEN.keys() <= {each.location for each in literal_expressions()}
    assert modules_with_composed_expressions() == COMPOSED.keys()


@pytest.mark.parametrize(
    ("pattern", "methods"),
    [("(a|a)*$", "fullmatch"), ("[ab]+c", "search"), ("a*a*b", "match"), ("(?:a++|b+)*+c", "search")],
)
def test_catastrophic_expressions_are_found(pattern, methods):
    """An expression that takes exponential or quadratic time is vulnerable."""
    [found] = check((Expression("here", pattern, "", frozenset({methods})),))
    assert found["status"] == "vulnerable"
