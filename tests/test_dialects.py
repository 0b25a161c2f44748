"""The border between the formats of events, and the table of their dialects."""

from __future__ import annotations

import pytest
from hypothesis import given

from dialect_examples import EXAMPLES
from reference.upgrade import is_legacy as reference_is_legacy
from strategies.objects import biased_objects
from tcspec.kinds import DIALECTS, is_flat, is_integer, is_legacy, is_web_version


class TestTable:
    """The table of dialects."""

    def test_every_dialect_has_an_example(self):
        """The table of dialects names each once, and each can be met."""
        assert list(EXAMPLES) == [dialect.id for dialect in DIALECTS]

    def test_senders(self):
        """A dialect is sent by a server unless it is that of a web container or of a mobile SDK."""
        named = {name: sender for name in EXAMPLES for sender in ("web", "mobile") if sender in name}
        assert dict.fromkeys(EXAMPLES, "server") | named | {"v1_android": "mobile"} == {
            dialect.id: dialect.sender for dialect in DIALECTS
        }


class TestLegacy:
    """The border between 1.0 and 2.0."""

    @given(biased_objects)
    def test_agrees_with_the_text_of_the_contract(self, payload):
        """An event is legacy when the contract says so, and never with an object `context`."""
        assert is_legacy(payload) == reference_is_legacy(payload)
        assert not is_legacy(payload | {"context": {}})

    @given(biased_objects)
    def test_is_seen_from_the_outline(self, payload):
        """To tell the formats apart the root is enough: what its objects and lists hold does not matter."""
        outline = {key: type(value)() if isinstance(value, dict | list) else value for key, value in payload.items()}
        assert is_legacy(outline) == is_legacy(payload)
        assert is_web_version(outline) == is_web_version(payload)

    @pytest.mark.parametrize("value", [True, 1.0, "1", 2, None, [1]])
    def test_version_is_the_integer_1(self, value):
        """Only the integer 1 is the version of the web container: not `true`, not `1.0`, not a text."""
        assert is_web_version({"version": 1})
        assert not is_web_version({"version": value})
        assert not is_legacy({"event_name": "x", "version": value})

    @pytest.mark.parametrize(
        ("value", "expected"), [(1, True), (-(10**30), True), (True, False), (1.0, False), ("1", False), (None, False)]
    )
    def test_integers(self, value, expected):
        """An integer is a JSON integer as it is written."""
        assert is_integer(value) is expected

    @pytest.mark.parametrize("part", ["event_name", "user", "context", "event", "event_id", "app"])
    def test_flat_hits_have_no_part_of_an_event(self, part):
        """A flat hit has scalars only, and none of the names that an event has at its root."""
        assert is_flat({"id": "7", "price": 1.5})
        assert not is_flat({"id": "7", part: "x"})
        assert not is_flat({"id": "7", "list": []})
        assert not is_flat({})
