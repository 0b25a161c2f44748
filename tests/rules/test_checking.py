"""`check`: contract, size and rules at once, as the configuration of a project asks."""

from __future__ import annotations

import json
from dataclasses import replace
from inspect import signature

import pytest
from hypothesis import given

from command import put
from command import tcspec as run
from strategies.events import nearly_valid_events
from tcspec import check, lint, validate
from tcspec.errors import Severity, UnknownKind, WrongArgument
from tcspec.files.lines import FileError
from tcspec.jsontext.reader import Limits
from tcspec.payload import read_payload
from tcspec.rules.checking import check_payload
from tcspec.rules.config import Config
from tcspec.rules.settings import Settings
from tcspec.rules.streams.stream_checker import StreamChecker

EVENT = {"event_name": "search", "user": {"id": 12}, "context": {"event_id": "e-1", "event_timestamp": 1718006400}}
NOTHING = Config()


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch):
    """Run in an empty folder."""
    monkeypatch.chdir(tmp_path)


def codes(payload, *arguments, **options):
    """Return the codes that check finds."""
    return [each.code for each in check(payload, *arguments, **options)]


@given(nearly_valid_events())
def test_is_validate_and_lint(event):
    """Without a configuration it finds what `validate` and `lint` find."""
    found = check(event, config=NOTHING, now=1718006400000)
    both = [*validate(event), *lint(event, now=1718006400000)]
    assert sorted(map(str, found)) == sorted(map(str, both))


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "pixel"},
        {"version": "1.0"},
        {"sender": "server"},
        {"sender": "web"},
        {"with_fixes": False},
        {"now": 1},
        {"limits": Limits(depth=1)},
    ],
    ids=str,
)
def test_arguments(options):
    """Its arguments mean what they mean in `validate` and `lint`."""
    options = {"now": 1718006400000} | options
    of_validate = {name: value for name, value in options.items() if name in signature(validate).parameters}
    both = {*validate(EVENT, **of_validate), *lint(EVENT, **options)}
    if options.get("with_fixes") is False:
        both = {replace(each, fix=None) for each in both}
    assert set(check(EVENT, config=NOTHING, **options)) == both


def test_fixes():
    """Violations have their fix unless it is not wanted."""
    assert [each.code for each in check(EVENT) if each.fix] == ["TC210", "TC302"]
    assert not any(each.fix for each in check(EVENT, with_fixes=False))


def test_repeated_events_of_a_batch():
    """What shows only among the events of a batch is found too, as on the command line."""
    batch = {"batch": [EVENT, EVENT]}
    assert "TC235" in codes(batch)
    assert "TC235" not in [each.code for each in [*validate(batch), *lint(batch)]]


def test_the_command_line_finds_the_same():
    """`tcspec check` reports the same violations of a file that holds the payload, in the same order."""
    raw = json.dumps(EVENT, indent=2).encode()
    ran = run("check", "--format", "ndjson", put("a.json", raw))
    reported = [json.loads(line) for line in ran.out.splitlines()]
    found = sorted(check(raw), key=lambda each: (each.line, each.column))
    assert [(each["code"], each["line"], each["column"], each["message"]) for each in reported] == [
        (each.code, each.line, each.column, each.message) for each in found
    ]


def test_nearest_configuration():
    """By default the configuration is the one of the working directory; it selects codes and sets severities."""
    put("tcspec.toml", b'ignore = ["TC1"]\n[severity]\nTC210 = "error"\nTC3 = "off"\n')
    assert [(each.code, each.severity) for each in check(EVENT)] == [("TC210", Severity.ERROR)]


def test_explicit_configuration():
    """A configuration is a value, or the path of its file."""
    put("own.toml", b'select = ["TC210"]\n')
    put("pyproject.toml", b'[tool.tcspec]\nselect = ["TC101"]\n')
    assert codes(EVENT, config="own.toml") == ["TC210"]
    assert codes(EVENT, config="pyproject.toml") == codes(EVENT) == ["TC101"]
    assert codes(EVENT, config=Config(Settings(select=("TC302",)))) == ["TC302"]


