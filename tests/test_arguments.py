"""An argument of a wrong type is an error of tcspec that names it, whatever the function and the parameter."""

from __future__ import annotations

import inspect
import json
import sys
import types
from itertools import islice
from pathlib import Path

import pytest

import tcspec
from tcspec.arguments import check_strings, check_type
from tcspec.errors import RecursionLimitTooLow, WrongArgument
from tcspec.jsontext.reader import Limits

REQUIRED = {
    "payload": b'{"event_name":"login"}',
    "event": {"event": "login"},
    "events": [{}],
    "objects": [{}],
    "call": "?a=1",
    "value": 1718006400000,
    "method": "POST",
    "url": "https://collect.commander1.com/events?tc_s=1&token=2",
}
"""An argument for each parameter that has no default."""

FUNCTIONS = {
    name: getattr(tcspec, name) for name in tcspec.__all__ if isinstance(getattr(tcspec, name), types.FunctionType)
}
PARAMETERS = [
    (name, parameter) for name, function in FUNCTIONS.items() for parameter in inspect.signature(function).parameters
]


class Unusual:
    """An object that cannot be compared, hashed or iterated."""

    def __eq__(self, other):
        raise ZeroDivisionError

    __hash__ = None


def wrong_values():
    """Return values of every type; most are wrong for any parameter."""
    return (
        *(None, True, False, 0, 5, -1, 10**30, 1.5, float("nan"), 1j, Ellipsis, object(), Unusual(), ValueError("x")),
        *("", "x", "event", "2.0", "\ud800", "\0", b"", b"{}", bytearray(b"{}"), memoryview(b"{}"), Path("/nowhere")),
        *([], [1], ["x"], [[]], (), (1, 2), {}, {"a": 1}, {1: 2}, set(), range(2), iter([1]), iter([{}])),
        *(int, str, dict, len, lambda: 1, types, Limits),
    )


def call(function, parameter, value):
    """Call a function with a value for a parameter, and valid arguments for those that it requires."""
    parameters = inspect.signature(function).parameters
    required = {name: REQUIRED[name] for name in parameters if parameters[name].default is inspect.Parameter.empty}
    result = function(**required | {parameter: value})
    return list(islice(result, 3)) if inspect.isgenerator(result) else result


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_every_parameter(name, parameter):
    """A value of any type, for any parameter of any function, has a result or raises an error of tcspec."""
    for value in wrong_values():
        try:
            call(FUNCTIONS[name], parameter, value)
        except tcspec.TcspecError as error:
            assert str(error)  # noqa: PT017 - each value may be right or wrong


@pytest.mark.parametrize(
    ("name", "parameter", "value", "message"),
    [
        ("validate", "kind", [], "expected `kind` as a string or None, got an array"),
        ("is_valid", "version", 2, "expected `version` as a string or None, got an integer"),
        ("validate", "engine", {}, "expected `engine` as a string, got an object"),
        ("validate", "as_sent", "yes", "expected `as_sent` as a boolean, got a string"),
        ("parse", "limits", 5, "expected `limits` as Limits, got an integer"),
        ("lint", "select", 5, "expected `select` as a string or strings, got an integer"),
        ("check", "ignore", [5], "expected `ignore` as a string or strings, got an integer among them"),
        ("lint", "now", True, "expected `now` as an integer or None, got a boolean"),
        ("check", "config", 5, "expected the configuration as a Config or a path, got an integer"),
        ("fix", "unsafe", "false", "expected `unsafe` as a boolean, got a string"),
        ("fix_json", "payload", "{}", "expected the JSON text as bytes, got a string"),
        ("fix_json", "payload", str, "expected the JSON text as bytes, got a Python type"),
        ("upgrade_json", "event", 5, "expected the JSON text as bytes, got an integer"),
        ("split_batch", "events", None, "expected `events` as an iterable, got null"),
        (
            "split_batch",
            "events",
            [1],
            "expected each payload as a dict, a model or JSON text in bytes, got an integer",
        ),
        ("split_bulk", "objects", 5, "expected `objects` as an iterable, got an integer"),
        ("check_request", "method", 1, "expected `method` as a string, got an integer"),
        ("examine_request", "url", None, "expected `url` as a string, got null"),
        ("write_pixel", "site", 5, "expected `site` as a string or None, got an integer"),
        ("normalise_timestamp", "assume_tz", 5, "expected `assume_tz` as tzinfo or a string or None, got an integer"),
        ("read_timestamp", "unit", 3, "expected `unit` as a string or None, got an integer"),
        ("json_schema", "kind", [], "expected `kind` as a string or None, got an array"),
    ],
)
def test_messages(name, parameter, value, message):
    """The message names the argument, what is expected and what it is."""
    with pytest.raises(WrongArgument) as wrong:
        call(FUNCTIONS[name], parameter, value)
    assert str(wrong.value) == message


