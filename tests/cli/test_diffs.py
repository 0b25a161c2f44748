from __future__ import annotations

import io
from contextlib import redirect_stdout
from unittest import mock

import pytest

from tcspec.cli import diffs


@pytest.mark.parametrize(
    ("before", "after", "line", "expected"),
    [
        ("a\n", "b\n", 1, "@@ -1 +1 @@\n-a\n+b\n"),
        ("a", "b", 1, "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"),
        ("a\n", "b\n", 7, "@@ -7 +7 @@\n-a\n+b\n"),
        ("a", "b", 7, "@@ -7 +7 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"),
        ("1\n2\n3\n4\n5\n", "1\n2\n3\n4\n6\n", 1, "@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+6\n"),
        ("1\n2\n3\n4\n5\n", "1\n2\n3\n4\n6\n", 3, "@@ -4,4 +4,4 @@\n 2\n 3\n 4\n-5\n+6\n"),
        ("a\u2028\r\n", "b\u2028\r\n", 1, "@@ -1 +1 @@\n-a\u2028\r\n+b\u2028\r\n"),
        ("a\n", "a\n", 1, ""),
    ],
)
def test_hunks(before, after, line, expected):
    """Lines that differ are in hunks as `patch` expects them."""
    assert "".join(diffs.iter_hunks(before, after, line)) == expected


def test_colors():
    """Lines are coloured by their first character, their endings are not; only what `patch` needs is not escaped."""
    with (
        mock.patch.object(diffs, "choose_colors", return_value=lambda style, text: f"<{style}>{text}</>"),
        redirect_stdout(io.StringIO()) as out,
    ):
        diffs.write_diff(["--- a\n", "@@ -1 +1 @@\n", "-a\r\n", "+\tb\n", " c\rd\x1b\n", "-\u202e\u2028::d\n"])
    assert out.getvalue() == (
        "<path>--- a</>\n<detail>@@ -1 +1 @@</>\n<removed>-a</>\r\n<added>+\tb</>\n c\\rd\\x1b\n"
        "<removed>-\\u202e\u2028\\x3a:d</>\n"
    )
