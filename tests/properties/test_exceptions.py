"""Public functions only raise errors of tcspec, whatever their arguments."""

from __future__ import annotations

import inspect
import types

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from locations import FIXTURES
from strategies.hostile import anything
from tcspec.rules.config import Config

HOSTILE = FIXTURES / "hostile"
FOUND = yaml.safe_load((HOSTILE / "values.yaml").read_text(encoding="utf-8"))
"""Values that once raised another exception, or never ended."""

URL = "https://collect.commander1.com/events?tc_s=1&token=2"
KINDS = (None, "event", "batch", "pixel", "user", "product", "conversion")

CALLS = {
    "check": lambda value: [
        *(_call(tcspec.check, value, kind, config=Config()) for kind in KINDS),
        _call(tcspec.check, {}, config=value if value is not None else Config()),
    ],
    "check_request": lambda value: [
        tcspec.check_request("POST", URL, {"Content-Type": "application/json"}, value),
        tcspec.check_request("POST", "https://api.commander1.com/v2/1/products/bulk", (), [value]),
        _call(tcspec.check_request, "POST", URL, value, b"{}"),
        _call(tcspec.check_request, "POST", URL, [("Content-Encoding", value), ("a", value)], b"\x1f\x8b"),
        _call(tcspec.check_request, value, value),
    ],
    "check_size": lambda value: [tcspec.check_size(value, kind) for kind in ("event", "batch")],
    "detect": tcspec.detect,
    "examine_request": lambda value: tcspec.examine_request("GET", URL, (), value),
    "fix": lambda value: [_call(tcspec.fix, value, kind, unsafe=True) for kind in KINDS],
    "fix_json": lambda value: [_call(tcspec.fix_json, value, kind, unsafe=True) for kind in KINDS],
    "guard": lambda value: [_call(tcspec.guard, value, kind) for kind in KINDS],
    "is_valid": lambda value: [_call(tcspec.is_valid, value, kind) for kind in KINDS],
    "lint": lambda value: [_call(tcspec.lint, value, kind) for kind in KINDS],
    "normalise_timestamp": lambda value: tcspec.normalise_timestamp(value, assume_tz="UTC"),
    "parse": lambda value: [_call(tcspec.parse, value, kind) for kind in KINDS],
    "payload_size": tcspec.payload_size,
    "read_pixel": lambda value: tcspec.read_pixel(value).event,
    "read_timestamp": tcspec.read_timestamp,
    "split_batch": lambda value: [list(tcspec.split_batch([value])), list(tcspec.split_batch(value))],
    "split_bulk": lambda value: [list(tcspec.split_bulk([value])), list(tcspec.split_bulk(value))],
    "summarise": lambda value: [_call(tcspec.summarise, value, kind) for kind in KINDS],
    "trace_upgrade": tcspec.trace_upgrade,
    "upgrade": tcspec.upgrade,
    "upgrade_json": tcspec.upgrade_json,
    "validate": lambda value: [_call(tcspec.validate, value, kind, v) for kind in KINDS for v in (None, "1.0")],
    "write_pixel": lambda value: [
        tcspec.write_pixel(value),
        _call(tcspec.write_pixel, {}, value, value),
        _call(tcspec.write_pixel, {}, None, None, value),
    ],
}
"""How each public function is called with a value."""

WITHOUT_PAYLOAD = {"json_schema"}


def _call(function, *arguments, **options):
    """Return the result of a function, or the message of an error of tcspec."""
    try:
        return function(*arguments, **options)
    except tcspec.TcspecError as error:
        return str(error)


def test_every_public_function_is_tested():
    """Every public function has a row in the table, or takes no payload."""
    functions = {name for name in tcspec.__all__ if isinstance(getattr(tcspec, name), types.FunctionType)}
    assert functions == CALLS.keys() | WITHOUT_PAYLOAD
    others = {name for name in tcspec.__all__ if name not in functions and callable(getattr(tcspec, name))}
    assert all(inspect.isclass(getattr(tcspec, name)) for name in others)


@pytest.mark.parametrize("name", CALLS)
@given(value=anything)
def test_only_errors_of_tcspec_are_raised(name, value):
    """Any value has a result, or raises an error of tcspec that can be formatted."""
    assert _call(CALLS[name], value) is not Ellipsis


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("what", FOUND)
def test_found_values(name, what):
    """A value that once raised another exception, or never ended, has a result or raises an error of tcspec."""
    assert _call(CALLS[name], FOUND[what]) is not Ellipsis


@given(kind=st.text(max_size=9), version=st.text(max_size=9))
def test_unknown_kinds(kind, version):
    """An unknown kind or version raises an error of tcspec."""
    for function in (tcspec.json_schema, lambda *arguments: tcspec.validate({}, *arguments)):
        assert _call(function, kind, version) is not Ellipsis
