"""The strict reading of JSON a second time, rule after rule and character by character: slow, obvious, independent."""

from __future__ import annotations

import json
from decimal import Decimal

DEPTH = 200


def code_of(raw):
    """Work out in which way bytes are no JSON within the limits; None when they are JSON."""
    return next(flaws_of_bytes(raw), None)


def flaws_of_bytes(raw):
    """Yield the code of every rule that is broken, until nothing more can be said."""
    if raw.startswith(b"\xef\xbb\xbf"):
        yield "TC003"
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        yield "TC002"
        return
    if not text.strip(" \t\r\n"):
        yield "TC008"
    if levels(text) > DEPTH:
        yield "TC006"
        return
    try:
        json.loads(text, parse_int=Decimal)
    except json.JSONDecodeError:
        yield "TC001"
        return
    yield from flaws_of_text(text)


def levels(text):
    """Count the levels of nesting of what looks like JSON."""
    depth = deepest = at = 0
    while at < len(text):
        if text[at] == '"':
            at += 1
            while at < len(text) and text[at] != '"':
                at += 2 if text[at] == "\\" else 1
        elif text[at] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif text[at] in "]}":
            depth -= 1
        at += 1
    return deepest


def flaws_of_text(text):
    """Yield the codes of what a lenient decoder lets pass."""
    found = []

    def pairs(members):
        if len({name for name, _ in members}) < len(members):
            found.append("TC004")
        return dict(members)

    value = json.loads(text, parse_int=Decimal, object_pairs_hook=pairs, parse_constant=lambda _: found.append("TC011"))
    yield from found
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        yield "TC005"