def test_arguments_win():
    """Arguments win over the configuration."""
    config = Config(Settings(select=("TC101",), kind="batch"))
    assert codes(EVENT, config=config) == ["TC101"]
    assert codes(EVENT, "event", config=config, select="TC210") == ["TC210"]
    assert "TC210" in codes(EVENT)
    assert "TC210" not in codes(EVENT, ignore="TC210")
    assert "TC320" in codes(EVENT)
    assert "TC320" not in codes(EVENT, config=Config(Settings(sender="mobile")))
    assert "TC320" in codes(EVENT, config=Config(Settings(sender="mobile")), sender="server")


def test_configured_kind():
    """A payload is of the kind that the configuration says."""
    event = {"event_name": "search"}
    assert codes(event, config=Config(Settings(kind="product"))) == codes(event, "product") != codes(event)


def test_unreadable():
    """An unreadable document is reported whatever is selected."""
    assert codes('{"event_name":', select="TC210") == ["TC001"]


def test_misuse():
    """Unknown names, and what is no configuration, are misuse."""
    for wrong in ({"kind": "invoice"}, {"version": "9"}, {"sender": "fax"}, {"select": "XX"}):
        for payload in (EVENT, "{"):
            with pytest.raises(UnknownKind):
                check(payload, **wrong)
    for name in ("select", "ignore"):
        with pytest.raises(WrongArgument, match=f"expected `{name}` as a string or strings, got an integer"):
            check(EVENT, **{name: 3})
    with pytest.raises(WrongArgument, match="expected the configuration as a Config or a path, got an integer"):
        check(EVENT, config=3)
    with pytest.raises(FileError):
        check(EVENT, config="missing.toml")


def test_limits_of_the_list():
    """The limit of listed violations is that of each code, of the contract, of the rules and among events."""
    events = [{**EVENT, "user": {"id": 12, "serch": 1}}] * 5
    found = check({"batch": events}, config=NOTHING, limits=Limits(violations=2))
    counts = {code: [each.count for each in found if each.code == code] for code in ("TC302", "TC235")}
    assert counts == {"TC302": [1, 1, 3], "TC235": [1, 1, 2]}
    rules = {each.code for each in lint({"batch": events})} - {"TC235"}
    assert rules
    assert all(sum(each.code == code for each in found) <= 3 for code in rules)


def test_defaults_of_a_payload():
    """A payload that was read is checked with its fixes, as the first of its file."""
    payload = read_payload(json.dumps(EVENT).encode())
    found = check_payload(payload, StreamChecker())
    assert [each.code for each in found if each.fix] == ["TC210", "TC302"]
    stream = StreamChecker()
    check_payload(payload, stream)
    assert "line 1" in next(each.message for each in check_payload(payload, stream, line=7) if each.code == "TC235")


def test_events_of_another_version():
    """Whatever version a payload is checked for, the events of a file are compared as what they show to be."""
    batch = read_payload(json.dumps({"batch": [EVENT] * 4}).encode())
    for version in (None, "1.0", "2.0"):
        stream = StreamChecker()
        found = [
            [each for each in check_payload(batch, stream, version=version, line=line, limit=1) if each.code == "TC235"]
            for line in (3, 7)
        ]
        assert [[(each.pointer, each.count) for each in violations] for violations in found] == [
            [("/batch/1/context/event_id", 1), ("/batch/1/context/event_id", 2)],
            [("/batch/0/context/event_id", 1), ("/batch/0/context/event_id", 3)],
        ]
        assert "the event on line 3" in found[1][0].message


def test_fixes_of_rules():
    """The fix of a rule is left out where none is wanted."""
    event = {"event_name": "search", "searchTerm": "tent"}
    assert [bool(each.fix) for each in check(event, select="TC113")] == [True]
    assert [bool(each.fix) for each in check(event, select="TC113", with_fixes=False)] == [False]
