"""A second implementation of the strict JSON reader: it checks one rule after the other, slowly and simply."""

from __future__ import annotations

import json
from decimal import Decimal

DEPTH = 200


def find_code(raw):
    """Return the code of the first thing wrong with a document, or None."""
    return next(iter_codes(raw), None)


def iter_codes(raw):
    """Yield the code of every rule that a document breaks, as far as it can be read."""
    if raw.startswith(b"\xef\xbb\xbf"):
        yield "TC003"
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        yield "TC002"
        return
    if not text.strip(" \t\r\n"):
        yield "TC008"
    if depth_of(text) > DEPTH:
        yield "TC006"
        return
    try:
        json.loads(text, parse_int=Decimal)
    except json.JSONDecodeError:
        yield "TC001"
        return
    yield from iter_lenient_codes(text)


def depth_of(text):
    """Return how many arrays and objects are open at once in a text, which need not be JSON."""
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


def iter_lenient_codes(text):
    """Yield the codes of what the decoder of the standard library accepts."""
    codes = []

    def check_names(members):
        if len({name for name, _ in members}) < len(members):
            codes.append("TC004")
        return dict(members)

    value = json.loads(
        text, parse_int=Decimal, object_pairs_hook=check_names, parse_constant=lambda _: codes.append("TC011")
    )
    yield from codes
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        yield "TC005"
