"""The rules on all payloads of one file."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locations import FIXTURES
from strategies.events import nearly_valid_events, valid_events
from strategies.objects import biased_objects
from tcspec.codes import CODES
from tcspec.errors import Severity
from tcspec.jsontext.pointer import follow
from tcspec.kinds import KINDS
from tcspec.payload import read_payload
from tcspec.rules.placeholders import is_placeholder
from tcspec.rules.registry import EVERY_CODE, RULES, STREAM_RULES, explain_code
from tcspec.rules.streams import consistency
from tcspec.rules.streams.fingerprints import MAX_TEXTS, Fingerprints
from tcspec.rules.streams.stream_checker import StreamChecker
from tcspec.strategies.values import json_values

FIXTURES = FIXTURES / "rules"
MS = 1_767_225_600_000

every_rule = pytest.mark.parametrize("rule", STREAM_RULES.values(), ids=STREAM_RULES)


def event(identifier="e-1", time=MS, **context):
    """Return an event with an id and a time."""
    return {"event_name": "login", "context": {"event_id": identifier, "event_timestamp": time, **context}}


class Watch:
    """A checker of one file of which only some codes are of interest, by default all."""

    def __init__(self, *codes):
        self.codes = codes or tuple(STREAM_RULES)
        self.checker = StreamChecker()

    def check(self, payload, kind=None, line=1):
        """Return the violations of the next payload."""
        read = read_payload(payload, kind)
        found = read.arrange(self.checker.find_violations(read, line))
        return [violation for violation in found if violation.code in self.codes]


def check_file(payloads, kind=None, codes=()):
    """Return the lines, codes and pointers of violations of payloads, one payload per line."""
    watch = Watch(*codes)
    return [
        (line, violation.code, violation.pointer)
        for line, payload in enumerate(payloads, 1)
        for violation in watch.check(payload, kind, line)
    ]


def test_codes():
    """A rule on files has a code that is neither of the contract nor of a rule on one payload."""
    assert not set(STREAM_RULES) & (set(RULES) | set(CODES))
    assert set(STREAM_RULES) <= set(EVERY_CODE)


@every_rule
def test_explanation(rule):
    """The docstring of a rule over a file shows a bad and a good file."""
    kind = rule.kinds[0]
    code = rule.code.id
    explanation = explain_code(code)
    assert explanation.summary.endswith(".")
    assert len(explanation.text) > 40
    assert rule.code.source
    assert {each for _, each, _ in check_file(json.loads(explanation.bad), kind, codes=[code])} == {code}
    assert not check_file(json.loads(explanation.good), kind, codes=[code])


@every_rule
def test_fixture(rule):
    """A rule on files finds nothing in the passing files, and the lines of the fixture in the failing ones."""
    fixture = json.loads((FIXTURES / f"{rule.code.id}.json").read_text(encoding="utf-8"))
    assert fixture["passing"]
    assert fixture["failing"]
    for payloads in fixture["passing"]:
        assert check_file(payloads, fixture["kind"], codes=[rule.code.id]) == []
    for failing in fixture["failing"]:
        expected = [(each["line"], rule.code.id, each["pointer"]) for each in failing["violations"]]
        assert check_file(failing["payloads"], fixture["kind"], codes=[rule.code.id]) == expected


@every_rule
def test_messages(rule):
    """A rule on files has the messages of the fixture."""
    fixture = json.loads((FIXTURES / f"{rule.code.id}.json").read_text(encoding="utf-8"))
    for failing in fixture["failing"]:
        watch = Watch(rule.code.id)
        for line, payload in enumerate(failing["payloads"], 1):
            violations = [
                {"line": line, "pointer": each.pointer, "message": each.message, "data": each.data}
                for each in watch.check(payload, fixture["kind"], line)
            ]
            assert violations == [each for each in failing["violations"] if each["line"] == line]


def test_other_unit_names_the_first_line():
    """A timestamp in another unit is reported with the line of the first timestamp."""
    watch = Watch("TC230")
    assert watch.check({"event_name": "login"}, line=1) == []
    assert watch.check(event(time=MS), line=2) == []
    [violation] = watch.check(event(time=MS // 1000), line=7)
    assert violation.message == "expected timestamps in milliseconds as on line 2, got timestamps in seconds"
    assert violation.data == {"expected": "ms", "actual": "s", "first_line": 2}
    assert watch.check(event(time=MS // 1000), line=8) == []


def test_duplicate_id_names_the_first_line():
    """A duplicate id is reported with the line of the first one, and not shown."""
    watch = Watch("TC235")
    assert watch.check(event("secret-1"), line=1) == []
    [violation] = watch.check(event("secret-1"), line=4)
    assert violation.message == "the event on line 1 has the same id"
    assert violation.severity is Severity.WARNING
    assert "secret" not in repr(violation)


def test_events_of_a_batch():
    """The events of a batch are compared, and reported at their places."""
    batch = {"batch": [event(), event("e-2", MS // 1000), event()]}
    assert check_file([batch]) == [
        (1, "TC230", "/batch/1/context/event_timestamp"),
        (1, "TC235", "/batch/2/context/event_id"),
    ]
    [violation] = Watch("TC235").check(batch)
    assert violation.message == "another event of the document has the same id"


def purchase(identifier, event_id, name="purchase"):
    """Return an event with the id of a purchase and an id of its own."""
    return event(event_id) | {"event_name": name, "id": identifier}


def test_duplicate_purchase_names_the_first_line():
    """A purchase that is sent again under another event id is reported with the line of the first one."""
    watch = Watch("TC430")
    assert watch.check(purchase("secret-1", "e-1"), line=1) == []
    [violation] = watch.check(purchase("secret-1", "e-2"), line=4)
    assert violation.message.startswith("the purchase on line 1 has the same id, but another event id")
    assert (violation.severity, violation.pointer) == (Severity.WARNING, "/id")
    assert "secret" not in repr(violation)
    [violation] = Watch("TC430").check({"batch": [purchase("O-1", "e-1"), purchase("O-1", "e-2")]})
    assert violation.message.startswith("another purchase of the document has the same id")
    assert violation.pointer == "/batch/1/id"


def test_purchases_are_kept_in_bounded_memory(monkeypatch):
    """When no more purchases are kept, this is reported once, and nothing else from there on."""
    monkeypatch.setattr(consistency, "Fingerprints", lambda: Fingerprints(3))
    watch = Watch("TC430")
    events = [purchase("O-1", "e-1"), purchase("O-1", "e-2"), *(purchase(f"O-{n}", f"f-{n}") for n in range(2, 5))]
    found = [watch.check(each, line=line) for line, each in enumerate([*events, *events], 1)]
    [[first], [second]] = filter(None, found)
    assert (first.severity, second.severity, second.pointer) == (Severity.WARNING, Severity.INFO, "/id")
    assert second.message == f"from here on purchases are not compared, as there are more than {MAX_TEXTS:,}"
    assert second.data == {"expected": f"at most {MAX_TEXTS:,} ids"}


def test_ids_of_other_kinds():
    """A product may have the id of a conversion."""
    watch = Watch()
    assert watch.check({"id": "A-1", "currency": "EUR", "conversion_items": []}, "conversion", 1) == []
    assert watch.check({"id": "A-1"}, "product", 2) == []


def test_lines_and_columns():
    """The violations of a payload that is text have line and column."""
    watch = Watch()
    watch.check(json.dumps(event()), line=1)
    [violation] = watch.check(json.dumps(event(), indent=1).encode(), line=2)
    assert (violation.line, violation.column) == (4, 15)


def test_legacy():
    """Events in the 1.0 format are not checked."""
    legacy = {"event_name": "login", "event_id": "e-1", "properties": {}}
    assert check_file([legacy, legacy, event()]) == []


def test_memory_is_bounded(monkeypatch):
    """The number of ids is bounded: reaching the limit is reported once, and the first ids stay known."""
    monkeypatch.setattr(consistency, "Fingerprints", lambda: Fingerprints(3))
    watch = Watch("TC235")
    found = [watch.check(event(f"e-{number}"), line=number) for number in range(1, 9)]
    assert [len(violations) for violations in found] == [0, 0, 1, 0, 0, 0, 0, 0]
    [violation] = found[2]
    assert violation.severity is Severity.INFO
    assert violation.pointer == "/context/event_id"
    assert violation.message == f"from here on ids are only compared with the first {MAX_TEXTS:,}"
    assert violation.data == {"expected": f"at most {MAX_TEXTS:,} ids"}
    assert len(watch.check(event("e-2"), line=9)) == 1
    assert watch.check(event("e-7"), line=10) == []


@given(
    st.lists(st.one_of(valid_events, nearly_valid_events(), biased_objects, st.dictionaries(st.text(), json_values())))
)
def test_any_payloads(payloads):
    """No rule on files raises on any objects, nor changes them; every pointer resolves."""
    before = copy.deepcopy(payloads)
    for kind in (None, *KINDS):
        watch = Watch()
        for line, payload in enumerate(payloads, 1):
            for violation in watch.check(payload, kind, line):
                follow(payload, violation.pointer)
    assert payloads == before


@given(st.lists(valid_events))
def test_file_twice(events):
    """In a file that is repeated, every event whose id is a string, and no placeholder, is a duplicate."""
    watch = Watch("TC235")
    first = [len(watch.check(event, "event", line)) for line, event in enumerate(events, 1)]
    second = [len(watch.check(event, "event", line)) for line, event in enumerate(events, len(events) + 1)]
    ids = [[event["context"].get(name) for name in ("event_id", "eventId")] for event in events]
    has_id = [any(isinstance(each, str) and not is_placeholder(each) for each in pair) for pair in ids]
    assert second == [int(has) for has in has_id]
    assert sum(first) <= sum(second)


@given(
    st.lists(
        st.builds(
            purchase,
            st.sampled_from(["O-1", "O-2", "O-1\nO-2", "", "undefined", None, 7]),
            st.sampled_from(["e-1", "e-2", "e-3", "null", None]),
            st.sampled_from(["purchase", "purchase", "refund", "Purchase"]),
        )
    )
)
def test_purchases_of_a_file(events):
    """A purchase is a duplicate when an earlier one has its id, and none of these has its event id too."""
    pairs, expected = set(), []
    for line, each in enumerate(events, 1):
        pair = each["id"], each["context"]["event_id"]
        if each["event_name"] != "purchase" or any(not isinstance(one, str) or is_placeholder(one) for one in pair):
            continue
        if pair not in pairs and any(identifier == pair[0] for identifier, _ in pairs):
            expected.append((line, "TC430", "/id"))
        pairs.add(pair)
    assert check_file(events, "event", codes=["TC430"]) == expected
    assert [line for line, _, _ in check_file([{"batch": events}], codes=["TC430"])] == [1] * len(expected)
