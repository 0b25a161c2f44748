"""Files read so that they can be written again: what stands between the documents is given too."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tcspec.files.documents import is_continued, is_json
from tcspec.files.lines import Line, is_ndjson, iter_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.files.lines import Source
    from tcspec.jsontext.reader import Limits

_CHUNK = 1 << 20


def lines_of(source: Source, path: str, limits: Limits, *, as_lines: bool = False) -> Iterator[Line]:
    """Read a file as it was told apart by `documents`: line by line, blank ones too, or as one long line.

    Together they are all the bytes of the file. What is longer than the limit has a `rest`, which must be read before
    the next line is asked for.
    """
    stream = iter_lines(source, limits.length)
    if is_ndjson(path) or (as_lines and not is_json(path)):
        yield from stream
    elif is_json(path):
        yield _whole(source, limits)
    else:
        yield from _of_either(stream, source, limits)


def _of_either(stream: Iterator[Line], source: Source, limits: Limits) -> Iterator[Line]:
    held: list[Line] = []
    full: list[Line] = []
    for line in stream:
        held.append(line)
        if line.rest or line.raw.strip():
            full.append(line)
        if line.rest or len(full) > 1:
            break
    if len(full) > 1 and not full[-1].rest and is_continued(*full):
        yield _whole(source, limits, b"".join(line.raw for line in held))
    else:
        yield from chain(held, stream)


def _whole(source: Source, limits: Limits, before: bytes = b"") -> Line:
    missing = limits.length + len(b"\r\n") - len(before)
    raw = before + (source.read(missing) if missing > 0 else b"")
    following = source.read(_CHUNK)
    return Line(1, 0, raw, _chunks(source, following) if following else None)


def _chunks(source: Source, chunk: bytes) -> Iterator[bytes]:
    while chunk:
        yield chunk
        chunk = source.read(_CHUNK)
