"""Streams are read line by line: nothing of them is dropped, and no more of a line is held than is allowed."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tracemalloc
from itertools import islice
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.errors import TcspecError
from tcspec.files.lines import Line, Source, UnreadableFile, is_compressed, is_ndjson, iter_lines, open_source

MIB = 1 << 20
streams = st.lists(st.sampled_from((b"a", b"bc", b"\n", b"\r\n", b"\r", b"\x00", b"\xff", b"x" * 9)), max_size=30).map(
    b"".join
)


def source(raw):
    """Make a source of bytes."""
    return Source("memory", io.BytesIO(raw))


def whole(line):
    """Read a line to its end."""
    return line.raw + b"".join(line.rest or ())


def unreadable(path, read=lambda source: source.read()):
    """Give the sentence with which a file is refused."""
    with pytest.raises(UnreadableFile) as refused, open_source(str(path)) as file:
        read(file)
    return str(refused.value)


class TestLines:
    """From bytes to lines."""

    @given(streams, st.integers(0, 12))
    def test_join_to_the_stream(self, raw, limit):
        """The lines of a stream, each read to its end, are the stream: any bytes, any limit."""
        assert b"".join(map(whole, iter_lines(source(raw), limit))) == raw

    @given(streams, st.integers(0, 12))
    def test_are_those_between_line_feeds(self, raw, limit):
        """A line ends with a line feed or with the stream; a stream of lines ends with no empty one."""
        *ended, last = raw.split(b"\n")
        expected = [piece + b"\n" for piece in ended] + ([last] if last else [])
        assert [whole(line) for line in iter_lines(source(raw), limit)] == expected

    @given(streams, st.integers(0, 12), st.integers(0, 5), st.integers(0, 9), st.data())
    def test_know_their_places(self, raw, limit, number, offset, data):
        """A line knows its number and where it starts, whether the lines before were read to their end or not."""
        expected_number, expected_offset = number, offset
        for line in iter_lines(source(raw), limit, number=number, offset=offset):
            expected_number += 1
            assert (line.number, line.offset) == (expected_number, expected_offset)
            if line.rest is not None:
                list(islice(line.rest, data.draw(st.integers(0, 2))))
            start = line.offset - offset
            assert raw[start:].startswith(line.raw)
            end = raw.find(b"\n", start)
            expected_offset = offset + (len(raw) if end < 0 else end + 1)

    @given(streams, st.integers(0, 12))
    def test_are_held_up_to_the_limit(self, raw, limit):
        """Of a line no more is held than the limit and its ending, and a line that fits is held whole."""
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
        """The ending of a line is a line feed, with a carriage return or not, or nothing; the rest is its content."""
        line = Line(1, 0, raw)
        assert (line.content, line.ending) == (content, ending)

    @given(streams)
    def test_content_and_ending_are_the_line(self, raw):
        """Content and ending together are the line."""
        for line in iter_lines(source(raw)):
            assert line.content + line.ending == line.raw

    @pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
    def test_border_of_the_limit(self, ending):
        """A line whose content has as many bytes as the limit is held whole, whatever its ending."""
        [line] = iter_lines(source(b"x" * 100 + ending), 100)
        assert (line.content, line.ending, line.rest) == (b"x" * 100, ending, None)

    @pytest.mark.parametrize("size", [103, 2 * MIB + 102, 5 * MIB])
    def test_rest_of_a_long_line(self, size):
        """The rest of a line that is too long is read in pieces, and the next line follows it."""
        long, last = lines_read(source(b"x" * size + b"\nnext"), 100)
        assert len(long[1]) == 102
        assert long[2] == size + 1 - 102
        assert last == (2, b"next", 0)

    def test_memory_is_flat(self):
        """A line of many megabytes is passed over without being held."""

        class Endless(io.RawIOBase):
            """A stream of one line, made as it is read."""

            left = 256

            def readline(self, size=-1):
                """Give the next piece of the line."""
                self.left -= 1
                return b"x" * size if self.left > 0 else b""

        tracemalloc.start()
        [line] = iter_lines(Source("endless", Endless()), MIB)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert line.rest is not None
        assert peak < 8 * MIB


def lines_read(source, limit):
    """Read a stream: number, what is held, and the length of the rest of each line."""
    return [(line.number, line.raw, sum(map(len, line.rest or ()))) for line in iter_lines(source, limit)]


class TestOpening:
    """From a path to bytes."""

    @given(raw=st.binary(max_size=200))
    def test_plain_and_compressed(self, tmp_path_factory, raw):
        """A file is read as it is, or decompressed when its name says so."""
        folder = tmp_path_factory.mktemp("opening")
        for name, content in (("plain", raw), ("packed.gz", gzip.compress(raw))):
            path = folder / name
            path.write_bytes(content)
            with open_source(str(path)) as file:
                assert file.path == str(path)
                assert file.read() == raw

    def test_several_members(self, tmp_path):
        """Compressed files that were joined are read to the end of the last."""
        path = tmp_path / "joined.gz"
        path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
        with open_source(str(path)) as file:
            assert [line.raw for line in iter_lines(file)] == [b"one\n", b"two\n"]

    @pytest.mark.parametrize("name", ["events.ndjson", "events.ndjson.gz"])
    def test_resuming(self, tmp_path, name):
        """Reading goes on at any place that was read up to before, compressed or not."""
        path = tmp_path / name
        raw = b"one\ntwo\nthree"
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        with open_source(str(path)) as file:
            file.skip(4)
            rest = list(iter_lines(file, number=1, offset=4))
        assert [(line.number, line.offset, line.raw) for line in rest] == [(2, 4, b"two\n"), (3, 8, b"three")]

    def test_reads_no_more_than_asked(self, tmp_path):
        """A piece has as many bytes as are asked for."""
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
        """A file is closed when it was read, and when reading it failed."""
        path = tmp_path / "cut.gz"
        path.write_bytes(gzip.compress(b"x" * 1000)[:-9])
        with open_source(str(path)) as file:
            file.read(1)
        assert file.stream.fileobj is None or file.stream.fileobj.closed
        with pytest.raises(UnreadableFile), open_source(str(path)) as file:
            file.read()
        assert file.stream.fileobj is None or file.stream.fileobj.closed


class TestFailures:
    """Files that cannot be read."""

    def test_missing(self, tmp_path):
        """A file that is not there is told by its path."""
        assert unreadable(tmp_path / "none") == f"{tmp_path / 'none'}: there is no such file"

    def test_directory(self, tmp_path):
        """A directory is not read, and what to do instead is told."""
        assert unreadable(tmp_path) == f"{tmp_path}: it is a directory; name the files in it"

    def test_other_failures_of_the_system(self, tmp_path):
        """Anything else that the system refuses is told in its words."""
        path = tmp_path / "file"
        path.touch()
        assert unreadable(path / "below") == f"{path / 'below'}: Not a directory"

    def test_streams_that_cannot_be_resumed(self):
        """A stream that cannot go to a place says so in its name."""
        reading, writing = os.pipe()
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe, pytest.raises(UnreadableFile, match=r"^pipe: .*seek"):
            Source("pipe", pipe).skip(5)

    @pytest.mark.parametrize("kept", [0.5, 0.99])
    def test_cut_short(self, tmp_path, kept):
        """A compressed file that was cut is told after the lines that can be read."""
        packed = gzip.compress(os.urandom(50_000).hex().encode() + b"\n")
        path = tmp_path / "cut.gz"
        path.write_bytes(packed[: int(len(packed) * kept)])
        assert unreadable(path, lambda file: list(iter_lines(file))) == f"{path}: the compressed data is cut short"

    @pytest.mark.parametrize("content", [b"plain text", b"\x1f\x8b\x08\x00" + b"\xff" * 30])
    def test_not_compressed(self, tmp_path, content):
        """A file that only its name calls compressed is told so."""
        path = tmp_path / "plain.gz"
        path.write_bytes(content)
        assert unreadable(path).startswith(f"{path}: it cannot be decompressed (")

    def test_damaged(self, tmp_path):
        """Compressed data whose checksum is wrong is told so."""
        packed = bytearray(gzip.compress(b"x" * 1000))
        packed[-8] ^= 1
        path = tmp_path / "damaged.gz"
        path.write_bytes(packed)
        assert "it cannot be decompressed (CRC check failed" in unreadable(path)

    def test_are_errors_of_tcspec(self, tmp_path):
        """A file that cannot be read is misuse, caught as any error of tcspec."""
        with pytest.raises(TcspecError), open_source(str(tmp_path)):
            pass


@pytest.mark.parametrize(
    ("path", "compressed", "one_a_line"),
    [
        ("events.ndjson", False, True),
        ("events.jsonl", False, True),
        ("events.ndjson.gz", True, True),
        ("events.jsonl.gz", True, True),
        ("event.json", False, False),
        ("event.json.gz", True, False),
        ("ndjson", False, False),
        ("events.ndjson/event.json", False, False),
        ("-", False, False),
    ],
)
def test_names(path, compressed, one_a_line):
    """The name of a file tells whether it is compressed, and whether it holds one document a line."""
    assert (is_compressed(path), is_ndjson(path)) == (compressed, one_a_line)
