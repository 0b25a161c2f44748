"""Violations are values; exceptions have a message of one sentence."""

from __future__ import annotations

import json
import pickle
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from tcspec.errors import (
    Basis,
    Fix,
    InvalidPayload,
    Severity,
    TcspecError,
    UnknownKind,
    UnreadablePayload,
    UnreadableTimestamp,
    Violation,
)

MISSING = Violation("TC101", Severity.ERROR, "", "`user` is missing", {"property": "user"})
WRONG = Violation("TC302", Severity.ERROR, "/user/email", "expected a string, got the integer 3")


def test_severities_are_ordered():
    """Severity rises from info over warning to error."""
    assert [severity.rank for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)] == [0, 1, 2]
    assert max(Severity, key=lambda severity: severity.rank) is Severity.ERROR


def test_words_of_violations():
    """Severity and basis are equal to their names."""
    assert [f"{severity}" for severity in Severity] == ["info", "warning", "error"]
    assert [f"{basis}" for basis in Basis] == ["documented", "observed", "inferred"]


def test_violations_are_values():
    """Violations are compared by value, and cannot be changed."""
    assert Violation("TC101", Severity.ERROR, "", "`user` is missing", {"property": "user"}) == MISSING
    assert MISSING != WRONG
    with pytest.raises(FrozenInstanceError):
        MISSING.code = "TC102"


def test_defaults_of_violations():
    """Unknown attributes of a violation are empty; the default basis is the vendor's pages."""
    assert (WRONG.data, WRONG.source, WRONG.basis) == ({}, "", Basis.DOCUMENTED)
    assert (WRONG.line, WRONG.column, WRONG.hint) == (None, None, None)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InvalidPayload([MISSING]), "TC101 error at the root: `user` is missing"),
        (
            InvalidPayload(iter([WRONG, MISSING])),
            "TC302 error at /user/email: expected a string, got the integer 3 (and 1 more)",
        ),
        (UnreadablePayload([MISSING, WRONG, WRONG]), "TC101 error at the root: `user` is missing (and 2 more)"),
        (UnreadableTimestamp("secret", "it is odd"), "cannot read a timestamp: it is odd"),
        (UnknownKind("pixel", ("event", "batch")), "unknown name 'pixel'; choose from event, batch"),
    ],
)
def test_sentences(error, sentence):
    """Every exception is a `TcspecError`, and its message is one sentence."""
    assert isinstance(error, TcspecError)
    assert str(error) == sentence


def test_carry_what_they_are_about():
    """An exception has the values of its message as attributes."""
    assert InvalidPayload(iter([WRONG])).violations == (WRONG,)
    assert UnreadableTimestamp(5, "why").value == 5
    assert UnknownKind("a", ("b",)).known == ("b",)


def test_kinship():
    """An unreadable payload is invalid, and bad arguments are a `ValueError`."""
    assert issubclass(UnreadablePayload, InvalidPayload)
    assert issubclass(UnreadableTimestamp, ValueError)
    assert issubclass(UnknownKind, ValueError)


@pytest.mark.parametrize(
    "error",
    [
        InvalidPayload([WRONG]),
        UnreadablePayload([MISSING, WRONG]),
        UnreadableTimestamp(5, "why"),
        UnknownKind("a", ("b", "c")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_travel_between_processes(error):
    """An exception of a worker process arrives unchanged."""
    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(arrived) is type(error)
    assert (arrived, str(arrived)) == (error, str(error))


def test_violations_are_hashable_and_readable():
    """A violation is hashable, equal to its copy, readable as text, and complete as a dict of JSON."""
    fix = Fix("write it", ({"op": "replace", "path": "/a", "value": 1},), is_safe=True)
    violation = Violation("TC302", Severity.ERROR, "/user/id", "odd", {"actual": "3"}, line=2, column=5, fix=fix)
    assert {violation, replace(violation)} == {violation}
    assert str(violation) == "2:5: TC302 error at /user/id: odd"
    assert str(replace(violation, pointer="", line=None, column=None)) == "TC302 error at the root: odd"
    document = json.loads(json.dumps(violation.to_dict()))
    assert document["fix"] == {"title": "write it", "is_safe": True, "patch": [dict(fix.patch[0])]}
    assert set(document) == {field.name for field in fields(Violation)}
