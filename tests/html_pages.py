"""Pages of the HTML reporter: of some results, of some payloads, and the findings that a page lists."""

from __future__ import annotations

import json
import re

from reporting import payload_result
from tcspec.reporters.html import render
from tcspec.reporters.results import FileFinished, FileStarted, Tally, ViolationResult
from tcspec.validation import validate

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "\"'><b onload=alert(1)>",
    "{{data}}",
    "{{script}}",
    "a\u202eb\u2066c\u0000d\x1b[31m\ud800\u2028",
    "javascript:alert(1)",
)
"""Texts that must not become markup or script, nor reach a terminal as they are."""


def page(*results, **options):
    """Return the page of results."""
    return "".join(render(results, **options))


def check(*payloads, path="a.ndjson", find=validate):
    """Yield the results of payloads as the command line does."""
    yield FileStarted(path)
    for line, payload in enumerate(payloads, 1):
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        violations = find(raw)
        yield from (ViolationResult(path, violation) for violation in violations)
        yield payload_result(path, line, raw, tuple(violations))
    yield FileFinished(path, Tally(files=1, payloads=len(payloads)))


def rows(text):
    """Return the findings that a page lists, in its order."""
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1])
    columns, texts, cells = (data[name] for name in ("columns", "texts", "cells"))
    assert sorted(set(cells)) == list(range(len(texts))) or len(texts) > len(set(cells))
    values = [texts[cell] for cell in cells]
    return [dict(zip(columns, values[start:], strict=False)) for start in range(0, len(values), len(columns))]
