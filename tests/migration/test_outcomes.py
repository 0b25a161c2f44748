"""Every record has one outcome, and outcomes are counted."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import hostile_documents
from strategies.events import broken_events
from strategies.objects import biased_objects
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.encoder import build_length_violation
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.migration.outcomes import Status
from tcspec.migration.records import migrate_by_table, migrate_record, migrate_records
from tcspec.migration.summary import Summary
from tcspec.strategies import legacy_events
from tcspec.upgrades.api import upgrade_json
from tcspec.validation import has_errors, validate

VALID = b'{"event_name":"x","user":{},"context":{"event_id":"1","event_timestamp":1665475252625}}'
records = st.one_of(
    st.one_of(legacy_events(), biased_objects).map(lambda event: json.dumps(event).encode()),
    hostile_documents,
    st.sampled_from([b"", b" \t", VALID, b'{"a_1":2}']),
)


@pytest.mark.parametrize("on_invalid", ["keep", "reject"])
@given(record=records)
def test_every_record_has_one_outcome(on_invalid, record):
    """Every record is kept as it was, upgraded, or rejected verbatim with an error; nothing is raised."""
    outcome = migrate_record(record, DEFAULT_LIMITS, on_invalid)
    match outcome.status:
        case Status.BLANK:
            assert outcome.payload == record
            assert not record.strip()
        case Status.UNCHANGED:
            assert outcome.payload == record == upgrade_json(record)
        case Status.UPGRADED:
            assert outcome.payload == upgrade_json(record) != record
        case Status.REJECTED:
            assert outcome.payload == record
            assert has_errors(list(outcome.violations))
    if outcome.status in {Status.UNCHANGED, Status.UPGRADED}:
        violations = validate(outcome.payload)
        assert list(outcome.violations) == violations
        assert outcome.codes == Counter(each.code for each in violations)
        assert outcome.is_kept_invalid == has_errors(violations)
        assert not (on_invalid == "reject" and outcome.is_kept_invalid)
        assert bool(outcome.changes) == (outcome.status is Status.UPGRADED)


@pytest.mark.slow
@pytest.mark.parametrize("on_invalid", ["keep", "reject"])
@given(record=records | broken_events.map(lambda event: json.dumps(event, separators=(",", ":")).encode()))
def test_outcomes_are_those_of_the_table(on_invalid, record):
    """The outcome of a record that is upgraded quickly is the same in all its parts as that by the table."""
    if record.strip():
        assert migrate_record(record, DEFAULT_LIMITS, on_invalid) == migrate_by_table(
            record, DEFAULT_LIMITS, on_invalid
        )


def test_no_payload():
    """A record without a payload is rejected for the reason that it has none; the others have outcomes beside it."""
    unreadable = UnreadablePayload([build_length_violation(4)])
    before, outcome, after = migrate_records([VALID, unreadable, VALID], DEFAULT_LIMITS)
    assert (outcome.status, outcome.payload, outcome.reasons) == (Status.REJECTED, b"", unreadable.violations)
    assert before == after == migrate_record(VALID, DEFAULT_LIMITS)


def test_limits():
    """A record that is longer or deeper than the limits is rejected."""
    assert migrate_record(VALID, Limits(length=10)).violations[0].code == "TC007"
    assert migrate_record(VALID, Limits(depth=1)).violations[0].code == "TC006"


@given(st.lists(st.tuples(records, st.integers(0, 100)), max_size=12), st.data())
def test_counts_add_up(counted, data):
    """Every record is counted once, however many are counted at a time, and the counts of parts are those of all."""

    def count(some):
        outcomes = [migrate_record(record, DEFAULT_LIMITS) for record, _ in some]
        each.add(outcomes, sum(length for _, length in some))

    parts = []
    rest = counted
    while rest or not parts:
        size = data.draw(st.integers(1, 4))
        each = Summary()
        count(rest[:size])
        parts.append(each)
        rest = rest[size:]
    each = summary = Summary()
    count(counted)
    merged = Summary()
    for part in parts:
        merged.merge(part)
    assert merged == summary
    assert summary.lines == len(counted) == summary.blank + summary.payloads
    assert summary.payloads == summary.unchanged + summary.upgraded + summary.rejected
    assert summary.bytes_read == sum(length for _, length in counted)
    assert summary.invalid <= summary.unchanged + summary.upgraded
    assert max(summary.changes.values(), default=0) <= summary.upgraded
