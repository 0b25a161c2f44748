"""Whatever is given to a public function, only errors of tcspec come out."""

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

HOSTILE = FIXTURES / "hostile"
FOUND = yaml.safe_load((HOSTILE / "values.yaml").read_text(encoding="utf-8"))
"""Values that broke the promise once."""

URL = "https://collect.commander1.com/events?tc_s=1&token=2"
KINDS = (None, "event", "batch", "pixel", "user", "product", "conversion")

CALLS = {
    "check_request": lambda given: [
        tcspec.check_request("POST", URL, {"Content-Type": "application/json"}, given),
        tcspec.check_request("POST", "https://api.commander1.com/v2/1/products/bulk", (), [given]),
        _refused_or(tcspec.check_request, "POST", URL, given, b"{}"),
        _refused_or(tcspec.check_request, "POST", URL, [("Content-Encoding", given), ("a", given)], b"\x1f\x8b"),
        _refused_or(tcspec.check_request, given, given),
    ],
    "check_size": lambda given: [tcspec.check_size(given, kind) for kind in ("event", "batch")],
    "detect": tcspec.detect,
    "examine_request": lambda given: tcspec.examine_request("GET", URL, (), given),
    "is_valid": lambda given: [_refused_or(tcspec.is_valid, given, kind) for kind in KINDS],
    "lint": lambda given: [_refused_or(tcspec.lint, given, kind=kind) for kind in KINDS],
    "normalise_timestamp": lambda given: tcspec.normalise_timestamp(given, assume_tz="UTC"),
    "parse": lambda given: [_refused_or(tcspec.parse, given, kind) for kind in KINDS],
    "payload_size": tcspec.payload_size,
    "read_pixel": lambda given: tcspec.read_pixel(given).event,
    "read_timestamp": tcspec.read_timestamp,
    "split_batch": lambda given: [list(tcspec.split_batch([given])), list(tcspec.split_batch(given))],
    "split_bulk": lambda given: [list(tcspec.split_bulk([given])), list(tcspec.split_bulk(given))],
    "trace_upgrade": tcspec.trace_upgrade,
    "upgrade": tcspec.upgrade,
    "upgrade_json": tcspec.upgrade_json,
    "validate": lambda given: [_refused_or(tcspec.validate, given, kind, v) for kind in KINDS for v in (None, "1.0")],
    "write_pixel": lambda given: [
        tcspec.write_pixel(given),
        _refused_or(tcspec.write_pixel, {}, given, given),
        _refused_or(tcspec.write_pixel, {}, None, None, given),
    ],
}
"""How each public function is given something."""

TAKES_NO_PAYLOAD = {"json_schema"}


def _refused_or(call, *arguments, **options):
    try:
        return call(*arguments, **options)
    except tcspec.TcspecError as refused:
        return str(refused)


def test_no_public_function_is_forgotten():
    """Every public function has a row in the table, or takes no payload."""
    functions = {name for name in tcspec.__all__ if isinstance(getattr(tcspec, name), types.FunctionType)}
    assert functions == CALLS.keys() | TAKES_NO_PAYLOAD
    others = {name for name in tcspec.__all__ if name not in functions and callable(getattr(tcspec, name))}
    assert all(inspect.isclass(getattr(tcspec, name)) for name in others)


@pytest.mark.parametrize("name", CALLS)
@given(given=anything)
def test_only_errors_of_tcspec_come_out(name, given):
    """Whatever is given, there is an answer or an error of tcspec, which can be told in a sentence."""
    assert _refused_or(CALLS[name], given) is not Ellipsis


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("what", FOUND)
def test_what_was_found_stays_mended(name, what):
    """What once ended in another error, or never, ends in an answer or an error of tcspec."""
    assert _refused_or(CALLS[name], FOUND[what]) is not Ellipsis


@given(kind=st.text(max_size=9), version=st.text(max_size=9))
def test_unknown_kinds_are_misuse(kind, version):
    """A kind or version that there is not is told as such."""
    for call in (tcspec.json_schema, lambda *asked: tcspec.validate({}, *asked)):
        assert _refused_or(call, kind, version) is not Ellipsis