@pytest.mark.parametrize("limits", [{"depth": "a"}, {"length": None}, {"depth": 1.5}, {"depth": True}])
def test_limits(limits):
    """Limits are integers."""
    with pytest.raises(WrongArgument, match="as an integer"):
        Limits(**limits)


def test_strings():
    """Where strings are expected one is enough, and an iterator is read once."""
    assert check_strings("select", "TC1") == ("TC1",)
    assert check_strings("select", iter(["TC1", "TC2"])) == ("TC1", "TC2")
    payload = {"event_name": "login"}
    assert tcspec.check(payload, select=iter(["TC2"])) == tcspec.check(payload, select="TC2")


def test_booleans_are_no_integers():
    """A boolean is accepted only where one is expected."""
    check_type("unsafe", True, (bool,))
    with pytest.raises(WrongArgument):
        check_type("depth", True, (int,))


def test_signatures_are_visible():
    """Editors and `help` see the signature and the documentation of the function."""
    assert list(inspect.signature(tcspec.validate).parameters)[:3] == ["payload", "kind", "version"]
    assert tcspec.validate.__doc__.startswith("Return how a payload violates")


def _nested(depth, innermost):
    for _ in range(depth):
        innermost = {"a": innermost}
    return innermost


def _depth():
    """Return how many frames are on the stack."""
    frame, depth = sys._getframe(), 0  # noqa: SLF001 - the way that the interpreter offers
    while frame:
        frame, depth = frame.f_back, depth + 1
    return depth


DEEP = {"event_name": "login", **_nested(199, "x"), "user": {"id": "1"}, "context": {"event_timestamp": 1718006400}}
DEEP_JSON = json.dumps(DEEP).encode()
DEEP_LEGACY = {"event": "login", "properties": _nested(196, "x")}
LARGE = json.dumps({**DEEP, "b": "x" * 40_000})
LEGACY_JSON = json.dumps(DEEP_LEGACY).encode()
URL = "https://collect.commander1.com/events?tc_s=1&token=2"
DEEP_CALLS = {
    "check": lambda: tcspec.check(DEEP_JSON),
    "check_request": lambda: tcspec.check_request("POST", URL, {"Content-Type": "application/json"}, DEEP),
    "check_size": lambda: tcspec.check_size(LARGE),
    "detect": lambda: tcspec.detect(DEEP_JSON),
    "examine_request": lambda: tcspec.examine_request("POST", URL, {}, DEEP_JSON).violations,
    "fix": lambda: tcspec.fix(DEEP),
    "fix_json": lambda: tcspec.fix_json(DEEP_JSON),
    "guard": lambda: tcspec.guard(DEEP_JSON, version="1.0"),
    "is_valid": lambda: tcspec.is_valid(DEEP_JSON),
    "json_schema": tcspec.json_schema,
    "lint": lambda: tcspec.lint(DEEP),
    "normalise_timestamp": lambda: tcspec.normalise_timestamp("2024-06-10T08:00:00Z"),
    "parse": lambda: tcspec.parse(_nested(100, "x") | {"event_name": "poll_answered", "context": {}}),
    "payload_size": lambda: tcspec.payload_size(DEEP),
    "read_pixel": lambda: tcspec.read_pixel("?a" + "[b]" * 198 + "=1"),
    "read_timestamp": lambda: tcspec.read_timestamp(1718006400),
    "split_batch": lambda: list(tcspec.split_batch([DEEP])),
    "split_bulk": lambda: list(tcspec.split_bulk([DEEP_JSON])),
    "summarise": lambda: tcspec.summarise(DEEP_JSON),
    "trace_upgrade": lambda: tcspec.trace_upgrade(LEGACY_JSON),
    "upgrade": lambda: tcspec.upgrade(DEEP_LEGACY),
    "upgrade_json": lambda: tcspec.upgrade_json(LEGACY_JSON),
    "validate": lambda: tcspec.validate({"event_name": "login", **_nested(198, {1})}),
    "write_pixel": lambda: tcspec.write_pixel(_nested(199, "x")),
}
"""A call of each function with a payload as deep as is allowed."""


def _outcome(function):
    try:
        return function()
    except tcspec.TcspecError as error:
        return error


@pytest.mark.parametrize("name", FUNCTIONS)
def test_low_recursion_limits(name):
    """Under any recursion limit there is the same result, or an error that says so; 450 frames are enough for any."""
    call_deep = DEEP_CALLS[name]
    expected, limit = _outcome(call_deep), sys.getrecursionlimit()
    assert not isinstance(expected, RecursionLimitTooLow)
    for frames in (*range(30, 450, 23), 450):
        sys.setrecursionlimit(_depth() + frames)
        try:
            result = _outcome(call_deep)
        finally:
            sys.setrecursionlimit(limit)
        assert isinstance(result, RecursionLimitTooLow) or result == expected
    assert result == expected
