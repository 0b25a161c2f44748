"""Integers of many digits are converted alike, whatever limit a program sets on Python."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from command import program
from tcspec.jsontext.integers import (
    BEYOND_FLOAT,
    MAX_INTEGER_DIGITS,
    format_integer,
    is_too_long,
    parse_integer,
    replace_long_integers,
)

LIMITS = (640, MAX_INTEGER_DIGITS, 0)
"""The lowest limit on the digits that Python converts, its default, and none."""
LENGTHS = (400, 640, 641, 1000, MAX_INTEGER_DIGITS, MAX_INTEGER_DIGITS + 1, 6000)
EVENT = (
    '{"event_name":"purchase","id":"1","value":%s,"currency":"EUR","items":[{"id":"1","quantity":%s}],"a":{"b":[%s]}}'
)
LEGACY = '{"event":"purchase","properties":{"user":{"consent_categories":[%s]},"a":%s},"b":{"c":%s}}'


@pytest.fixture
def set_limit():
    """Return the function that sets the limit of Python for one test."""
    before = sys.get_int_max_str_digits()
    yield sys.set_int_max_str_digits
    sys.set_int_max_str_digits(before)


@given(st.integers(1, 10**30), st.sampled_from(LENGTHS), st.booleans())
def test_digits(number, length, is_negative):
    """An integer of any number of digits is parsed exactly, and formatted with the same digits."""
    digits = str(number) + "7" * length
    absolute = number * 10**length + 10**length // 9 * 7
    written, value = (f"-{digits}", -absolute) if is_negative else (digits, absolute)
    assert parse_integer(written) == value
    assert format_integer(value) == written
    assert is_too_long(value) == (len(digits) > MAX_INTEGER_DIGITS)


def test_replaced_for_other_libraries(set_limit):
    """Below the default limit, longer integers are replaced by one beyond floats, with their sign."""
    value = {"a": [10**640, -(10**640), 10**639, True, None, "x", 1.5]}
    assert replace_long_integers(value) is value
    set_limit(640)
    assert replace_long_integers(value) == {"a": [BEYOND_FLOAT, -BEYOND_FLOAT, 10**639, True, None, "x", 1.5]}
    set_limit(0)
    assert replace_long_integers(value) is value


def outcome(function, *arguments, **options):
    """Return the result of a function, or the sentence of its error."""
    try:
        return function(*arguments, **options)
    except tcspec.TcspecError as error:
        return str(error)


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("template", [EVENT, LEGACY], ids=["event", "legacy"])
def test_every_limit_has_the_same_results(set_limit, template, length, sign):
    """Every function has the same result for long integers, in text and in Python values, under every limit."""
    digits = sign + "7" * length
    text = (template % (digits, digits, digits)).encode()
    value = json.loads(text, parse_int=parse_integer)
    functions = (
        *(tcspec.validate, tcspec.lint, tcspec.check, tcspec.is_valid, tcspec.parse, tcspec.detect),
        *(tcspec.trace_upgrade, tcspec.payload_size, tcspec.check_size, tcspec.write_pixel),
        lambda payload: tcspec.validate(payload, engine="reference"),
        lambda payload: (tcspec.fix_json if isinstance(payload, bytes) else tcspec.fix)(payload, unsafe=True),
        lambda payload: list(tcspec.split_batch([payload])),
        lambda payload: tcspec.check_request("POST", "/events?tc_s=1", {"Host": "collect.commander1.com"}, payload),
        lambda payload: tcspec.normalise_timestamp(
            payload["b" if "b" in payload else "value"] if payload is value else digits
        ),
    )
    results = []
    for limit in LIMITS:
        set_limit(limit)
        results.append([outcome(function, payload) for function in functions for payload in (text, value)])
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize("command", ["check", "upgrade"])
def test_command_line(tmp_path, command):
    """The command line prints the same under every limit."""
    path = tmp_path / "event.json"
    path.write_text(LEGACY % (("7" * 5000,) * 3), encoding="utf-8")
    ran = [program(command, path, env={"PYTHONINTMAXSTRDIGITS": str(limit)}) for limit in LIMITS]
    assert ran[0] == ran[1] == ran[2]
    assert ran[0].code < 2
