"""A payload is decoded once, whatever is done with it and whatever is wrong with it."""

from __future__ import annotations

import json
from collections import Counter

import msgspec
import orjson
import pytest

import tcspec
from command import put
from command import tcspec as run

CLEAN = {
    "event_name": "search",
    "search_term": "tent",
    "user": {"id": "C-1024", "consistent_anonymous_id": "a-52", "consent_categories": ["1"]},
    "context": {"event_id": "e-7d9a0c01", "event_timestamp": 1767225600000},
}
BROKEN = {
    **CLEAN,
    "user": {"id": 12, "email": "ada@shop.example"},
    "context": {"event_id": "e-7d9a0c01", "event_timestamp": 1767225600},
    "serch_term": "tent",
}
BATCH = {"batch": [CLEAN, BROKEN, {**CLEAN, "context": {"event_timestamp": "1767225600"}}]}
PAYLOADS = {"clean": CLEAN, "broken": BROKEN, "batch": BATCH}

LIBRARY = {
    "validate": tcspec.validate,
    "is_valid": tcspec.is_valid,
    "lint": tcspec.lint,
    "check": tcspec.check,
    "fix_json": lambda raw: tcspec.fix_json(raw, unsafe=True),
    "summarise": tcspec.summarise,
    "guard": lambda raw: tcspec.guard(raw) if b"serch" not in raw else tcspec.validate(raw),
    "parse": lambda raw: tcspec.parse(raw) if b"serch" not in raw else tcspec.validate(raw),
}
COMMANDS = [
    ("check",),
    ("check", "--format", "json"),
    ("validate", "--format", "sarif"),
    ("validate", "--format", "html"),
    ("check", "--format", "sarif"),
    ("check", "--format", "html"),
    ("check", "--stats"),
    ("fix", "--unsafe", "--check"),
    ("size",),
]


@pytest.fixture
def decoded(monkeypatch, tmp_path):
    """Return a counter of the decoded JSON objects that hold one of the payloads here."""
    texts: Counter[str] = Counter()

    def counting(decode, position):
        def wrapper(*arguments, **options):
            text = arguments[position]
            text = text if isinstance(text, str) else bytes(text).decode()
            if text.lstrip().startswith("{") and "e-7d9a0c01" in text:
                texts[text.strip()] += 1
            return decode(*arguments, **options)

        return wrapper

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(json.JSONDecoder, "decode", counting(json.JSONDecoder.decode, 1))
    monkeypatch.setattr(msgspec.json, "decode", counting(msgspec.json.decode, 0))
    monkeypatch.setattr(orjson, "loads", counting(orjson.loads, 0))
    return texts


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("function", LIBRARY)
def test_library(decoded, function, name):
    """A function of the library decodes a payload once, also when it is broken, and nothing that it made of it."""
    raw = json.dumps(PAYLOADS[name]).encode()
    LIBRARY[function](raw)
    assert decoded == {raw.decode(): 1}


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_command_line(decoded, arguments, name):
    """A command decodes a payload once, in every format of its report."""
    raw = json.dumps(PAYLOADS[name])
    run(*arguments, put("a.json", raw.encode()))
    assert decoded == {raw: 1}
