"""Violations are values; exceptions have a message of one sentence."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import pkgutil
from dataclasses import FrozenInstanceError, fields, replace

import pytest

import tcspec as package
from tcspec.contract.subschemas import InvalidSchema
from tcspec.errors import (
    Basis,
    Fix,
    InvalidPayload,
    OversizeEvent,
    RecursionLimitTooLow,
    Severity,
    TcspecError,
    UnknownKind,
    UnreadablePayload,
    UnreadableTimestamp,
    Violation,
    WrongArgument,
    WrongKeyword,
)
from tcspec.files.lines import FileError
from tcspec.jsontext.patch import PatchError
from tcspec.jsontext.reader import ImpossibleLimits
from tcspec.migration.job import MigrationError
from tcspec.migration.output_files import CannotResume
from tcspec.migration.reject_groups import NotRejects
from tcspec.migration.rejects import NoPlaceForRejects
from tcspec.migration.verification import NotVerifiable
from tcspec.pixels.query import Unsayable

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


def test_violations_are_located():
    """A violation with its line and column is otherwise the same, and what it masks stays masked once."""
    violation = Violation("TC112", Severity.INFO, "/a", '`a@b.example` is "+41 21 555 01 23"', {"property": "a@b"})
    located = violation.located_at(3, 4)
    assert located == replace(violation, line=3, column=4)
    assert (violation.line, violation.column) == (None, None)


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
        (
            InvalidPayload([replace(WRONG, severity=Severity.WARNING), MISSING, WRONG]),
            "TC101 error at the root: `user` is missing (and 2 more)",
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


ERRORS = (
    InvalidPayload([WRONG]),
    InvalidPayload(iter([WRONG, MISSING])),
    InvalidPayload(()),
    UnreadablePayload([MISSING, WRONG]),
    OversizeEvent(index=3, size=40_000, limit=32_768),
    UnreadableTimestamp(5, "why"),
    UnreadableTimestamp(value=[{}], reason="why"),
    WrongArgument("`kind` as a string", "an array"),
    WrongKeyword("User", ("unknown property `emial` (did you mean `email`?)",)),
    UnknownKind(requested="a", known=("b", "c")),
    InvalidSchema("why"),
    RecursionLimitTooLow(50),
    ImpossibleLimits(depth=0, length=1),
    PatchError("add", "/a", "why"),
    Unsayable("/a", "why"),
    FileError("a.json", "why"),
    MigrationError("why"),
    CannotResume("why"),
    NoPlaceForRejects("line 3", "TC701"),
    NotRejects("a.ndjson", "why"),
    NotVerifiable("why"),
)
"""Errors of every class, built in every way."""


def _classes(parent):
    """Return the classes below one, whatever their level."""
    return {child for each in parent.__subclasses__() for child in (each, *_classes(each))}


def test_every_class_is_tested():
    """Every class of errors is in the table."""
    modules = [module.name for module in pkgutil.walk_packages(package.__path__, "tcspec.")]
    for name in modules:
        if not name.endswith("__main__"):
            try:
                importlib.import_module(name)
            except ImportError as error:  # what an extra brings need not be installed
                if (error.name or "tcspec").startswith("tcspec"):
                    raise
    assert {type(error) for error in ERRORS} == _classes(TcspecError)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
class TestValues:
    """An error behaves as a value."""

    @pytest.mark.parametrize("travel", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])  # noqa: S301 - our own bytes
    def test_travel_between_processes(self, error, travel):
        """An error that was pickled or copied, as by a worker process, arrives unchanged, with its notes."""
        error = copy.copy(error)
        error.add_note("line 7")
        arrived = travel(error)
        assert type(arrived) is type(error)
        assert (arrived, str(arrived), repr(arrived)) == (error, str(error), repr(error))
        assert arrived.__notes__ == ["line 7"]

    def test_hash(self, error):
        """An error is hashable, equal to its copy, and to nothing else."""
        assert {error, copy.copy(error)} == {error}
        assert error != str(error)
        assert error != TcspecError()

    def test_sentence(self, error):
        """An error has a sentence of one line."""
        assert str(error)
        assert "\n" not in str(error)


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
