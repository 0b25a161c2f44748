"""Values and slices of JSON text are one to the upgrade."""

from __future__ import annotations

import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import spelt
from strategies.values import json_values
from tcspec.jsontext.reader import MAX_INTEGER_DIGITS
from tcspec.upgrades.representations import SLICES, VALUES, gives_key_twice


class TestNotations:
    """Values and slices of text are two forms of one thing."""

    @given(spelt(json_values()))
    def test_agree_on_every_leaf(self, drawn):
        """A leaf opens, lists, reads and spells alike in both notations."""
        value, raw = drawn
        leaf = msgspec.Raw(raw.strip(b" \t\r\n"))
        opened, items = SLICES.open(leaf), SLICES.items(leaf)
        assert (list(opened) if opened is not None else None) == (list(value) if isinstance(value, dict) else None)
        assert (len(items) if items is not None else None) == (len(value) if isinstance(value, list) else None)
        assert SLICES.integer(leaf) == VALUES.integer(value)
        if not isinstance(value, dict | list):
            assert json.dumps(SLICES.read(leaf)) == json.dumps(VALUES.read(value))
        else:
            assert SLICES.read(leaf) == type(value)()

    @given(spelt(st.dictionaries(st.text(max_size=3), json_values(), max_size=4)), st.booleans(), st.data())
    def test_see_keys_given_twice(self, drawn, again, data):
        """An object that gives a key twice is seen in any spelling, however its inner objects are."""
        members, raw = drawn
        if again and members:
            key = data.draw(st.sampled_from(sorted(members)))
            name = data.draw(st.sampled_from((json.dumps(key), json.dumps(key, ensure_ascii=False))))
            raw = raw.rstrip()[:-1] + f",{name}:{{{name}:1,{name}:2}}".encode() + b"}"
        decoded = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        assert gives_key_twice(raw, decoded) == bool(again and members)

    @pytest.mark.parametrize("sign", ["", "-"])
    @pytest.mark.parametrize("length", [1, MAX_INTEGER_DIGITS, MAX_INTEGER_DIGITS + 1, 3 * MAX_INTEGER_DIGITS + 2])
    def test_read_long_integers_exactly(self, length, sign):
        """An integer is read to its last digit in both notations, however many it has and zeros among them."""
        digits = sign + ("90210" * length)[:length]
        value = int(Decimal(digits))
        assert SLICES.exact(msgspec.Raw(digits.encode())) == value == VALUES.exact(value)
