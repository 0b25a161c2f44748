"""What is counted for a report beyond the outcomes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from strategies.documents import hostile_documents
from strategies.objects import biased_objects
from strategies.personal import SECRET_TEXTS
from tcspec import detect
from tcspec.jsontext.reader import DEFAULT_LIMITS, decode_leniently
from tcspec.migration.details import MAX_NAMES, OTHERS, UNREADABLE, Details, describe_form
from tcspec.migration.outcomes import Status
from tcspec.migration.records import migrate_by_table, migrate_record
from tcspec.migration.summary import Summary
from tcspec.strategies import legacy_events

records = st.one_of(
    st.one_of(legacy_events(), biased_objects).map(lambda event: json.dumps(event).encode()),
    hostile_documents,
    st.just(b" "),
)


def count(lines):
    """Return the counts of some records, with details."""
    summary = Summary(details=Details())
    outcomes = [migrate_record(line, DEFAULT_LIMITS, is_labelled=True) for line in lines]
    summary.add(outcomes, sum(map(len, lines)), lines)
    return summary


@given(record=records)
def test_labels(record):
    """An outcome has the dialect that `detect` finds and the name that the event had, by either way to upgrade it."""
    outcome = migrate_record(record, DEFAULT_LIMITS, is_labelled=True)
    document = decode_leniently(record)
    if outcome.status is Status.BLANK or not isinstance(document, dict):
        assert (outcome.dialect, outcome.name) == ("", "")
        return
    assert outcome == migrate_by_table(record, DEFAULT_LIMITS, "keep", is_labelled=True)
    assert outcome.dialect == detect(document).dialect
    names = (document.get("event_name"), document.get("event"), "(no name)", f"({detect(document).kind})")
    assert outcome.name in names


@given(lines=st.lists(records, max_size=8))
def test_counts_add_up(lines):
    """Each record that is not blank has one dialect, one name and, when it is rejected, one code."""
    summary = count(lines)
    details = summary.details
    assert details.dialects.total() == details.events.total() == summary.payloads
    assert details.reject_codes.total() == summary.rejected
    assert details.kept_places.total() == summary.kept


def test_names_are_bounded_and_masked():
    """At most 1,000 names are counted one by one, and what may be personal is not shown."""
    lines = [b'{"event_name":"custom_%s","context":{}}' % (b"ab" * (n + 1)) for n in range(20)]
    many = [
        b'{"event_name":"c%s","context":{}}' % "".join(chr(97 + int(d)) for d in str(n)).encode() for n in range(1100)
    ]
    assert len(count(lines).details.events) == 20
    events = count(many).details.events
    assert (len(events), events[OTHERS]) == (MAX_NAMES + 1, 100)
    shown = count([b'{"event_name":"ada@example.com","context":{}}', b"{"]).details.to_dict()
    assert shown["events"] == {"(masked)": 1, UNREADABLE: 1}


def test_names_that_differ_late():
    """Names that are equal as far as they are kept are counted together, and none is lost."""
    names = ["x" * 90 + end for end in "ab"] + [UNREADABLE]
    lines = [json.dumps({"event_name": name, "context": {}}).encode() for name in names] + [b"{"]
    assert count(lines).details.events == {"x" * 80: 2, UNREADABLE: 2}


def test_kept_values():
    """Values under `context.legacy` are counted by place, of a batch without indexes, with the form of the first."""
    event = {"event": "login", "event_id": "1", "properties": {"context": "Ada 12", "event_name": [True, None, 5]}}
    batch = {"batch": [event, event]}
    details = count([json.dumps(each).encode() for each in (event, batch)]).details
    assert details.to_dict()["kept_values"] == [
        {"pointer": "/batch/*/context/legacy/properties/context", "count": 2, "form": '"*** **"'},
        {"pointer": "/batch/*/context/legacy/properties/event_name", "count": 2, "form": "[true, null, *]"},
        {"pointer": "/context/legacy/properties/context", "count": 1, "form": '"*** **"'},
        {"pointer": "/context/legacy/properties/event_name", "count": 1, "form": "[true, null, *]"},
    ]


@given(text=st.sampled_from(SECRET_TEXTS) | st.text())
def test_the_form_of_a_value_has_none_of_its_characters(text):
    """A form has punctuation and white space of a value, and no letter or digit of it."""
    assert not any(character.isalnum() for character in describe_form(text))
    assert not any(character.isalnum() for character in describe_form([{"": text}]))


def test_events_pushed_over_the_limit():
    """An event counts as pushed over a size limit when its upgrade did it, and not when it was too large before."""
    for size, oversize in ((31_960, 1), (100, 0), (40_000, 0)):
        event = {"event": "login", "event_id": "1", "a": "x" * size}
        line = json.dumps(event, separators=(",", ":")).encode()
        assert count([line]).details.oversize == oversize, len(line)


def test_samples():
    """There is a sample of the first upgraded event of each dialect; none of a record that is long."""
    lines = [
        b'{"event":"login","event_id":"%s","properties":{}}' % (b"1" * 5_000),
        b'{"event":"login","properties":{}}',
        b'{"event":"logout","properties":{}}',
        b'{"event_name":"login","event_id":"1","properties":{}}',
    ]
    samples = count(lines).details.samples
    assert [(each.dialect, each.line) for each in samples] == [("v0_track", 2), ("v1_http", 4)]
    assert samples[0].before.encode() == lines[1]


def test_samples_of_parts():
    """Parts have together the samples that all records have at once."""
    lines = [b'{"event":"login","properties":{}}', b'{"event_name":"login","event_id":"1","properties":{}}'] * 2
    whole, merged = count(lines), Summary(details=Details())
    for line in lines:
        merged.merge(count([line]))
    assert [each.dialect for each in merged.details.samples] == [each.dialect for each in whole.details.samples]
