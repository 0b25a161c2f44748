"""Fixes as pieces of text in place of others."""

from __future__ import annotations

import json

import jsonpatch
import pytest
from hypothesis import given

from strategies.events import valid_events
from tcspec.errors import Fix
from tcspec.reporters.replacements import replacements
from tcspec.reporters.results import Source

TEXT = '{"event_name": "x",\n "currency": "eur", "value": 1.50,\n "user": {"EMAIL": "a"}, "items": [{"id": "é"}, 5]}'


def edited(text, *steps, **source):
    """Apply the replacements of a fix to a text; None when there are none."""
    made = replacements(Source(text.encode(), **source), Fix("mend it", steps))
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:index]) for index in range(len(lines))]
    for each in sorted(made, key=lambda each: -(starts[each.line - 1] + each.column)):
        start, end = starts[each.line - 1] + each.column - 1, starts[each.end_line - 1] + each.end_column - 1
        text = text[:start] + each.text + text[end:]
    return text if made else None


@pytest.mark.parametrize(
    ("steps", "before", "after"),
    [
        (({"op": "replace", "path": "/currency", "value": "EUR"},), '"eur"', '"EUR"'),
        (({"op": "move", "from": "/currency", "path": "/CURRENCY"},), '"currency"', '"CURRENCY"'),
        (({"op": "move", "from": "/user/EMAIL", "path": "/user/email"},), '"EMAIL"', '"email"'),
        (({"op": "replace", "path": "/items", "value": []},), None, None),
        (({"op": "replace", "path": "/items/0/id", "value": "SKU-4711"},), '"é"', '"SKU-4711"'),
    ],
)
def test_spelt(steps, before, after):
    """A value is exchanged, a property renamed where it stands, and nothing else changes."""
    assert edited(TEXT, *steps) == (TEXT.replace(before, after) if before else None)


def test_several():
    """A fix of several steps is spelt whole."""
    steps = (
        {"op": "move", "from": "/currency", "path": "/CURRENCY"},
        {"op": "replace", "path": "/value", "value": 2},
    )
    assert json.loads(edited(TEXT, *steps)) == jsonpatch.apply_patch(json.loads(TEXT), steps)


@pytest.mark.parametrize(
    "step",
    [
        {"op": "remove", "path": "/value"},
        {"op": "add", "path": "/type", "value": "EUR"},
        {"op": "move", "from": "/value", "path": "/user/value"},
        {"op": "move", "from": "/currency", "path": "/value"},
        {"op": "move", "from": "/items/0", "path": "/items/1"},
        {"op": "replace", "path": "/nothing", "value": 1},
        {"op": "replace", "path": "/user/EMAIL", "value": "b"},
        {"op": "replace", "path": "/currency", "value": "ada@shop.example"},
    ],
)
def test_not_spelt(step):
    """A fix with a step that takes more than that, or would show what is masked, is not spelt at all."""
    fine = {"op": "replace", "path": "/value", "value": 2}
    assert edited(TEXT, step) is None
    assert edited(TEXT, fine, step) is None


def test_of_no_text():
    """Without a text that can be read there is nothing to replace."""
    fix = Fix("mend it", ({"op": "move", "from": "/a", "path": "/b"},))
    assert replacements(None, fix) == replacements(Source(b"{"), fix) == replacements(Source(b"\xff"), fix) == ()


def test_place_in_file():
    """Lines count from the line of the file on which the document begins, pointers from where the payload is."""
    text = '{"body": {"event_name": "x", "value": 1}}'
    fix = Fix("mend it", ({"op": "replace", "path": "/value", "value": 2},))
    (made,) = replacements(Source(text.encode(), line=9, pointer="/body"), fix)
    assert (made.line, made.column, made.end_line, made.end_column) == (9, 39, 9, 40)


@given(valid_events)
def test_renaming(event):
    """Renaming any property of an event is what the same JSON Patch does."""
    text = json.dumps(event, indent=2, ensure_ascii=False)
    for name in event:
        step = {"op": "move", "from": f"/{escaped(name)}", "path": "/tcspec_new"}
        assert json.loads(edited(text, step)) == jsonpatch.apply_patch(event, [step])


def escaped(name):
    """Spell a name as a part of a pointer."""
    return name.replace("~", "~0").replace("/", "~1")
