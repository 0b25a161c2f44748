"""Values and slices of JSON text are the same to the upgrade."""

from __future__ import annotations

import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import serialized
from tcspec.jsontext.reader import MAX_INTEGER_DIGITS
from tcspec.strategies.values import json_values
from tcspec.upgrades.representations import SLICES, VALUES, has_duplicate_keys


class TestRepresentations:
    """Values and slices of text represent the same."""

    @given(serialized(json_values()))
    def test_agree_on_every_leaf(self, drawn):
        """A leaf is opened and read alike in both representations."""
        value, raw = drawn
        leaf = msgspec.Raw(raw.strip(b" \t\r\n"))
        opened, items = SLICES.open_object(leaf), SLICES.open_array(leaf)
        assert (list(opened) if opened is not None else None) == (list(value) if isinstance(value, dict) else None)
        assert (len(items) if items is not None else None) == (len(value) if isinstance(value, list) else None)
        assert SLICES.read_digits(leaf) == VALUES.read_digits(value)
        if not isinstance(value, dict | list):
            assert json.dumps(SLICES.read(leaf)) == json.dumps(VALUES.read(value))
        else:
            assert SLICES.read(leaf) == type(value)()

    @given(serialized(st.dictionaries(st.text(max_size=3), json_values(), max_size=4)), st.booleans(), st.data())
    def test_find_duplicate_keys(self, drawn, has_duplicate, data):
        """A duplicate key of an object is found in any notation, and those of objects in it do not count."""
        members, raw = drawn
        if has_duplicate and members:
            key = data.draw(st.sampled_from(sorted(members)))
            name = data.draw(st.sampled_from((json.dumps(key), json.dumps(key, ensure_ascii=False))))
            raw = raw.rstrip()[:-1] + f",{name}:{{{name}:1,{name}:2}}".encode() + b"}"
        decoded = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        assert has_duplicate_keys(raw, decoded) == bool(has_duplicate and members)

    @pytest.mark.parametrize("sign", ["", "-"])
    @pytest.mark.parametrize("length", [1, MAX_INTEGER_DIGITS, MAX_INTEGER_DIGITS + 1, 3 * MAX_INTEGER_DIGITS + 2])
    def test_read_long_integers_exactly(self, length, sign):
        """An integer is read to its last digit in both representations, however many it has."""
        digits = sign + ("90210" * length)[:length]
        value = int(Decimal(digits))
        assert SLICES.read_exactly(msgspec.Raw(digits.encode())) == value == VALUES.read_exactly(value)
