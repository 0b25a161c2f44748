"""What must hold for lines of bytes, however the file gives them: in pieces of any length, compressed or not."""

from __future__ import annotations

import gzip
import io
import zlib

from tcspec.files.lines import FileError, Source, iter_lines
from tcspec.jsontext.reader import Limits
from tcspec.migration.outcomes import Status, migrate_record

LIMITS = Limits(length=1 << 16)


class Pieces(io.RawIOBase):
    """A file that gives its bytes in pieces of lengths that go round."""

    def __init__(self, raw, lengths):
        super().__init__()
        self._rest = memoryview(raw)
        self._lengths = lengths
        self._turn = 0

    def readable(self):
        """Say that this can be read."""
        return True

    def readinto(self, buffer):
        """Give the next piece."""
        length = min(self._lengths[self._turn % len(self._lengths)], len(buffer), len(self._rest))
        self._turn += 1
        buffer[:length] = self._rest[:length]
        self._rest = self._rest[length:]
        return length


def read(raw):
    """The lines of a file add up to it, whatever their limit, its pieces and its compression, and each has an outcome.

    The first byte is the limit, the second the length of pieces.
    """
    limit, length, raw = (raw[0] + 1, raw[1] + 1, raw[2:]) if len(raw) > 1 else (1, 1, raw)
    told = _lines(io.BytesIO(raw), limit)
    assert b"".join(piece for _, _, piece, _ in told) == raw
    expected = raw.split(b"\n")
    assert len(told) == len(expected) - (not expected[-1])
    assert [offset for _, offset, _, _ in told] == [sum(len(p) for _, _, p, _ in told[:at]) for at in range(len(told))]
    in_pieces = io.BufferedReader(Pieces(raw, (length, 1, 3)), buffer_size=length + 1)
    assert _lines(in_pieces, limit) == told
    assert _lines(gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(raw, mtime=0))), limit) == told
    _as_compressed(raw)
    for line in iter_lines(Source("a file", io.BytesIO(raw))):
        outcome = migrate_record(line.content, LIMITS)
        assert (outcome.status is Status.REJECTED) <= bool(outcome.violations)
        assert outcome.status is Status.UPGRADED or outcome.payload == line.content
        assert line.content + line.ending == line.raw


def _lines(stream, limit):
    told = []
    for line in iter_lines(Source("a file", stream), limit):
        rest = b"".join(line.rest or ())
        told.append((line.number, line.offset, line.raw + rest, bool(rest)))
    return told


def _as_compressed(raw):
    """Bytes that are taken for compressed ones are read as far as they go, or refused as a file of that name."""
    try:
        plain = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(1 << 20)
    except (OSError, EOFError, zlib.error):
        plain = None
    try:
        read_back = Source("a file", gzip.GzipFile(fileobj=io.BytesIO(raw)))
        told = read_back.read(1 << 20)
    except FileError as refused:
        assert refused.reason
    else:
        assert told == plain
