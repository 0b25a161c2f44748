"""The laws of comparing schemas: nothing that is said is ever contradicted by a payload."""

from __future__ import annotations

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from strategies.schemas import PAYLOADS, pairs, schemas
from tcspec.evolution.comparing import Verdict, compare
from tcspec.evolution.keywords import without_annotations


def judge(schema):
    """Compile a schema."""
    return jsonschema_rs.Draft202012Validator(schema, offline=True).is_valid


@given(pairs(), st.lists(PAYLOADS, min_size=20, max_size=40))
def test_no_payload_contradicts_a_verdict(pair, payloads):
    """What a schema was proved to cover it takes, and every counter-example is one."""
    old, new = map(judge, pair)
    compared = compare(*pair)
    for answer, narrow, wide in ((compared.forward, old, new), (compared.backward, new, old)):
        if answer.covers is True:
            assert [payload for payload in payloads if narrow(payload) and not wide(payload)] == []
        if answer.covers is False:
            assert narrow(answer.witness.payload)
            assert not wide(answer.witness.payload)


@given(schemas())
def test_a_schema_is_identical_to_itself(schema):
    """A schema is identical to itself, also with every annotation gone."""
    noted = {**schema, "title": "a title", "examples": [1]}
    assert compare(schema, schema).verdict == Verdict.IDENTICAL
    assert compare(noted, without_annotations(schema)).verdict == Verdict.IDENTICAL


@given(pairs())
def test_comparing_mirrors(pair):
    """Compared the other way round, the answers change places: nobody is told yes here and no there."""
    one, other = compare(*pair), compare(*reversed(pair))
    assert (one.forward.covers, one.backward.covers) == (other.backward.covers, other.forward.covers)


@given(schemas(), schemas())
def test_more_alternatives_are_wider_and_more_demands_narrower(one, other):
    """An alternative more never refuses what was taken, a demand more never takes what was refused."""
    together = {"$defs": one["$defs"] | {"one": one["$defs"]["one"]}}
    other = {key: value for key, value in other.items() if key != "$defs"}
    old = {key: value for key, value in one.items() if key != "$defs"}
    assert compare(one, together | {"anyOf": [old, other]}).forward.covers is not False
    assert compare(one, together | {"allOf": [old, other]}).backward.covers is not False
