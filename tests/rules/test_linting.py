"""`lint`: the rules on one payload, whatever form it has."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tcspec import lint, validate
from tcspec.errors import UnknownKind, WrongArgument
from tcspec.jsontext.reader import Limits
from tcspec.models.events import Search
from tcspec.rules.linting import resolve_now

SECONDS = {
    "event_name": "search",
    "search_term": "tent",
    "user": {"id": "C-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]},
    "context": {"event_id": "e-1", "event_timestamp": 1718006400000, "created": 1718006400},
}
LEGACY = {"event": "search", "event_id": "e-1", "properties": {"search_term": "tent"}}


def codes(payload, *arguments, **options):
    """Return the codes that lint finds."""
    return [each.code for each in lint(payload, *arguments, **options)]


@pytest.mark.parametrize("raw", ['{"event_name":', b"\xff", "", "[]", '{"a": 1, "a": 2}', '{"a": NaN}'])
def test_unreadable(raw):
    """Unreadable input is reported as `validate` reports it, whatever codes are selected."""
    assert lint(raw) == lint(raw, select="TC217") == validate(raw)
    assert lint(raw)


def test_a_text_is_a_list_of_one():
    """A single code is accepted where a list of codes is."""
    assert codes(SECONDS, select="TC217") == codes(SECONDS, select=["TC217"]) == ["TC217"]
    assert codes(SECONDS, ignore="TC217") == codes(SECONDS, ignore=["TC217"])
    assert "TC217" not in codes(SECONDS, ignore="TC2")


def test_the_present(monkeypatch):
    """The present is the time of the clock in whole milliseconds, unless another is given."""
    monkeypatch.setattr("time.time_ns", lambda: 1_718_006_400_123_999_999)
    assert resolve_now(None) == 1_718_006_400_123
    assert resolve_now(0) == 0


def test_names_are_checked_first():
    """An unknown version is misuse whatever the payload is, and so are codes that are no strings."""
    with pytest.raises(UnknownKind):
        lint("{", version="9")
    for name in ("select", "ignore"):
        with pytest.raises(WrongArgument, match=f"expected `{name}` as a string or strings, got an integer"):
            lint(SECONDS, **{name: 3})


def test_kind_and_version_come_second_and_third():
    """Kind and version stand where they stand in `validate`; of the 1.0 format the rules find nothing."""
    assert codes(SECONDS, "event", "2.0", select="TC217") == ["TC217"]
    assert codes(SECONDS, "event", "1.0") == []
    assert codes(LEGACY) == []


@pytest.mark.parametrize(
    "wrong", [{"kind": "invoice"}, {"version": "3.0"}, {"sender": "fax"}, {"select": "TC999"}, {"ignore": ["XX"]}]
)
def test_unknown_names(wrong):
    """A name that tcspec does not know is misuse."""
    with pytest.raises(UnknownKind):
        lint(SECONDS, **wrong)


def test_models():
    """A model is checked as what it sends."""
    model = Search.model_validate(SECONDS)
    assert lint(model, now=1718006400000) == lint(SECONDS, now=1718006400000)


def test_without_fixes():
    """Without fixes the same violations are found, each without its fix."""
    with_fixes, without = lint(SECONDS, now=1), lint(SECONDS, with_fixes=False, now=1)
    assert any(each.fix for each in with_fixes)
    assert without == [replace(each, fix=None) for each in with_fixes]


def test_limits():
    """The depth is the caller's choice."""
    deep = json.loads('{"a":' * 250 + "1" + "}" * 250)
    assert codes(SECONDS | {"deep": deep}) == ["TC006"]
    assert "TC217" in codes(SECONDS | {"deep": deep}, limits=Limits(depth=300))


FORMER = {"event": "view_cart", "test_code": "T-1", "items": [{"id": "L1", "price": 5, "product": {"id": "SKU-4711"}}]}
"""An event whose name is where the 1.0 format has it."""


def test_name_of_the_former_format():
    """Where the caller says that it is a 2.0 event, what is about an event named in `event` is checked too."""
    assert codes(FORMER, "event", "2.0", select=("TC054", "TC422")) == ["TC422", "TC054"]


def test_version_of_an_event():
    """The version is that of the events of a batch too; by default each event shows its own."""
    events = [{**SECONDS, "test_code": "T-1"}, FORMER]
    assert codes({"batch": events}, select="TC054") == ["TC054"]
    assert codes({"batch": events}, version="2.0", select="TC054") == ["TC054", "TC054"]
    assert codes({"batch": events}, version="1.0", select="TC054") == []
    assert codes(FORMER, "event", select="TC054") == []


def test_a_query_is_no_json():
    """The placeholder of a pixel is found however its query is encoded."""
    pixel = "event_name=login&tc_s=1&user[id]=%75ndefined"
    assert codes(pixel, select="TC121") == codes(pixel.replace("%75", "u"), select="TC121") == ["TC121"]


def test_limit_of_violations():
    """As many violations of a code and severity are listed as the caller says; one more counts the others."""
    user = {"emial": "a", "fristname": "b", "lastnaem": "c", "consentCategories": ["1"]}
    event = {**SECONDS, "user": SECONDS["user"] | user}
    found = lint(event, select=("TC112", "TC113"), limits=Limits(violations=1))
    assert sorted((each.code, each.count) for each in found) == [("TC112", 1), ("TC112", 2), ("TC113", 1)]
