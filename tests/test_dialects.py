"""The dialects of events, and the signs that show them."""

from __future__ import annotations

import pytest
from hypothesis import given

from dialect_examples import EXAMPLES
from reference.upgrade import is_legacy as reference_is_legacy
from strategies.objects import biased_objects
from tcspec.dialects import DIALECTS, is_flat, is_legacy, is_web_version
from tcspec.json_types import is_integer


class TestTable:
    """The table of dialects."""

    def test_every_dialect_has_an_example(self):
        """Every dialect is in the table once, and has an example."""
        assert list(EXAMPLES) == [dialect.id for dialect in DIALECTS]

    def test_senders(self):
        """The sender of a dialect is a server, except for those of a web container or a mobile SDK."""
        named = {name: sender for name in EXAMPLES for sender in ("web", "mobile") if sender in name}
        assert dict.fromkeys(EXAMPLES, "server") | named | {"v1_android": "mobile"} == {
            dialect.id: dialect.sender for dialect in DIALECTS
        }


class TestLegacy:
    """The difference between 1.0 and 2.0."""

    @given(biased_objects)
    def test_agrees_with_the_second_implementation(self, payload):
        """An event is legacy as in the second implementation, and never with an object `context`."""
        assert is_legacy(payload) == reference_is_legacy(payload)
        assert not is_legacy(payload | {"context": {}})

    @given(biased_objects)
    def test_depends_on_the_root(self, payload):
        """The format depends on the root only, and not on the content of its objects and arrays."""
        outline = {key: type(value)() if isinstance(value, dict | list) else value for key, value in payload.items()}
        assert is_legacy(outline) == is_legacy(payload)
        assert is_web_version(outline) == is_web_version(payload)

    @pytest.mark.parametrize("value", [True, 1.0, "1", 2, None, [1]])
    def test_version_is_the_integer_1(self, value):
        """Only the integer 1 is the version of the web container: not `true`, not `1.0`, not a string."""
        assert is_web_version({"version": 1})
        assert not is_web_version({"version": value})
        assert not is_legacy({"event_name": "x", "version": value})

    @pytest.mark.parametrize(
        ("value", "expected"), [(1, True), (-(10**30), True), (True, False), (1.0, False), ("1", False), (None, False)]
    )
    def test_integers(self, value, expected):
        """An integer is a JSON integer."""
        assert is_integer(value) is expected

    @pytest.mark.parametrize("key", ["event_name", "user", "context", "event", "event_id", "app"])
    def test_flat_hits(self, key):
        """A flat hit has scalars only, no root key of an event, and a sign of the older product."""
        for sign in ("idSite", "ID_SITE", "tc_s", "env_template", "product_list_product_id_1"):
            assert is_flat({"id": "7", sign: 1.5})
            assert not is_flat({"id": "7", sign: "x", key: "x"})
            assert not is_flat({"id": "7", sign: "x", "list": []})
        assert is_flat({"date": "10/06/2024 08:00"})
        assert not is_flat({"date": "2024-06-10 08:00"})
        assert not is_flat({})

    @pytest.mark.parametrize(
        "line",
        [
            {"id": "P1", "name": "Tent", "price": 12.5},
            {"id": "P1", "category_1": "Shoes"},
            {"id": "7", "email": "ada@shop.example"},
            {"status": 200, "message": "OK"},
            {"": 1},
        ],
    )
    def test_scalars_are_no_flat_hits(self, line):
        """A line of other data has scalars only too, and no sign of the older product."""
        assert not is_flat(line)
