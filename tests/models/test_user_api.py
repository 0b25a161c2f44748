"""The user API: the body of the call that writes a user, and the parameters of every call, for every engine."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from broken_payloads import break_payload
from payloads import full_of, minimal_of
from tcspec.models import Person, UserPut
from tcspec.models.introspection import build_example
from tcspec.models.user_api import UserDeletionQuery, UserPutQuery, UserQuery, VisitorQuery
from validators import definition_verdicts, model_error_paths, rust_validator, schema, verdicts

QUERIES = {model.__name__: model for model in (UserQuery, UserPutQuery, UserDeletionQuery, VisitorQuery)}
every_query = pytest.mark.parametrize("name", QUERIES)

PERSONS = [
    ({}, True),
    ({"id": ""}, True),
    ({"gender": "f"}, True),
    ({"shoe_size": 39, "newsletter": None}, True),
    ({"custom": {"favourite_shop": {"town": "Lausanne"}}}, True),
    ({"id": 1024}, False),
    ({"card": 2900}, False),
    ({"email": None}, False),
    ({"gender": True}, False),
    ({"custom": []}, False),
    ({"custom": None}, False),
    (None, False),
    ("C-1024", False),
    ([], False),
]
PARAMETERS = [
    # a site is a number in digits, in every call (K114)
    *(("site", value, verdict, tuple(QUERIES)) for value, verdict in [
        ("3315", True), ("0", True), ("", False), ("33a", False), (" 3315", False), ("3315\n", False),
        ("-1", False), ("\u0663", False), (3315, False), (None, False),
    ]),
    # identifiers are free, also where one page shows digits alone (K114)
    *(("user_id", value, verdict, ("UserQuery", "UserPutQuery", "UserDeletionQuery")) for value, verdict in [
        ("C-1024", True), ("1024", True), ("", True), ("é\n", True), (1024, False), (None, False),
    ]),
    *(("tc_id", value, verdict, ("UserDeletionQuery",)) for value, verdict in [
        ("2024", True), ("d-2024", False), ("", False), ("2024\n", False), (2024, False),
    ]),
    # a token has letters and digits if the page says so, else any characters
    *(("token", value, verdict, ("UserDeletionQuery", "VisitorQuery")) for value, verdict in [
        ("aZ09", True), ("", True), ("a-b", False), ("a\n", False), ("\n", False), ("é", False), (9, False),
    ]),
    *(("token", value, verdict, ("UserQuery", "UserPutQuery")) for value, verdict in [
        ("a-b_c", True), ("", True), (9, False), (None, False),
    ]),
    *(("tcid", value, verdict, ("VisitorQuery",)) for value, verdict in [("2024-x", True), ("", True), (1, False)]),
    *(("callback", value, verdict, ("VisitorQuery",)) for value, verdict in [("show", True), (None, False)]),
]  # fmt: skip


def query_verdicts(name, query):
    """Return the verdicts of every engine on the parameters of a call."""
    try:
        QUERIES[name].model_validate(query)
    except ValidationError:
        model = False
    else:
        model = True
    return {
        model,
        *definition_verdicts(name, query, "1.0", "user"),
    }


@pytest.mark.parametrize(("person", "verdict"), PERSONS)
def test_a_person_may_have_any_attribute(person, verdict):
    """The attributes on the vendor's page are strings, `custom` is an object, and any other attribute is free."""
    assert verdicts({"person": person}, "1.0", "user") == {verdict}


def test_a_person_is_required():
    """A body without a person is refused, whatever else it contains."""
    for payload in ({}, {"id": "C-1024"}, {"Person": {}}):
        assert verdicts(payload, "1.0", "user") == {False}


def test_every_constraint_can_be_broken():
    """Every wrong type and missing property is refused by every engine, at its own path."""
    full = full_of("user")
    assert verdicts(full, "1.0", "user") == verdicts(minimal_of("user"), "1.0", "user") == {True}
    found = list(break_payload("UserPut", schema("1.0", "user")["$defs"], full))
    assert len(found) > 40
    for broken in found:
        assert verdicts(broken.payload, "1.0", "user") == {False}, str(broken)
        errors = rust_validator("1.0", "user").iter_errors(broken.payload)
        assert {tuple(error.instance_path) for error in errors} == {broken.path}, str(broken)
        with pytest.raises(ValidationError) as caught:
            UserPut.model_validate(broken.payload)
        assert model_error_paths(caught.value, broken.path) == {broken.path}


def test_a_body_comes_back_as_it_went_in():
    """A body that was parsed is dumped with the same values, and one is built in code."""
    payload = full_of("user") | {"source": "crm"}
    payload["person"]["tier"] = ["gold", None]
    assert UserPut.model_validate(payload).model_dump() == payload
    assert UserPut(person=Person(id="C-1", custom={"tier": 1})).model_dump() == {
        "person": {"id": "C-1", "custom": {"tier": 1}}
    }


@every_query
def test_parameters_of_our_own_are_valid(name):
    """The required parameters of every call are valid, and so are all its parameters and additional ones."""
    for full in (False, True):
        query = build_example(QUERIES[name], full=full)
        assert query_verdicts(name, query) == {True}
        assert query_verdicts(name, query | {"verbose": "1"}) == {True}


@every_query
def test_parameters_that_are_missing_are_found(name):
    """Each call requires its site and its token, and the user unless there is a cookie."""
    query = build_example(QUERIES[name])
    assert list(query) == (["site", "token"] if name == "VisitorQuery" else ["site", "user_id", "token"])
    for parameter in query:
        rest = {other: value for other, value in query.items() if other != parameter}
        assert query_verdicts(name, rest) == {False}, parameter


@every_query
def test_engines_agree_on_parameters(name):
    """A parameter is a string, and every engine accepts and refuses the same."""
    mine = [(parameter, value, verdict) for parameter, value, verdict, names in PARAMETERS if name in names]
    assert {parameter for parameter, _, _ in mine} == QUERIES[name].model_fields.keys()
    for parameter, value, verdict in mine:
        query = build_example(QUERIES[name]) | {parameter: value}
        assert query_verdicts(name, query) == {verdict}, (parameter, value)
