"""Of very many violations of one code the first are listed and all are counted."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from functools import partial

import pytest

import tcspec
from tcspec.codes import MISSING_PARAMETER
from tcspec.contract.counting import ViolationCounter, sort_key
from tcspec.contract.engines import ENGINES
from tcspec.contract.messages import _Place
from tcspec.errors import InvalidPayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, MAX_VIOLATIONS, ImpossibleLimits, Limits
from tcspec.migration.records import migrate_record
from tcspec.rules.fixes.fixing import fix_json

NOW = 1_767_225_600_000
USER = {"id": "C-1", "consistent_anonymous_id": "a", "consent_categories": ["1"]}
ALL = Limits(violations=None)
LISTED = 100
MANY = 150


def event(name="login", **more):
    """Return an event without a violation, but for those of more properties."""
    return {"event_name": name, "user": USER, "context": {"event_id": "e", "event_timestamp": NOW}} | more


PAYLOADS = {
    "items": event("purchase", items=[{}] * MANY),
    "items of 1.0": {"event": "purchase", "properties": {"items": [{}] * MANY}},
    "wrong items": event(
        "purchase", items=[{"id": i, "quantity": "1", "product": {"price": "x"}} for i in range(MANY)]
    ),
    "items that are not objects": event("purchase", items=[1] * MANY),
    "colors of one product": event("view_item", items=[{"id": "1", "product": {"colors": [1] * MANY}}]),
    "hashes": event(user=USER | {f"h{index}_sha256": "x" for index in range(MANY)}),
    "consents": event(user=USER | {"consent_categories": [{}] * MANY}),
    "vendors": event(user=USER | {"consent_vendors": [1] * MANY}),
    "near misses": event("search", search_term="x", **{f"search_term{index}": "x" for index in range(MANY)}),
    "names of users": event(user=USER | {f"frstname{index}": "x" for index in range(MANY)}),
    "unknown names in items": event(
        "purchase", items=[{f"quantty{j}": 1 for j in range(50)} for _ in range(MANY // 50)]
    ),
    "prices": event(**{f"price_{index}": "1,5" for index in range(MANY)}),
    "credentials": event(a=[{"siteId": 1, "token": "x"}] * MANY),
    "a batch of empty objects": {"batch": [{}] * MANY},
    "a batch of numbers": {"batch": [1] * MANY},
    "a batch of events": {"batch": [{"event_name": "login"}] * MANY},
    "a batch of flat hits": {"batch": [{"tc_vars": {}, "siteId": 1}] * MANY},
}
"""Payloads with many violations of some codes."""


def counts(violations):
    """Count violations by code and severity, those included that one stands for."""
    counted = {}
    for each in violations:
        key = each.code, each.severity
        counted[key] = counted.get(key, 0) + each.count
    return counted


def missing(pointer="", **data):
    """Return a violation at a place."""
    return MISSING_PARAMETER.violation(pointer, "missing", data)


def test_counts():
    """A violation that stands for others counts as many; none is added where as many are found as are listed."""
    counter = ViolationCounter(3)
    listed = list(counter.filter([missing("/a"), missing("/b")]))
    assert list(counter.filter([missing("/c", more=5)])) == []
    assert list(counter.counts.values()) == [7]
    counter = ViolationCounter(2)
    assert counter.with_remainders(counter.filter(listed)) == listed


def test_order():
    """Violations are sorted by the names in their pointers, the numbers of items, and the property."""
    expected = [missing(each) for each in ("/aa/2", "/aa/9", "/aa/10", "/b")]
    expected += [missing("/c", property="x"), missing("/c", property="y")]
    for shift in range(len(expected)):
        assert sorted(expected[shift:] + expected[:shift], key=sort_key) == expected


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize(
    "verb",
    [tcspec.validate, *(partial(verb, now=NOW, with_fixes=False) for verb in (tcspec.lint, tcspec.check))],
    ids=["validate", "lint", "check"],
)
def test_bound(verb, payload):
    """So many violations of a code and severity are listed as allowed, and one for the others; all are counted."""
    raw = json.dumps(payload).encode()
    listed, everything = verb(raw, limits=Limits(violations=LISTED)), verb(raw, limits=ALL)
    assert all(each.count == 1 for each in everything)
    assert counts(listed) == counts(everything)
    for key, count in counts(everything).items():
        of_code = [each for each in listed if (each.code, each.severity) == key]
        assert len(of_code) == min(count, LISTED + 1)
        if count > LISTED:
            *_, last, rest = of_code
            assert rest.message == f"and {count - LISTED:,} more"
            assert rest.data == {"more": count - LISTED}
            assert (rest.pointer, rest.line, rest.column, rest.fix) == (last.pointer, last.line, last.column, None)
            assert "--max-violations" in rest.hint
    assert [each for each in listed if each.count == 1] == [each for each in everything if each in set(listed)]


def test_default():
    """By default 1,000 violations of a code are listed."""
    raw = json.dumps({"batch": [{}] * (MAX_VIOLATIONS + 5)}).encode()
    listed = [each for each in tcspec.validate(raw) if each.pointer != ""]
    assert max(Counter(each.code for each in listed).values()) == MAX_VIOLATIONS + 1


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_verdicts(payload):
    """The verdict on a payload does not depend on how many of its violations are listed."""
    raw = json.dumps(payload).encode()
    verdicts = {
        all(each.severity != "error" for each in tcspec.validate(raw, limits=Limits(violations=limit)))
        for limit in (1, 7, None)
    }
    assert verdicts == {tcspec.is_valid(raw)}


def test_engines_list_the_same():
    """Which violations are listed does not depend on the engine."""
    raw = json.dumps(PAYLOADS["wrong items"] | {"user": PAYLOADS["hashes"]["user"]}).encode()
    limits = Limits(violations=20)
    first, second = (tcspec.validate(raw, engine=engine, limits=limits) for engine in ENGINES)
    assert first == second


def test_what_is_not_listed_is_not_built(monkeypatch):
    """To count a violation its message is not built; a migration that keeps invalid events builds none at all."""
    built = []
    build = _Place._build  # noqa: SLF001 - what is counted

    def counting(*arguments):
        built.append(1)
        return build(*arguments)

    monkeypatch.setattr(_Place, "_build", counting)
    raw = json.dumps(PAYLOADS["items"]).encode()
    tcspec.validate(raw, limits=Limits(violations=10))
    assert 0 < len(built) < 30
    built.clear()
    outcome = migrate_record(raw, DEFAULT_LIMITS)
    assert not built
    assert outcome.is_kept_invalid
    assert outcome.codes["TC401"] > 3 * MANY
    assert migrate_record(raw, DEFAULT_LIMITS, "reject").codes == outcome.codes


def test_fixes_of_all():
    """A fix reaches every place, however many there are."""
    names = {f"price_{index}": 1 for index in range(3)}
    items = [{"id": "1", "quantity": 1, "product": {"id": "1", "item_category2": "x", **names}} for _ in range(1_200)]
    fixed = json.loads(
        fix_json(json.dumps(event("view_item_list", items=items)).encode(), select="TC423", now=NOW).text
    )
    assert all(item["product"]["category_2"] == "x" for item in fixed["items"])


def test_exception():
    """The message of an exception counts the violations that are not listed."""
    with pytest.raises(InvalidPayload, match=r"\(and \d+ more\)") as caught:
        tcspec.parse(PAYLOADS["items"])
    total = sum(each.count for each in tcspec.validate(PAYLOADS["items"], limits=ALL))
    assert f"(and {total - 1} more)" in str(caught.value)


def test_impossible_limit():
    """At least one violation of a code is listed."""
    with pytest.raises(ImpossibleLimits, match="1 violation or more is listed"):
        Limits(violations=0)


@pytest.mark.slow
@pytest.mark.no_cover  # tracing would be measured
@pytest.mark.parametrize("work", [tcspec.validate, lambda raw: migrate_record(raw, DEFAULT_LIMITS, "reject")])
def test_memory(work):
    """A longer line takes the memory of its values, and none for violations that are not listed."""

    def peak(count):
        raw = json.dumps({"event_name": "purchase", "items": [{}] * count}).encode()
        tracemalloc.start()
        work(raw)
        _, memory = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return memory

    work(b'{"event_name": "purchase", "items": [{}]}')
    assert peak(4_000) - peak(1_000) < 3_000 * 250
