"""Every judge says the same: models, published schemas in three engines, and the judge at run time."""

from __future__ import annotations

import judges
import pytest
from hypothesis import event as note
from hypothesis import given
from hypothesis import strategies as st
from strategies import LAW
from strategies.documents import hostile_documents
from strategies.events import damaged_events, nearly_valid_events, valid_events
from strategies.legacy import legacy_events, mixed_events
from strategies.objects import biased_objects

import tcspec
from tcspec.errors import Severity

_DOUBLES = 2**53
_DOCUMENT_CODES = "TC0"


payloads = st.one_of(
    valid_events,
    nearly_valid_events(),
    damaged_events().map(lambda damaged: damaged[0]),
    legacy_events(),
    mixed_events,
    biased_objects,
)


def fits_doubles(value):
    """Tell whether every integer in a value is one that JavaScript can tell from its neighbours."""
    if isinstance(value, dict):
        return all(map(fits_doubles, value.values()))
    if isinstance(value, list):
        return all(map(fits_doubles, value))
    return not isinstance(value, int) or abs(value) <= _DOUBLES


@pytest.fixture(scope="module")
def ajv():
    """Start ajv in strict mode with both published schemas."""
    running = judges.Ajv({version: judges.schema(version) for version in ("1.0", "2.0")})
    yield running
    running.close()


def contract_is_met(payload, version, engine):
    """Ask the judge at run time, leaving out what is about the document: its size, spelling and depth."""
    found = tcspec.validate(payload, version=version, engine=engine)
    return not any(v.severity is Severity.ERROR and not v.code.startswith(_DOCUMENT_CODES) for v in found)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_every_judge_says_the_same(ajv, version):
    """Models, jsonschema-rs, jsonschema, ajv and both engines of the judge agree on every payload, as 1.0 and as 2.0.

    Payloads with integers beyond 2**53 are left out for ajv, which reads them as the nearest double.
    """

    @LAW
    @given(payloads)
    def agree(payload):
        verdicts = {
            "pydantic": judges.pydantic_accepts(payload, version),
            "jsonschema-rs": judges.rust(version).is_valid(payload),
            "jsonschema": judges.reference(version).is_valid(payload),
            "fast": contract_is_met(payload, version, "fast"),
            "reference": contract_is_met(payload, version, "reference"),
        }
        if fits_doubles(payload):
            (verdicts["ajv"],) = ajv.accepts(version, [payload])
        note("valid" if verdicts["fast"] else "invalid")
        assert len(set(verdicts.values())) == 1, verdicts

    agree()


@LAW
@given(payloads, st.sampled_from([None, "1.0", "2.0"]))
def test_both_engines_find_the_same(payload, version):
    """The fast and the reference engine find the same violations, to the letter."""
    assert tcspec.validate(payload, version=version) == tcspec.validate(payload, version=version, engine="reference")


@LAW
@given(hostile_documents)
def test_hostile_documents_are_judged_alike(raw):
    """Whatever bytes are judged, both engines answer the same and nothing is raised."""
    assert tcspec.validate(raw) == tcspec.validate(raw, engine="reference")
    assert tcspec.is_valid(raw) == (not any(v.severity is Severity.ERROR for v in tcspec.validate(raw)))
