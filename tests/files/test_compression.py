"""Compressed files are read to their last byte or not at all, whatever they are compressed with."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import tcspec
from tcspec.files import compression
from tcspec.files.atomic import write_file
from tcspec.files.compression import COMPRESSIONS, by_head, by_name, compress, strip_suffix
from tcspec.files.identity import read_state
from tcspec.files.lines import FileError, open_source

EACH = pytest.mark.parametrize("kind", COMPRESSIONS, ids=lambda kind: kind.name)


def read(path):
    """Return the decompressed content of a file."""
    with open_source(str(path)) as source:
        return source.read()


@EACH
@given(parts=st.lists(st.lists(st.binary(max_size=50))))
def test_members(kind, parts):
    """What is compressed in several members is read as one content."""
    raw = b"".join(b"".join(compress(part, kind)) for part in parts)
    expected = b"".join(map(b"".join, parts))
    assert (kind.open_reader(io.BytesIO(raw)).read() if raw else b"") == expected


@EACH
def test_names_and_first_bytes(kind, tmp_path):
    """A file is recognised by its name, and by its first bytes under any name; it is written as its name says."""
    named, other = tmp_path / f"a.ndjson{kind.suffix}", tmp_path / "b"
    write_file(str(named), b"{}\n")
    other.write_bytes(named.read_bytes())
    assert by_head(named.read_bytes()) is by_name(str(named)) is kind
    assert read(named) == read(other) == b"{}\n"
    assert strip_suffix("a.json" + kind.suffix) == strip_suffix("a.json") == "a.json"
    assert strip_suffix("A.JSON" + kind.suffix.upper()) == "A.JSON"
    assert by_name("A.JSON" + kind.suffix.upper()) is kind
    with open_source(str(named)) as source:
        assert source.is_compressed
        assert read_state(source.stream) == read_state(named)
        source.seek(1)
        assert source.read() == b"}\n"


@EACH
@pytest.mark.parametrize("kept", [4, 10, 1000, -1])
def test_truncated(kind, kept, tmp_path):
    """A file that is cut off anywhere is an error, and no content."""
    path = tmp_path / f"cut{kind.suffix}"
    path.write_bytes(b"".join(compress([os.urandom(9000).hex().encode()], kind))[:kept])
    with pytest.raises(FileError, match=r"cut.*: compressed data is truncated"):
        read(path)
    ran = tcspec("migrate", str(path), str(tmp_path / "t"))
    assert (ran.code, "truncated" in ran.err, [each.name for each in tmp_path.iterdir()]) == (2, True, [path.name])


@EACH
def test_damaged(kind, tmp_path):
    """A file that is damaged, compressed twice or not compressed at all is an error that says so."""
    path = tmp_path / f"bad{kind.suffix}"
    raw = bytearray(b"".join(compress([b"x" * 1000, os.urandom(1000)], kind)))
    raw[500] ^= 255
    path.write_bytes(raw)
    with pytest.raises(FileError, match=r"bad.*: cannot be decompressed"):
        read(path)
    path.write_bytes(b"{}")
    with pytest.raises(FileError, match=f"is not compressed with {kind.name}, as its name says"):
        read(path)
    path.write_bytes(b"".join(compress(compress([b"{}"], kind), kind)))
    with pytest.raises(FileError, match=f"is compressed twice; decompress it once: {kind.name} -dc"):
        read(path)


def test_without_the_package(tmp_path, monkeypatch):
    """Where nothing reads zstd, the error names the extra to install."""
    path = tmp_path / "a.zst"
    write_file(str(path), b"{}")

    def fail(name):
        raise ImportError(name)

    monkeypatch.setattr(compression, "import_module", fail)
    with pytest.raises(FileError, match=r"is compressed with zstd; install tcspec\[zstd\]"):
        read(path)
    with pytest.raises(FileError, match=r"install tcspec\[zstd\]"):
        write_file(str(path), b"{}")
