"""The fuzz targets: what must be true of any bytes, a function for each reader of tcspec."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from dataclasses import replace

import jsonpatch

import tcspec
from assertions import error_codes, is_same_json
from reference.upgrade import reference_upgrade
from tcspec.contract.engines import ENGINES
from tcspec.errors import TcspecError
from tcspec.files.lines import FileError, Source, iter_lines
from tcspec.jsontext.pointer import follow, join
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, read_object
from tcspec.migration.outcomes import Status
from tcspec.migration.records import migrate_record
from tcspec.pixels.pixel import read_pixel, write_pixel
from tcspec.pixels.query import Unsayable
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.examination import examine
from tcspec.requests.request import CapturedRequest

DEEPER = Limits(depth=202)
"""A value that moves into `context` is nested two levels deeper at most."""
LINE_LIMITS = Limits(length=1 << 16)
_SIZE_CODES = frozenset({"TC020", "TC021"})
_BEYOND_FLOATS = "0" * 400
_MANY_DIGITS = re.compile(rb"[0-9]{4301}")
NOW = 1_767_225_600_000


def _read_or_none(raw):
    """Return the JSON object of a document, or None when it is unreadable."""
    try:
        return read_object(raw)
    except tcspec.UnreadablePayload as refused:
        assert refused.violations
        return None


def upgrade(raw):
    """An upgrade refuses with positions, or is idempotent, equals the second implementation, and is inverted."""
    document = _read_or_none(raw)
    try:
        after = tcspec.upgrade_json(raw)
    except tcspec.UnreadablePayload as refused:
        assert all(violation.line and violation.column for violation in refused.violations)
        assert document is None
        return
    assert tcspec.upgrade_json(after, limits=DEEPER) == after
    trace = tcspec.trace_upgrade(raw)
    assert trace.event == after
    assert (after == raw) == (not trace.changes)
    # A number that is read as 10**400 is not the number in the text.
    if document is not None and not _MANY_DIGITS.search(raw) and _BEYOND_FLOATS not in json.dumps(document):
        value = read_object(after, DEEPER)
        assert is_same_json(value, tcspec.upgrade(document))
        assert is_same_json(value, reference_upgrade(document))
        assert is_same_json(jsonpatch.apply_patch(document, trace.patch), value)
        assert is_same_json(jsonpatch.apply_patch(value, trace.inverse), document)


def validate(raw):
    """All engines find the same, valid means no error, and line and column point at the value of the pointer."""
    found = tcspec.validate(raw)
    assert [tcspec.validate(raw, engine=engine) for engine in ENGINES] == [found] * len(ENGINES)
    assert tcspec.is_valid(raw) == (not error_codes(found))
    assert all(violation.line and violation.column for violation in found)
    by_rules = tcspec.lint(raw, now=NOW)
    try:
        kind = tcspec.detect(raw).kind
    except tcspec.UnreadablePayload:
        assert found
        return
    if kind == "pixel":
        pixel(raw)
        return
    document = _read_or_none(raw)
    assert document is not None
    text = raw.decode()
    for violation in (*found, *by_rules):
        assert is_same_json(_value_at(text, violation), follow(document, violation.pointer))
    assert _without_positions(found) == _without_positions(tcspec.validate(document))


def _value_at(text, violation):
    """Read the JSON value that begins at the line and column of a violation."""
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: violation.line - 1]) + violation.column - 1
    rest = text[offset:]
    _, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(rest)
    return read_object(b'{"a":' + rest[:end].encode() + b"}", Limits(depth=300))["a"]


def _without_positions(violations):
    return [replace(each, line=None, column=None) for each in violations if each.code not in _SIZE_CODES]


def pixel(raw):
    """A call is unreadable, or its event is written as a call from which the same event is read."""
    try:
        call = read_pixel(raw)
    except tcspec.UnreadablePayload as refused:
        assert refused.violations
        return
    assert read_object(call.event_json, Limits(300)) == call.event
    again = read_pixel(write_pixel(call.event_json, call.site, call.token))
    assert (again.event_json, again.site, again.token) == (call.event_json, call.site, call.token)
    assert set(call.offsets) == set(_iter_pointers(call.event, ()))
    try:
        written = write_pixel(call.event)
    except Unsayable:
        return
    assert read_pixel(written).event.keys() == call.event.keys()


def _iter_pointers(value, path):
    yield join(path)
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, member in members:
        yield from _iter_pointers(member, (*path, part))


def captures(raw):
    """The requests of a file are examined one by one, and the pointers of violations resolve in the request."""
    for captured in filter(None, iter_captured_requests(raw)):
        if not isinstance(captured, CapturedRequest):
            assert captured.violations
            continue
        examined = examine(captured.read(DEFAULT_LIMITS))
        for violation in examined.violations:
            follow(examined.document, violation.pointer)
        request = captured.method, captured.url, captured.headers, captured.body
        assert tcspec.check_request(*request) == list(tcspec.examine_request(*request).violations)


class _Chunks(io.RawIOBase):
    """A file that returns its bytes in chunks of some lengths, again and again."""

    def __init__(self, raw, lengths):
        super().__init__()
        self._rest = memoryview(raw)
        self._lengths = lengths
        self._reads = 0

    def readable(self):
        """Return True."""
        return True

    def readinto(self, buffer):
        """Read the next chunk."""
        length = min(self._lengths[self._reads % len(self._lengths)], len(buffer), len(self._rest))
        self._reads += 1
        buffer[:length] = self._rest[:length]
        self._rest = self._rest[length:]
        return length


def lines(raw):
    """The lines of a file add up to it, whatever the limit, the chunks and the compression, and each has an outcome.

    The first byte is the limit of a line, the second the length of chunks.
    """
    limit, length, raw = (raw[0] + 1, raw[1] + 1, raw[2:]) if len(raw) > 1 else (1, 1, raw)
    found = _read_lines(io.BytesIO(raw), limit)
    assert b"".join(line for _, line, _ in found) == raw
    expected = raw.split(b"\n")
    assert len(found) == len(expected) - (not expected[-1])
    assert [line.removesuffix(b"\n") for _, line, _ in found] == expected[: len(found)]
    in_chunks = io.BufferedReader(_Chunks(raw, (length, 1, 3)), buffer_size=length + 1)
    assert _read_lines(in_chunks, limit) == found
    assert _read_lines(gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(raw, mtime=0))), limit) == found
    _check_decompression(raw)
    for line in iter_lines(Source("a file", io.BytesIO(raw))):
        outcome = migrate_record(line.content, LINE_LIMITS)
        assert (outcome.status is Status.REJECTED) <= bool(outcome.violations)
        assert outcome.status is Status.UPGRADED or outcome.payload == line.content
        assert line.content + line.ending == line.raw


def _read_lines(stream, limit):
    found = []
    for line in iter_lines(Source("a file", stream), limit):
        rest = b"".join(line.rest or ())
        found.append((line.number, line.raw + rest, bool(rest)))
    return found


def _check_decompression(raw):
    """Bytes that are read as compressed give what the standard library gives, or an `FileError`."""
    try:
        expected = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(1 << 20)
    except (OSError, EOFError, zlib.error):
        expected = None
    try:
        found = Source("a file", gzip.GzipFile(fileobj=io.BytesIO(raw))).read(1 << 20)
    except FileError as refused:
        assert refused.reason
    else:
        assert found == expected


def faulty(raw):
    """Fail on purpose on readable documents with a character that no seed has: every run of the fuzzer finds one."""
    try:
        document = read_object(raw)
    except TcspecError:
        return
    text = json.dumps(document, ensure_ascii=False)
    assert not any(character in text for character in "!#$%&*<>^`|")


TARGETS = {"upgrade_json": upgrade, "validate": validate, "read_pixel": pixel, "captures": captures, "lines": lines}
"""The targets that `make fuzz` runs, by name."""
