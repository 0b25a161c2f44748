"""All validators agree on events: `validate`, the models, and the published schemas in three engines."""

from __future__ import annotations

import pytest
from hypothesis import event as note
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from lab.agreement.validator_set import ValidatorSet
from strategies.batches import any_events
from strategies.documents import hostile_documents
from tcspec.errors import Severity


@pytest.fixture(scope="module")
def validators():
    """Prepare the validators of both versions of events."""
    with ValidatorSet(["event/1.0", "event/2.0"]) as prepared:
        yield prepared


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_validators_agree(validators, version):
    """All validators give the same verdict on every payload, as 1.0 and as 2.0."""

    @given(any_events)
    def agree(payload):
        (verdicts,) = validators.verdicts(f"event/{version}", [payload])
        note("valid" if verdicts["validate"] is True else "invalid")
        assert set(verdicts.values()) in ({True}, {False}), verdicts

    agree()


@given(any_events, st.sampled_from([None, "1.0", "2.0"]))
def test_engines_find_the_same(payload, version):
    """The fast and the reference engine return equal violations."""
    assert tcspec.validate(payload, version=version) == tcspec.validate(payload, version=version, engine="reference")


@given(hostile_documents)
def test_hostile_documents(raw):
    """Both engines return equal violations for any bytes, and nothing is raised."""
    assert tcspec.validate(raw) == tcspec.validate(raw, engine="reference")
    assert tcspec.is_valid(raw) == (not any(v.severity is Severity.ERROR for v in tcspec.validate(raw)))
