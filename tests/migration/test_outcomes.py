"""What becomes of one record, and how outcomes are counted."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import hostile_documents
from strategies.legacy import legacy_events
from strategies.objects import biased_objects
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.migration.outcomes import Fate, outcome_of, too_long
from tcspec.migration.summary import Summary
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
def test_every_record_has_one_outcome_and_is_in_it(on_invalid, record):
    """Whatever a record is, it is kept as it was or upgraded, or rejected verbatim with an error; nothing is raised."""
    outcome = outcome_of(record, DEFAULT_LIMITS, on_invalid)
    match outcome.fate:
        case Fate.BLANK:
            assert outcome.payload == record
            assert not record.strip()
        case Fate.UNCHANGED:
            assert outcome.payload == record == upgrade_json(record)
        case Fate.UPGRADED:
            assert outcome.payload == upgrade_json(record) != record
        case Fate.REJECTED:
            assert outcome.payload == record
            assert has_errors(list(outcome.violations))
    if outcome.fate in {Fate.UNCHANGED, Fate.UPGRADED}:
        assert list(outcome.violations) == validate(outcome.payload)
        assert not (on_invalid == "reject" and has_errors(list(outcome.violations)))
        assert bool(outcome.changes) == (outcome.fate is Fate.UPGRADED)


def test_limits_are_those_that_were_given():
    """A record that is longer or deeper than what is read is rejected."""
    assert outcome_of(VALID, Limits(length=10)).violations[0].code == "TC007"
    assert outcome_of(VALID, Limits(depth=1)).violations[0].code == "TC006"
    assert too_long(12_345, Limits(length=10)).violations[0].message.startswith("at least 12,345 bytes are more than")


@given(st.lists(st.tuples(records, st.integers(0, 100)), max_size=12), st.integers(0, 12))
def test_counts_add_up_wherever_they_are_taken_up(counted, halt):
    """Counts are taken up where they were left: every record is counted once, as what became of it."""
    whole, first = Summary(), Summary()
    for number, (record, length) in enumerate(counted):
        outcome = outcome_of(record, DEFAULT_LIMITS)
        whole.count(outcome, length)
        if number == halt:
            first = Summary.from_dict(json.loads(json.dumps(first.as_dict())))
        first.count(outcome, length)
    assert whole == first
    assert whole.lines == len(counted) == whole.blank + whole.payloads
    assert whole.payloads == whole.unchanged + whole.upgraded + whole.rejected
    assert whole.bytes_read == sum(length for _, length in counted)
    assert whole.invalid <= whole.unchanged + whole.upgraded
    assert max(whole.changes.values(), default=0) <= whole.upgraded
