"""What must hold for any bytes whatever, a function for each reader of tcspec; it fails with an AssertionError."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import jsonpatch

import tcspec
from reference.upgrade import reference_upgrade
from tcspec.contract.engines import ENGINES
from tcspec.errors import Severity, TcspecError
from tcspec.jsontext.pointer import follow, join
from tcspec.jsontext.reader import Limits, read_object
from tcspec.pixels.pixel import read_pixel, write_pixel
from tcspec.pixels.query import Unsayable
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.request import CapturedRequest

DEEP = Limits(depth=202)
"""What moves into `context` is nested two levels deeper at most."""
_OF_SIZE = frozenset({"TC020", "TC021"})
_BEYOND_FLOATS = "0" * 400
_MANY_DIGITS = re.compile(rb"[0-9]{4301}")
NOW = 1_767_225_600_000


def same(one, other):
    """Tell whether two JSON values are the same: types count, the order of keys does not."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def read_or_none(raw):
    """Read a document strictly; None when it is refused."""
    try:
        return read_object(raw)
    except tcspec.UnreadablePayload as refused:
        assert refused.violations
        return None


def upgrade(raw):
    """An upgrade refuses with reasons, or gives what upgrades to itself, as values do, and can be undone."""
    document = read_or_none(raw)
    try:
        after = tcspec.upgrade_json(raw)
    except tcspec.UnreadablePayload as refused:
        assert all(found.line and found.column for found in refused.violations)
        assert document is None
        return
    assert tcspec.upgrade_json(after, limits=DEEP) == after
    traced = tcspec.trace_upgrade(raw)
    assert traced.event == after
    assert (after == raw) == (not traced.changes)
    # Numbers that are read as 10**400 are other numbers than their text says.
    if document is not None and not _MANY_DIGITS.search(raw) and _BEYOND_FLOATS not in json.dumps(document):
        value = read_object(after, DEEP)
        assert same(value, tcspec.upgrade(document))
        assert same(value, reference_upgrade(document))
        assert same(jsonpatch.apply_patch(document, traced.patch), value)
        assert same(jsonpatch.apply_patch(value, traced.inverse), document)


def judge(raw):
    """The engines find the same, valid means no error, and every violation stands where it is said to stand."""
    found = tcspec.validate(raw)
    assert [tcspec.validate(raw, engine=engine) for engine in ENGINES] == [found] * len(ENGINES)
    assert tcspec.is_valid(raw) == all(violation.severity is not Severity.ERROR for violation in found)
    assert all(violation.line and violation.column for violation in found)
    advised = tcspec.lint(raw, now=NOW)
    try:
        kind = tcspec.detect(raw).kind
    except tcspec.UnreadablePayload:
        assert found
        return
    if kind == "pixel":
        pixels(raw)
        return
    document = read_or_none(raw)
    assert document is not None
    text = raw.decode()
    for violation in (*found, *advised):
        assert same(_value_at(text, violation), follow(document, violation.pointer))
    assert _unplaced(found) == _unplaced(tcspec.validate(document))


def _value_at(text, violation):
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: violation.line - 1]) + violation.column - 1
    return read_any(text[offset:])


def read_any(text):
    """Read the JSON value that a text begins with, its numbers as `documents.read` reads them."""
    _, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(text)
    return read_object(b'{"a":' + text[:end].encode() + b"}", Limits(depth=300))["a"]


def _unplaced(violations):
    return [replace(each, line=None, column=None) for each in violations if each.code not in _OF_SIZE]


def pixels(raw):
    """A call is refused, or read as an event that is written as a call that is read the same."""
    try:
        pixel = read_pixel(raw)
    except tcspec.UnreadablePayload as refused:
        assert refused.violations
        return
    assert read_object(pixel.event_json, Limits(300)) == pixel.event
    again = read_pixel(write_pixel(pixel.event_json, pixel.site, pixel.token))
    assert (again.event_json, again.site, again.token) == (pixel.event_json, pixel.site, pixel.token)
    assert set(pixel.offsets) == set(_pointers(pixel.event, ()))
    try:
        call = write_pixel(pixel.event)
    except Unsayable:
        return
    assert read_pixel(call).event.keys() == pixel.event.keys()


def _pointers(value, path):
    yield join(path)
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, member in members:
        yield from _pointers(member, (*path, part))


def captures(raw):
    """A file of requests is read one by one; each has a verdict, whose pointers resolve in the request."""
    for captured in iter_captured_requests(raw):
        if not isinstance(captured, CapturedRequest):
            assert captured.violations
            continue
        examined = tcspec.examine_request(captured.method, captured.url, captured.headers, captured.body)
        for violation in examined.violations:
            follow(examined.document, violation.pointer)
        assert list(examined.violations) == tcspec.check_request(
            captured.method, captured.url, captured.headers, captured.body
        )


def broken(raw):
    """Fail on purpose, on some of what is read without a fault: a run must find it."""
    try:
        document = read_object(raw)
    except TcspecError:
        return
    text = json.dumps(document, ensure_ascii=False)
    assert not any(piece in text for piece in ("\U0001f600", "/batch/", "%5B", "%C3%A9", "{{", "HTTP/1.1"))
