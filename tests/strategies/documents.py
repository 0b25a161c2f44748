"""JSON texts in any notation of their values, and bytes that are not JSON, or nearly are."""

from __future__ import annotations

import json
import random
from decimal import Decimal

from hypothesis import strategies as st

from strategies.events import valid_events
from strategies.objects import biased_objects
from tcspec.strategies import legacy_events
from tcspec.strategies.values import json_values

_SHORT = {
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}


def serialize(value, rng):
    """Serialize a JSON value in one of its many notations."""
    match value:
        case str():
            return '"' + "".join(_character(character, rng) for character in value) + '"'
        case bool() | None:
            return json.dumps(value)
        case int():
            return "-0" if value == 0 and rng.random() < 0.2 else str(value)
        case float():
            return _float(value, rng)
        case list():
            return (
                "[" + ",".join(_space(rng) + serialize(item, rng) + _space(rng) for item in value) + _space(rng) + "]"
            )
    members = (
        _space(rng) + serialize(key, rng) + _space(rng) + ":" + _space(rng) + serialize(item, rng) + _space(rng)
        for key, item in value.items()
    )
    return "{" + ",".join(members) + _space(rng) + "}"


INDENTS = st.sampled_from([None, *(" " * width for width in range(9)), "\t"])
"""What people and programs indent a level by; None is a document on one line."""


def format_by_hand(value, rng, indent, newline):
    """Serialize a JSON value as people do: some of it on one line, some on many, some with blank lines between."""
    colon, comma = rng.choice((":", ": ", " : ")), rng.choice(("", " "))

    def write(value, margin):
        if not isinstance(value, dict | list):
            return serialize(value, rng)
        if not value:
            return wrap(value, "", "", "")
        pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
        if indent is None or rng.random() < 0.3:
            members = [write_member(*pair, margin) for pair in pairs]
            space = rng.choice(("", " "))
            return wrap(value, space, f",{comma}".join(members), space)
        inner = margin + indent
        members = [write_member(*pair, inner) for pair in pairs]
        gaps = rng.choices((f"{newline}{inner}", f"{newline}{newline}{inner}", comma), (8, 1, 2), k=len(members))
        text = "".join(f",{gap}{member}" for gap, member in zip(gaps, members, strict=True))
        before, text = text[1 : len(gaps[0]) + 1], text[len(gaps[0]) + 1 :]
        return wrap(value, before, text, newline + margin if rng.random() < 0.9 else "")

    def write_member(key, member, margin):
        return write(member, margin) if key is None else serialize(key, rng) + colon + write(member, margin)

    return write(value, "")


def wrap(value, before, text, after):
    """Put the brackets of an object or array around the text of its members."""
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{before}{text}{after}{closing}"


@st.composite
def formatted(draw, values):
    """Draw a JSON value and its bytes as someone may have formatted them."""
    value = draw(values)
    rng = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - a format, not secrets
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = format_by_hand(value, rng, draw(INDENTS), newline)
    return value, (text + draw(st.sampled_from(["", newline]))).encode()


def _space(rng):
    return rng.choice((" ", "\t", "\n", "\r\n  ")) if rng.random() < 0.1 else ""


def _character(character, rng):
    if character in _SHORT and (character != "/" or rng.random() < 0.5):
        return _SHORT[character]
    if ord(character) < 0x20 or rng.random() < 0.1:
        escaped = json.dumps(character) if ord(character) > 0x7E else f'"\\u{ord(character):04x}"'
        return escaped[1:-1]
    return character


def _float(value, rng):
    plain = repr(value)
    if rng.random() < 0.5:
        return plain
    if "e" not in plain:
        return plain + "0" * rng.randrange(3)
    mantissa, exponent = plain.split("e")
    return f"{mantissa}{rng.choice('eE')}{Decimal(exponent):+}"


@st.composite
def serialized(draw, values):
    """Draw a JSON value and its bytes in some notation."""
    value = draw(values)
    text = serialize(value, random.Random(draw(st.integers(0, 2**32))))  # noqa: S311 - notation, not secrets
    return value, text.encode()


_FRAGMENTS = (
    *(
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "1E5",
        "1.10",
        "-0",
        "-0.0",
        "0e0",
        "12345678901234567890",
    ),
    *(
        "01",
        "+1",
        "1.",
        ".5",
        "-",
        "0x10",
        "1e",
        "True",
        "nul",
        "'a'",
        "[1,]",
        "{,}",
        '{"a" 1}',
        "[1 2]",
        "/* */ 1",
    ),
    *(
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '"\\ud83d\\ude00"',
        '{"\\ud800": 1}',
        '"\\x41"',
        '"\\u12"',
        '"\t"',
        '"\\u0000"',
    ),
    *(
        '{"a": 1, "a": 1}',
        '[{"b": {"c": 1, "\\u0063": 2}}]',
        "9" * 5000,
        "[" * 150 + "]" * 150,
        "[" * 250 + "]" * 250,
    ),
)
_TEMPLATES = (
    '{"event": "x", "properties": {"a": %s}}',
    '{"event": "x", "event_timestamp": %s, "properties": {}}',
    '{"event": "x", "properties": {"user": {"consent_categories": [%s]}}}',
    '{"event": "x", "page": {"location": %s}, "device": {"cookies": %s}}',
    '{"event_name": "x", "user": %s, "context": {"eventId": %s}}',
    '{"event_name": "x", "context": {"created": %s}}',
    '{"version": %s, "properties": %s, "context": 1}',
    '{"version": %s}',
    "%s",
)
_templates_filled = st.builds(
    lambda template, fragment: template.replace("%s", fragment).encode(),
    st.sampled_from(_TEMPLATES),
    st.sampled_from(_FRAGMENTS),
)
_payloads = serialized(st.one_of(valid_events, legacy_events(), biased_objects)).map(lambda drawn: drawn[1])


@st.composite
def damaged(draw, texts):
    """Draw bytes that somebody cut, changed at one place, or wrote twice."""
    raw = draw(texts)
    at = draw(st.integers(0, len(raw)))
    damage = draw(st.sampled_from(("cut", "insert", "drop", "mark", "twice", "tail")))
    match damage:
        case "cut":
            return raw[:at]
        case "insert":
            return (
                raw[:at]
                + draw(st.sampled_from((b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b",", b'"', b"{", b"}")))
                + raw[at:]
            )
        case "drop":
            return raw[:at] + raw[at + 1 :]
        case "mark":
            return b"\xef\xbb\xbf" + raw
        case "twice":
            return raw + raw
    return raw + draw(st.sampled_from((b"\n", b" \r\n", b"\x00", b"x", b"\xa0", b"\x0b")))


@st.composite
def duplicate_keys(draw):
    """Draw a document with a duplicate key in an object at some depth, and the path of that object."""
    path = draw(
        st.sampled_from(
            (
                (),
                ("properties",),
                ("page",),
                ("device",),
                ("user",),
                ("properties", "user"),
                ("properties", "deep"),
            )
        )
    )
    key, first, second = (json.dumps(draw(values)) for values in (json_values().map(str), json_values(), json_values()))
    text = f"{{{key}: {first}, {key}: {second}}}"
    for name in reversed(path):
        text = f"{{{json.dumps(name)}: {text}}}"
    event = json.dumps({"event": "x", "eventId": "1"})[1:-1]
    return "{" + event + ", " + text[1:], path


hostile_documents = st.one_of(
    _templates_filled, damaged(st.one_of(_payloads, _templates_filled)), st.binary(max_size=40)
)
"""Bytes that may or may not be a payload."""
