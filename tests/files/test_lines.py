"""Streams are read line by line: no byte is dropped, and no more of a line is in memory than the limit."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tracemalloc
from itertools import islice
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tcspec.errors import TcspecError
from tcspec.files.compression import by_head
from tcspec.files.formats import explain_container
from tcspec.files.lines import FileError, Line, Source, is_compressed, iter_lines, open_source, wrap_os_errors

MIB = 1 << 20
streams = st.lists(st.sampled_from((b"a", b"bc", b"\n", b"\r\n", b"\r", b"\x00", b"\xff", b"x" * 9)), max_size=30).map(
    b"".join
)


def source(raw):
    """Build a source of bytes."""
    return Source("memory", io.BytesIO(raw))


def join(line):
    """Read a line to its end."""
    return line.raw + b"".join(line.rest or ())


def error_of(path, read=lambda source: source.read()):
    """Return the message of the error that reading a file raises."""
    with pytest.raises(FileError) as refused, open_source(str(path)) as file:
        read(file)
    return str(refused.value)


class TestLines:
    """A stream is split into lines."""

    @given(streams, st.integers(0, 12))
    def test_join_to_the_stream(self, raw, limit):
        """The lines of a stream, each read to its end, are the stream: any bytes, any limit."""
        assert b"".join(map(join, iter_lines(source(raw), limit))) == raw

    @given(streams, st.integers(0, 12))
    def test_are_those_between_line_feeds(self, raw, limit):
        """A line ends with a line feed or with the stream, and no empty line follows the last line feed."""
        *ended, last = raw.split(b"\n")
        expected = [piece + b"\n" for piece in ended] + ([last] if last else [])
        assert [join(line) for line in iter_lines(source(raw), limit)] == expected

    @given(streams, st.integers(0, 12), st.data())
    def test_have_numbers(self, raw, limit, data):
        """A line has its number and its bytes, whether the lines before were read to their end or not."""
        offset = 0
        for number, line in enumerate(iter_lines(source(raw), limit), 1):
            assert line.number == number
            if line.rest is not None:
                list(islice(line.rest, data.draw(st.integers(0, 2))))
            assert raw[offset:].startswith(line.raw)
            offset = raw.find(b"\n", offset) + 1 or len(raw)
        assert offset == len(raw)

    @given(streams, st.integers(0, 12))
    def test_are_in_memory_up_to_the_limit(self, raw, limit):
        """A line is in memory up to the limit and its ending, and complete when it fits."""
        for line in iter_lines(source(raw), limit):
            assert len(line.raw) <= limit + len(b"\r\n")
            if line.rest is not None:
                assert len(line.raw) > limit
                assert not line.raw.endswith(b"\n")

    @pytest.mark.parametrize(
        ("raw", "content", "ending"),
        [
            (b"a\n", b"a", b"\n"),
            (b"a\r\n", b"a", b"\r\n"),
            (b"a\r\r\n", b"a\r", b"\r\n"),
            (b"a", b"a", b""),
            (b"\n", b"", b"\n"),
            (b"\r\n", b"", b"\r\n"),
            (b"a\n\n", b"a\n", b"\n"),
        ],
    )
    def test_content_and_ending(self, raw, content, ending):
        """The ending of a line is a line feed with or without a carriage return, or nothing."""
        line = Line(1, raw)
        assert (line.content, line.ending) == (content, ending)

    @given(streams)
    def test_content_and_ending_are_the_line(self, raw):
        """Content and ending together are the line."""
        for line in iter_lines(source(raw)):
            assert line.content + line.ending == line.raw

    @pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
    def test_at_the_limit(self, ending):
        """A line whose content has the maximum length is complete, whatever its ending."""
        [line] = iter_lines(source(b"x" * 100 + ending), 100)
        assert (line.content, line.ending, line.rest) == (b"x" * 100, ending, None)

    @pytest.mark.parametrize("size", [103, 2 * MIB + 102, 5 * MIB])
    def test_rest_of_a_long_line(self, size):
        """The rest of a line that is too long is read in chunks, and the next line follows it."""
        long, last = lines_read(source(b"x" * size + b"\nnext"), 100)
        assert len(long[1]) == 102
        assert long[2] == size + 1 - 102
        assert last == (2, b"next", 0)

    def test_memory_is_flat(self):
        """A line of many megabytes is never in memory as a whole."""

        class Endless(io.RawIOBase):
            """A stream of one line, generated while it is read."""

            remaining = 256

            def readline(self, size=-1):
                """Return the next chunk of the line."""
                self.remaining -= 1
                return b"x" * size if self.remaining > 0 else b""

        tracemalloc.start()
        [line] = iter_lines(Source("endless", Endless()), MIB)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert line.rest is not None
        assert peak < 8 * MIB


def lines_read(source, limit):
    """Return number, raw bytes and length of the rest of each line of a stream."""
    return [(line.number, line.raw, sum(map(len, line.rest or ()))) for line in iter_lines(source, limit)]


class TestOpening:
    """A path is opened as a source."""

    @given(raw=st.binary(max_size=200))
    def test_plain_and_compressed(self, tmp_path_factory, raw):
        """A file is read as it is, or decompressed when its name ends with .gz."""
        assume(not explain_container(raw) and by_head(raw) is None)
        folder = tmp_path_factory.mktemp("opening")
        for name, content in (("plain", raw), ("packed.gz", gzip.compress(raw))):
            path = folder / name
            path.write_bytes(content)
            with open_source(str(path)) as file:
                assert file.path == str(path)
                assert file.read() == raw

    def test_several_members(self, tmp_path):
        """All members of a compressed file are read."""
        path = tmp_path / "joined.gz"
        path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
        with open_source(str(path)) as file:
            assert [line.raw for line in iter_lines(file)] == [b"one\n", b"two\n"]

    @pytest.mark.parametrize("name", ["events.ndjson", "events.ndjson.gz"])
    def test_seeking(self, tmp_path, name):
        """Reading continues at an offset, compressed or not."""
        path = tmp_path / name
        raw = b"one\ntwo\nthree"
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        with open_source(str(path)) as file:
            file.seek(4)
            assert [line.raw for line in iter_lines(file)] == [b"two\n", b"three"]

    def test_sizes(self, tmp_path):
        """No more is read than the given size."""
        path = tmp_path / "file"
        path.write_bytes(b"abc\ndef")
        with open_source(str(path)) as file:
            assert (file.read(2), file.readline(1), file.readline(), file.read()) == (b"ab", b"c", b"\n", b"def")

    def test_standard_input(self, monkeypatch):
        """A dash is standard input, which stays open."""
        stream = io.BytesIO(b"one\ntwo")
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
        with open_source("-") as file:
            assert file.path == "standard input"
            assert [line.raw for line in iter_lines(file)] == [b"one\n", b"two"]
        assert not stream.closed

    def test_files_are_closed(self, tmp_path):
        """A file is closed after it was read, and after reading it failed."""
        path = tmp_path / "cut.gz"
        path.write_bytes(gzip.compress(b"x" * 1000)[:-9])
        with open_source(str(path)) as file:
            file.read(1)
        assert file.stream.fileobj is None or file.stream.fileobj.closed
        with pytest.raises(FileError), open_source(str(path)) as file:
            file.read()
        assert file.stream.fileobj is None or file.stream.fileobj.closed


class TestFailures:
    """A file that cannot be read is an error that names it."""

    def test_missing(self, tmp_path):
        """A file that does not exist."""
        assert error_of(tmp_path / "none") == f"{tmp_path / 'none'}: No such file or directory"

    def test_directory(self, tmp_path):
        """A directory."""
        assert error_of(tmp_path) == f"{tmp_path}: Is a directory"

    def test_not_a_directory(self, tmp_path):
        """A file below another file."""
        path = tmp_path / "file"
        path.touch()
        assert error_of(path / "below") == f"{path / 'below'}: Not a directory"

    def test_streams_without_offsets(self):
        """A stream that cannot seek."""
        reading, writing = os.pipe()
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe, pytest.raises(FileError, match=r"^pipe: .*seek"):
            Source("pipe", pipe).seek(5)

    @pytest.mark.parametrize("kept", [0.5, 0.99])
    def test_cut_short(self, tmp_path, kept):
        """A compressed file that is truncated, after the lines that can be read."""
        packed = gzip.compress(os.urandom(50_000).hex().encode() + b"\n")
        path = tmp_path / "cut.gz"
        path.write_bytes(packed[: int(len(packed) * kept)])
        assert error_of(path, lambda file: list(iter_lines(file))) == f"{path}: compressed data is truncated"

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"plain text", "is not compressed with gzip, as its name says"),
            (b"\x1f\x8b\x08\x00" + b"\xff" * 30, "cannot be decompressed ("),
        ],
    )
    def test_not_compressed(self, tmp_path, content, expected):
        """A file that is compressed by its name only, or by its first bytes."""
        path = tmp_path / "plain.gz"
        path.write_bytes(content)
        assert error_of(path).startswith(f"{path}: {expected}")

    def test_damaged(self, tmp_path):
        """Compressed data with a wrong checksum."""
        packed = bytearray(gzip.compress(b"x" * 1000))
        packed[-8] ^= 1
        path = tmp_path / "damaged.gz"
        path.write_bytes(packed)
        assert "cannot be decompressed (CRC check failed" in error_of(path)

    def test_are_errors_of_tcspec(self, tmp_path):
        """The error is one of tcspec."""
        with pytest.raises(TcspecError), open_source(str(tmp_path)):
            pass


@pytest.mark.parametrize(
    ("path", "expected"), [("events.ndjson", False), ("events.ndjson.gz", True), ("gz", False), ("-", False)]
)
def test_names(path, expected):
    """A file whose name ends with .gz is compressed."""
    assert is_compressed(path) is expected


@pytest.mark.parametrize("path", ["a\0b.json", "\0", "\ud800.json"])
def test_impossible_names(path):
    """A name that no file can have is an error that says so."""
    with pytest.raises(FileError, match="no file can have this name"), open_source(path):
        pass


def test_other_value_errors_stay():
    """Another error of a value is no error of the file."""
    with pytest.raises(ValueError, match="bug"), wrap_os_errors("a.json"):
        raise ValueError("bug")
