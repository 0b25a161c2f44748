"""Properties of batches and of the data APIs, on valid, nearly valid, damaged, legacy and hostile payloads."""

from __future__ import annotations

import copy
import json
import random

import pytest
from hypothesis import event as note
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from assertions import error_codes, resolve
from bulk_answers import predict_bulk_response
from lab.agreement.validator_set import ValidatorSet
from strategies import data_apis
from strategies.batches import batches, damaged_batches, encode_compact, not_batches, valid_batches
from strategies.documents import serialize

VERSIONS = data_apis.KINDS | {"batch": "2.0"}
VALID = data_apis.VALID | {"batch": valid_batches}
DAMAGED = data_apis.DAMAGED | {"batch": damaged_batches().map(lambda damaged: (damaged[0], damaged[2]))}
ANY = data_apis.ANY | {"batch": st.one_of(batches, not_batches, damaged_batches().map(lambda damaged: damaged[0]))}
BULK = ("product", "conversion")
SIZE_CODES = {"TC020", "TC021"}

every_kind = pytest.mark.parametrize("kind", VERSIONS)


def with_kind(strategies):
    """Draw a kind and a payload from its strategy."""
    return st.sampled_from(sorted(strategies)).flatmap(lambda kind: st.tuples(st.just(kind), strategies[kind]))


@every_kind
def test_valid_payloads_are_valid(kind):
    """A payload with the required properties, and any custom ones, is valid."""

    @given(VALID[kind])
    def valid(payload):
        assert tcspec.validate(payload, kind) == []
        assert tcspec.is_valid(payload, kind)

    valid()


@every_kind
def test_damaged_payloads_have_one_code(kind):
    """A payload with one error has errors of its code, and of no other."""

    @given(DAMAGED[kind])
    def found(damaged):
        payload, code = damaged
        note(code)
        assert error_codes(tcspec.validate(payload, kind)) == {code}
        assert not tcspec.is_valid(payload, kind)

    found()


@pytest.fixture(scope="module")
def validators():
    """Prepare the validators of each kind."""
    with ValidatorSet([f"{kind}/{version}" for kind, version in VERSIONS.items()]) as prepared:
        yield prepared


@every_kind
def test_validators_agree(validators, kind):
    """`validate`, the models, jsonschema-rs, jsonschema and ajv give the same verdict on every payload."""

    @given(ANY[kind])
    def agree(payload):
        (verdicts,) = validators.verdicts(f"{kind}/{VERSIONS[kind]}", [payload])
        note(str(verdicts["validate"]))
        assert set(verdicts.values()) in ({True}, {False}), verdicts

    agree()


@given(with_kind(ANY))
def test_engines_find_the_same(drawn):
    """The fast and the reference engine return equal violations, and valid means no error."""
    kind, payload = drawn
    found = tcspec.validate(payload, kind)
    assert tcspec.validate(payload, kind, engine="reference") == found
    assert tcspec.is_valid(payload, kind) == (not error_codes(found))


@given(st.sampled_from(sorted(VERSIONS)), data_apis.hostile_lines)
def test_any_bytes_are_validated(kind, raw):
    """Any bytes are validated as any kind: both engines find the same, with positions, and nothing is raised."""
    found = tcspec.validate(raw, kind)
    assert tcspec.validate(raw, kind, engine="reference") == found
    assert tcspec.is_valid(raw, kind) == (not error_codes(found))
    assert all(violation.line and violation.column for violation in found)


@given(with_kind(ANY), st.integers(0, 2**32))
def test_positions(drawn, seed):
    """The same is found in any JSON text; pointers resolve in the payload, line and column point at that value."""
    kind, payload = drawn
    text = serialize(payload, random.Random(seed))  # noqa: S311 - styles, not secrets
    found = tcspec.validate(text.encode(), kind)
    assert [(v.code, v.pointer) for v in found if v.code not in SIZE_CODES] == [
        (v.code, v.pointer) for v in tcspec.validate(payload, kind) if v.code not in SIZE_CODES
    ]
    lines = text.split("\n")
    for violation in found:
        offset = sum(len(line) + 1 for line in lines[: violation.line - 1]) + violation.column - 1
        value, _ = json.JSONDecoder().raw_decode(text, offset)
        assert json.dumps(value) == json.dumps(resolve(payload, violation.pointer))


@given(with_kind(ANY))
def test_payloads_are_not_changed(drawn):
    """Validating and detecting do not change a payload."""
    kind, payload = drawn
    before = copy.deepcopy(payload)
    tcspec.validate(payload, kind)
    tcspec.is_valid(payload, kind)
    tcspec.detect(payload)
    assert json.dumps(payload) == json.dumps(before)


@st.composite
def requests(draw):
    """Draw the kind and the lines of a bulk request, all of them objects."""
    kind = draw(st.sampled_from(BULK))
    damaged = data_apis.DAMAGED[kind].map(lambda pair: pair[0])
    objects = draw(st.lists(st.one_of(data_apis.VALID[kind], damaged, data_apis.biased), max_size=15))
    return kind, [encode_compact(each) for each in objects]


class TestBulkAnswers:
    """The predicted answer to a bulk request."""

    @given(requests())
    def test_counts(self, request_):
        """Every line is accepted or rejected, and the errors add up to the violations."""
        kind, lines = request_
        answer = predict_bulk_response(lines, kind)
        found = [[v for v in tcspec.validate(line, kind) if v.severity is tcspec.Severity.ERROR] for line in lines]
        counts = answer["data"]
        assert counts["accepted_object_count"] == sum(not violations for violations in found)
        assert counts["rejected_object_count"] == len(lines) - counts["accepted_object_count"]
        metas = [error["meta"] for error in answer.get("errors", ())]
        assert sum(meta["error_count"] for meta in metas) == sum(map(len, found))
        for meta in metas:
            assert meta["line_numbers"] == sorted(set(meta["line_numbers"]))
            assert len(meta["ids"]) <= len(meta["line_numbers"]) <= min(10, meta["error_count"])
            assert all(found[number - 1] for number in meta["line_numbers"])
        keys = [(error["code"], error["meta"].get("property"), error["detail"]) for error in answer.get("errors", ())]
        assert len(keys) == len(set(keys))
        assert ("errors" in answer) == any(found)

    @given(requests(), st.lists(st.sampled_from((b"", b" ", b"\t\r")), max_size=3), st.integers(0, 15))
    def test_blank_lines(self, request_, blank, at):
        """Blank lines only change the numbers of the lines after them."""
        kind, lines = request_
        at = min(at, len(lines))
        answer, shifted = (
            predict_bulk_response(lines, kind),
            predict_bulk_response([*lines[:at], *blank, *lines[at:]], kind),
        )
        for error in answer.get("errors", ()):
            numbers = error["meta"]["line_numbers"]
            error["meta"]["line_numbers"] = [number + len(blank) * (number > at) for number in numbers]
        assert shifted == answer

    @given(requests(), data_apis.hostile_lines)
    def test_any_bytes_are_answered(self, request_, raw):
        """With any bytes among the lines there is an answer: counts that add up, or that a line is not JSON."""
        kind, lines = request_
        answer = predict_bulk_response([*lines, raw], kind)
        if answer["data"]:
            assert sum(answer["data"].values()) == len(lines) + bool(raw.strip())
        else:
            assert [error["code"] for error in answer["errors"]] == ["PARSE_ERROR"]
