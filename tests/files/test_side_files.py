"""Side files are read as a whole and within limits, and what is wrong with one names it."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest

from tcspec.files.lines import FileError
from tcspec.files.side_files import decode_text, describe, is_count, parse_json, read_side_file, relative_path

MIB = 1 << 20


@pytest.mark.parametrize("length", [0, 10])
def test_maximum_length(tmp_path, length):
    """A file of the maximum length is read, one byte more is refused."""
    path = tmp_path / "a.json"
    path.write_bytes(b"x" * length)
    assert read_side_file(str(path), length) == b"x" * length
    path.write_bytes(b"x" * (length + 1))
    with pytest.raises(FileError, match=f"longer than {length} bytes"):
        read_side_file(str(path), length)


def test_compressed(tmp_path):
    """Of a compressed file that expands to 3 GB no more is in memory than the maximum."""
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(b" " * (10 * MIB)) * 300)
    tracemalloc.start()
    try:
        with pytest.raises(FileError, match="longer than 1,048,576 bytes"):
            read_side_file(str(path), MIB)
        assert tracemalloc.get_traced_memory()[1] < 4 * MIB
    finally:
        tracemalloc.stop()


def test_byte_order_mark(tmp_path):
    """A byte order mark is dropped, once."""
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf\xef\xbb\xbf{}")
    assert read_side_file(str(path)) == b"\xef\xbb\xbf{}"


def test_no_text():
    """What is not UTF-8 is refused with the line."""
    with pytest.raises(FileError, match="byte 0xff on line 3"):
        decode_text("é\n\n".encode() + b"\xff", "a")


def test_places():
    """An error has the pointer, line and column of what is wrong."""
    file = parse_json(b'{"a":\n [1, "b"]}', "a.json")
    assert str(file.error("/a/1", "an integer", "a string")) == (
        "a.json: invalid entry at /a/1 (line 2, column 6): expected an integer, got a string"
    )
    assert "at the root (line 1, column 1)" in str(file.error("", "an array", "an object"))


def test_surrogates():
    """Unpaired surrogates are refused unless they are allowed."""
    with pytest.raises(FileError, match="unpaired surrogate"):
        parse_json(b'"\\udcff"', "a")
    assert parse_json(b'"\\udcff"', "a", allow_lone_surrogates=True).value == "\udcff"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "'a'"),
        ("a" * 61, "a string"),
        (3, "the integer 3"),
        (10**5_000, "an integer"),
        (True, "a boolean"),
        (1.5, "a number"),
        (None, "null"),
        ([1], "an array"),
        ({}, "an object"),
    ],
    ids=range(9),
)
def test_descriptions(value, text):
    """A value is described as it is when it is short, else by its type."""
    assert describe(value) == text


def test_counts():
    """A count is an integer from 1 to a million million."""
    assert [is_count(value) for value in (1, 10**12, 0, 10**12 + 1, True, 1.0, "1", None)] == [True] * 2 + [False] * 6


def test_relative_paths(tmp_path):
    """Paths are relative to a folder, with slashes; standard input and what is no name stay as they are."""
    assert relative_path(tmp_path, str(tmp_path / "b" / "a.json")) == "b/a.json"
    assert relative_path(tmp_path / "c", str(tmp_path / "a.json")) == "../a.json"
    assert [relative_path(Path("b"), path) for path in ("-", "", "a\0b", "\ud800")] == ["-", "", "a\0b", "\ud800"]
