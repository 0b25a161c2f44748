"""What rules check: an event with what the catalogue has about it."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from strategies.events import valid_events
from strategies.objects import biased_objects
from tcspec.contract.credentials import WORDS_OF_CREDENTIALS
from tcspec.contract.schemas import load_catalogue
from tcspec.jsontext.encoder import encode_compact
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import ABSENT, RuleContext, find_duplicate_ids
from tcspec.rules.known_objects import properties_of_event
from tcspec.size import payload_size
from tcspec.strategies.values import json_values


def context(**properties):
    """Return an event as rules check it."""
    return RuleContext({"event_name": "login", "user": {"a/b": ["x"]}} | properties, EVENT_2_0, "server", 0)


def test_name_and_spec():
    """The catalogue has a specification of a standard event, and an empty one of any other."""
    assert (context().name, context().spec["status"]) == ("login", "standard")
    assert (context(event_name="mine").spec, context(event_name=7).name, context(event_name=7).spec) == ({}, None, {})


def test_values():
    """A value is found by its path; what is not there is absent, whatever is in its place."""
    event = context(none=None)
    assert (event.at("user", "a/b", 0), event.at("none")) == ("x", None)
    assert [event.at(*path) for path in (("b",), ("user", "b"), ("user", "a/b", 1), ("none", 0))] == [ABSENT] * 4


def test_spec_at():
    """The catalogue has a specification of a standard property, and an empty one of a custom property."""
    assert context().spec_at(("user", "email"))["format"] == "email"
    assert context().spec_at(("user", "nickname")) == {}


def test_facts_of_an_event():
    """A user is an object or empty; lines and products are the objects among those of an event with items."""
    product = {"id": "p"}
    items = [{"product": product}, 7, {"product": [product]}]
    sale = context(event_name="view_cart", user="ada", items=items)
    assert sale.user == {}
    assert sale.lines == ((("items", 0), items[0]), (("items", 2), items[2]))
    assert sale.products == ((("items", 0, "product"), product),)
    assert (context(items=items).lines, context(items=items).products) == ((), ())
    assert context(event_name="view_cart", items={}).lines == ()


def test_readings():
    """The timestamps of an event are read once; what is missing or unreadable has no reading."""
    event = context(context={"event_timestamp": 1718006400000, "created": "soon"})
    assert (event.timestamp.ms, event.timestamp.unit, event.created) == (1718006400000, "ms", None)
    assert event.timestamp is event.timestamp
    assert (context().timestamp, context(context=[]).created) == (None, None)


def walk(value):
    """Yield every name in a value, and every string in it, with whether it is a name."""
    if isinstance(value, str):
        yield value, False
    if isinstance(value, dict):
        yield from ((name, True) for name in value)
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        yield from walk(member)


@given(st.one_of(valid_events, biased_objects, st.dictionaries(st.text(), json_values())))
def test_mentions(payload):
    """Every name beyond the catalogue is among the names of a payload, and every text in it is mentioned."""
    event = RuleContext(payload, EVENT_2_0, "server", 0)
    known = {name for specs in load_catalogue()["objects"].values() for name in specs["properties"]}
    known |= event.properties.specs.keys()
    for text, is_name in walk(payload):
        if text.isalnum() and text.isascii():
            assert event.mentions(text.lower().encode())
            assert not is_name or text in known or event.may_name([text.lower().encode()])


@pytest.mark.parametrize("name", ["Source-Key", "source_key", "SOURCE\u212aEY"])
@pytest.mark.parametrize(
    "place", [lambda member: member, lambda member: {"mine": [member]}, lambda member: {"user": member}]
)
def test_names_in_any_notation(name, place):
    """Case, hyphens and underscores do not hide a name, nor do letters whose lower case is an ASCII letter."""
    assert context(**place({name: 1})).may_name([b"sourcekey"])
    assert not context(**place({name: 1})).may_name([b"sourcekeys"])


def test_lower_case_of_other_letters():
    """No other letter has a lower case with letters that end there, or that a word of credentials has within."""
    others = [chr(code) for code in range(128, 0x110000) if any(map(str.isascii, chr(code).lower()))]
    assert others == ["\u0130", "\u212a"]
    assert "\u0130".lower() == "i\u0307"


def test_names_of_the_catalogue():
    """No property of the catalogue that an event can have is named as a credential."""
    pending = [properties_of_event(name) for name in ("", *load_catalogue()["events"])]
    names = set()
    while pending:
        known = pending.pop()
        names |= {name.replace("_", "").lower().encode() for name in known.specs}
        pending += [inner for inner, _ in known.objects.values()]
    assert not [name for name in names for word in WORDS_OF_CREDENTIALS if word in name]


def test_what_cannot_be_written():
    """A payload that orjson cannot write may mention anything, unless the text is known that it was read from."""
    event = context(big=10**30)
    assert (event.text, event.may_name([b"anything"]), event.mentions(b"anything")) == (None, True, True)
    assert event.may_have_placeholder
    read = RuleContext(event.value, EVENT_2_0, "server", 0, encode_compact(event.value))
    assert not read.may_have_placeholder
    assert not read.may_name([b"anything"])
    assert not read.mentions(b"anything")


def test_escapes_in_the_text():
    """Where the text has escapes, another one is searched that has none of letters."""
    body = rb'{"mine": "https:\/\/shop.example\/", "\u0061": "\u0075ndefined"}'
    event = RuleContext(json.loads(body), EVENT_2_0, "server", 0, body)
    assert event.text == event.written
    assert event.may_have_placeholder


@given(st.dictionaries(st.text(), json_values()))
def test_size_of_what_is_written(payload):
    """The compact body is at most twice as long as what orjson writes: only numbers are written in other ways."""
    event = RuleContext(payload, EVENT_2_0, "server", 0)
    assert event.written is None or payload_size(payload) <= 2 * len(event.written)


@given(st.floats(0, 1e308, allow_infinity=False), st.sampled_from(("{:g}", "{:e}", "{:.0e}", "{}")))
@example(1e15, "1e15")
def test_size_of_the_text(number, notation):
    """The compact body is at most five times as long as any text that it was read from."""
    text = f'{{"n":{notation.format(number)}}}'
    assert payload_size(json.loads(text)) <= 5 * len(text)


def test_duplicate_ids():
    """Items are objects with their paths; an id that an earlier item has is found with the path of that item."""
    event = context(items=[{"id": "a"}, 7, {"id": 1}, {"id": 1}, {"id": "a"}, {}])
    assert [path for path, _ in event.iter_items()] == [("items", index) for index in (0, 2, 3, 4, 5)]
    assert list(find_duplicate_ids(event.iter_items())) == [(("items", 4, "id"), ("items", 0))]
    assert list(context(items={"id": "a"}).iter_items()) == []


def test_specs_of_the_root():
    """A property of the root is that of the event, also of one that is named as in the 1.0 format."""
    for event in (context(event_name="view_cart"), context(event_name="view_cart", event="login")):
        assert (event.root_spec("items")["object"], event.root_spec("method")) == ("Item", {})
    former = RuleContext({"event": "view_cart"}, EVENT_2_0, "server", 0)
    assert (former.root_spec("items")["object"], former.root_spec("method")) == ("Item", {})
    assert RuleContext({}, EVENT_2_0, "server", 0).root_spec("items") == {}
