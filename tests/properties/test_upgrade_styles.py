"""Properties of the upgrade in place: an upgraded text is formatted as the original, whatever its style."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

import tcspec
from strategies.documents import INDENTS, formatted
from strategies.events import valid_events
from strategies.legacy import mixed_events
from strategies.objects import biased_objects
from tcspec.jsontext.positions import TOKEN, iter_values
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.strategies import legacy_events
from tcspec.upgrades.upgrading import upgrade_bytes

events = st.one_of(biased_objects, legacy_events(), mixed_events, valid_events)
objects = st.one_of(events, st.fixed_dictionaries({"batch": st.lists(events, max_size=3)}))

ADDED_LEVELS = 5
"""How many keys an upgrade may put around one value on its line: `context`, `legacy`, its old path."""


def edit(raw):
    """Return the text of an upgraded payload in the style of its original."""
    return upgrade_bytes(raw, DEFAULT_LIMITS).edit_text()


def count_scalars(raw):
    """Count the numbers, strings and names in a JSON text that are values, as they are written."""
    text = raw.decode()
    tokens = (TOKEN.match(text, position.start) for position in iter_values(text))
    return Counter(token[0] for token in tokens if token and token[0] not in "{[")


def count_keys_per_line(raw):
    """Return the number of keys on the line that has most of them."""
    lines = raw.decode().split("\n")
    return max(sum(token[0] == ":" for token in TOKEN.finditer(line)) for line in lines)


@given(formatted(objects))
def test_value(drawn):
    """The text has the value that `upgrade_json` returns, with the same order of the keys of an event."""
    edited, upgraded = json.loads(edit(drawn[1])), json.loads(tcspec.upgrade_json(drawn[1]))
    assert json.dumps(edited, sort_keys=True) == json.dumps(upgraded, sort_keys=True)
    assert list(edited) == list(upgraded)
    events = edited["batch"] if isinstance(edited.get("batch"), list) else []
    for index, event in enumerate(events):
        assert not isinstance(event, dict) or list(event) == list(upgraded["batch"][index])


@given(formatted(objects))
def test_scalars(drawn):
    """Every value that is not converted is written as it was."""
    assert count_scalars(edit(drawn[1])) == count_scalars(tcspec.upgrade_json(drawn[1]))


@given(formatted(objects))
def test_lines(drawn):
    """No line gets the members of several lines of the original."""
    assert count_keys_per_line(edit(drawn[1])) <= count_keys_per_line(drawn[1]) + ADDED_LEVELS


@given(formatted(objects))
def test_line_ends(drawn):
    """Lines end as those of the original do, and the last as it did."""
    edited = edit(drawn[1]).decode()
    assert ("\n" in edited) <= (b"\n" in drawn[1])
    assert ("\r" in edited) <= (b"\r" in drawn[1])
    assert edited.endswith("\n") == drawn[1].endswith(b"\n")
    assert edited.count("\r\n") in {0, edited.count("\n")}


@given(formatted(objects))
def test_canonical_texts_stay(drawn):
    """A text that was edited already, or needs no change, stays byte for byte."""
    edited = edit(drawn[1])
    assert edit(edited) == edited


@given(
    objects,
    INDENTS,
    st.sampled_from([(",", ":"), (", ", ": "), (",", ": "), (",", " : ")]),
)
def test_regular_styles(value, indent, separators):
    """A text of the standard library is edited into what the standard library would write."""
    separators = separators if indent is None else (",", separators[1])

    def encode(value):
        return json.dumps(value, indent=indent, separators=separators, ensure_ascii=False)

    # Two members, so that the style shows.
    text = encode({"event": "a", "properties": {"b": 1}} | value)
    edited = edit(text.encode()).decode()
    assert edited == encode(json.loads(edited))
