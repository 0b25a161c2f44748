"""The laws of batches and of the data APIs, tried on valid, nearly valid, damaged, legacy and hostile payloads."""

from __future__ import annotations

import copy
import json
import random

import pytest
from hypothesis import event as note
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from lab.agreement.panel import Panel
from properties.test_validation import errors, resolved
from strategies import data_apis
from strategies.batches import batches, compact, damaged_batches, no_batches, valid_batches
from strategies.documents import serialize
from tcspec.requests.bulk_response import predict_bulk_response

VERSIONS = data_apis.KINDS | {"batch": "2.0"}
VALID = data_apis.VALID | {"batch": valid_batches}
DAMAGED = data_apis.DAMAGED | {"batch": damaged_batches().map(lambda damaged: (damaged[0], damaged[2]))}
ANY = data_apis.ANY | {"batch": st.one_of(batches, no_batches, damaged_batches().map(lambda damaged: damaged[0]))}
BULK = ("product", "conversion")
SIZE = {"TC020", "TC021"}

every_kind = pytest.mark.parametrize("kind", VERSIONS)


def drawn(strategies):
    """Draw a kind, and what one of the strategies draws for it."""
    return st.sampled_from(sorted(strategies)).flatmap(lambda kind: st.tuples(st.just(kind), strategies[kind]))


@every_kind
def test_valid_payloads_are_valid(kind):
    """A payload that has all that the facts ask for, and any key of its own, is valid."""

    @given(VALID[kind])
    def valid(payload):
        assert tcspec.validate(payload, kind) == []
        assert tcspec.is_valid(payload, kind)

    valid()


@every_kind
def test_damage_is_found_and_nothing_else(kind):
    """One targeted damage of a valid payload is found, with its code and no other."""

    @given(DAMAGED[kind])
    def found(damaged):
        payload, code = damaged
        note(code)
        assert errors(tcspec.validate(payload, kind)) == {code}
        assert not tcspec.is_valid(payload, kind)

    found()


@pytest.fixture(scope="module")
def panel():
    """Seat the judges of each kind."""
    with Panel([f"{kind}/{version}" for kind, version in VERSIONS.items()]) as seated:
        yield seated


@every_kind
def test_every_judge_says_the_same(panel, kind):
    """Models, jsonschema-rs, jsonschema, ajv and the judge agree on every payload."""

    @given(ANY[kind])
    def agree(payload):
        (verdicts,) = panel.verdicts(f"{kind}/{VERSIONS[kind]}", [payload])
        note(str(verdicts["validate"]))
        assert set(verdicts.values()) in ({True}, {False}), verdicts

    agree()


@given(drawn(ANY))
def test_both_engines_find_the_same(asked):
    """The fast and the reference engine find the same violations, to the letter, and valid means no error."""
    kind, payload = asked
    found = tcspec.validate(payload, kind)
    assert tcspec.validate(payload, kind, engine="reference") == found
    assert tcspec.is_valid(payload, kind) == (not errors(found))


@given(st.sampled_from(sorted(VERSIONS)), data_apis.hostile_lines)
def test_any_bytes_are_judged(kind, raw):
    """Whatever bytes are judged as whatever kind, both engines answer the same, with a place, and nothing is raised."""
    found = tcspec.validate(raw, kind)
    assert tcspec.validate(raw, kind, engine="reference") == found
    assert tcspec.is_valid(raw, kind) == (not errors(found))
    assert all(violation.line and violation.column for violation in found)


@given(drawn(ANY), st.integers(0, 2**32))
def test_places_point_at_what_is_wrong(asked, seed):
    """In any spelling the same is found; pointers resolve in the payload, line and column point at that value."""
    kind, payload = asked
    text = serialize(payload, random.Random(seed))  # noqa: S311 - spelling, not secrets
    found = tcspec.validate(text.encode(), kind)
    assert [(v.code, v.pointer) for v in found if v.code not in SIZE] == [
        (v.code, v.pointer) for v in tcspec.validate(payload, kind) if v.code not in SIZE
    ]
    lines = text.split("\n")
    for violation in found:
        offset = sum(len(line) + 1 for line in lines[: violation.line - 1]) + violation.column - 1
        there, _ = json.JSONDecoder().raw_decode(text, offset)
        assert json.dumps(there) == json.dumps(resolved(payload, violation.pointer))


@given(drawn(ANY))
def test_looking_never_changes(asked):
    """Judging and detecting leave a payload as it was."""
    kind, payload = asked
    before = copy.deepcopy(payload)
    tcspec.validate(payload, kind)
    tcspec.is_valid(payload, kind)
    tcspec.detect(payload)
    assert json.dumps(payload) == json.dumps(before)


@st.composite
def requests(draw):
    """Draw the lines of a bulk request, all of them objects, and the kind of these."""
    kind = draw(st.sampled_from(BULK))
    damaged = data_apis.DAMAGED[kind].map(lambda pair: pair[0])
    objects = draw(st.lists(st.one_of(data_apis.VALID[kind], damaged, data_apis.biased), max_size=15))
    return kind, [compact(each) for each in objects]


class TestBulkAnswers:
    """The aggregated answer adds up."""

    @given(requests())
    def test_counts(self, request_):
        """Accepted and rejected objects are all lines, and errors occur as often as there are violations."""
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
        named = [(error["code"], error["meta"].get("property"), error["detail"]) for error in answer.get("errors", ())]
        assert len(named) == len(set(named))
        assert ("errors" in answer) == any(found)

    @given(requests(), st.lists(st.sampled_from((b"", b" ", b"\t\r")), max_size=3), st.integers(0, 15))
    def test_blank_lines(self, request_, blank, at):
        """Blank lines change nothing but the numbers of the lines after them."""
        kind, lines = request_
        at = min(at, len(lines))
        answer, moved = (
            predict_bulk_response(lines, kind),
            predict_bulk_response([*lines[:at], *blank, *lines[at:]], kind),
        )
        for error in answer.get("errors", ()):
            numbers = error["meta"]["line_numbers"]
            error["meta"]["line_numbers"] = [number + len(blank) * (number > at) for number in numbers]
        assert moved == answer

    @given(requests(), data_apis.hostile_lines)
    def test_any_bytes_are_answered(self, request_, raw):
        """Whatever bytes are among the lines, there is an answer: counts that add up, or that a line is no JSON."""
        kind, lines = request_
        answer = predict_bulk_response([*lines, raw], kind)
        if answer["data"]:
            assert sum(answer["data"].values()) == len(lines) + bool(raw.strip())
        else:
            assert [error["code"] for error in answer["errors"]] == ["PARSE_ERROR"]
