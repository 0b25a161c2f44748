"""Globs are matched in linear time, as regular expressions would do it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.files.globs import MAX_LENGTH, is_glob, parse_glob

TRANSLATED = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "[a-b]": "[a-b]", "[!a-b]": "[^a-b/]"}
"""Wildcards with the regular expressions that mean the same."""


@given(
    st.lists(st.sampled_from((*TRANSLATED, "a", "b", "/", "a/b", "-", "]")), min_size=1, max_size=6),
    st.text("ab/-]\n", max_size=10),
)
def test_same_as_regular_expressions(parts, path):
    """A glob matches what the regular expression of its wildcards matches."""
    text = "".join(parts)
    expression = "".join(
        TRANSLATED.get(part, re.escape(part)) for part in re.findall(r"\*\*/|\*\*|\[!?a-b\]|.", text, re.DOTALL)
    )
    assert parse_glob(text).matches(path) == bool(re.fullmatch(expression, path, re.DOTALL))


@pytest.mark.parametrize(
    "glob",
    [
        "*a" * 6 + "*b",
        "*a" * 2_000 + "*b",
        "**a" * 1_300 + "**b",
        "**/" * 1_300 + "b",
        "**/*a" * 800 + "b",
        "?*" * 2_000 + "b",
        "[!b]*" * 800 + "b",
        "*" * (MAX_LENGTH - 1) + "b",
    ],
    ids=range(8),
)
def test_linear_time(glob):
    """A glob with very many wildcards is matched in no time: a regular expression does not end."""
    assert not parse_glob(glob).matches("a" * 200 + "/")


@pytest.mark.parametrize(
    ("glob", "reason"),
    [
        ("", "got an empty string"),
        ("a\0b", "null character"),
        ("[z-a]", r"the range \[z-a\] has no character; did you mean \[a-z\]"),
        ("fixtures/[a-c9-0]*.json", r"the range \[9-0\] has no character"),
        ("[!z-a]", "no character"),
        ("*" * (MAX_LENGTH + 1), "at most 4,096 characters, got 4,097"),
    ],
)
def test_bad_globs(glob, reason):
    """A glob that can match no path is refused with the reason."""
    with pytest.raises(ValueError, match=reason):
        parse_glob(glob)


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("[a-]", "-", True),
        ("[-a]", "-", True),
        ("[a-c-e]", "d", False),
        ("[", "[", True),
        ("[]", "[]", True),
        ("[!]", "!", True),
        ("a[b", "a[b", True),
        (r"[\]", "\\", True),
        ("[!a]", "/", False),
        ("é?", "éà", True),
    ],
)
def test_brackets(glob, path, matches):
    """A hyphen at either end, and a bracket without its counterpart, stand for themselves."""
    assert parse_glob(glob).matches(path) == matches


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("**/b", "b", True),
        ("**/b", "a/b", True),
        ("**/b", "ab", False),
        ("x/y/**/y/", "x/y/", False),
        ("ab**b", "ab", False),
        ("ab*b", "ab", False),
        ("a?b", "a/b", False),
        ("a?", "a", False),
        ("a[ab]", "a", False),
        ("a[!a]b", "a/b", False),
    ],
)
def test_wildcards(glob, path, matches):
    """A wildcard stands for characters behind what is before it, which no other part of the glob stands for."""
    assert parse_glob(glob).matches(path) == matches


def test_is_glob():
    """A path without wildcards is no glob."""
    assert [is_glob(text) for text in ("a.json", "a[.json", "*.json", "a?", "[ab]")] == [False, False, True, True, True]
