"""Credentials and configuration in payloads."""

from __future__ import annotations

import pytest
from hypothesis import given

from tcspec.contract.credentials import find_configuration, find_credentials
from tcspec.kinds import EVENT_2_0
from tcspec.strategies.values import json_values


def find(payload, *tokens):
    """Return the paths of credentials."""
    return list(find_credentials(payload, tokens))


@pytest.mark.parametrize(
    "name",
    ["sourceKey", "source_key", "SOURCE-KEY", "Authorization", "apiKey", "access_token", "clientSecret", "password"],
)
def test_names(name):
    """Credentials are recognised by their name in any notation, at any depth."""
    assert find({name: "x", "a": [{"b": {name: "x"}}]}) == [(name,), ("a", 0, "b", name)]


@pytest.mark.parametrize("value", [None, True, 7, "", " \t", {}, []])
def test_other_values(value):
    """Only a string that is not blank is a credential."""
    assert find({"sourceKey": value}) == []


def test_token():
    """A token is a credential at the root, in `properties` and in `context`; elsewhere it may be another one."""
    inner = {"token": "x"}
    payload = {"token": "x", "properties": inner, "context": {"token": "x", "push": inner}, "device": inner}
    assert find(payload) == [("token",), ("properties", "token"), ("context", "token")]


def test_bearer():
    """A Bearer token is a credential whatever its name is."""
    assert find({"headers": ["Bearer x", "bearer\tx", "Bearer", "a Bearer x"]}) == [("headers", 0), ("headers", 1)]


def test_known_tokens():
    """A known token is found in any string, also as a part of it."""
    assert find({"note": ["abc", "x-abc-x", "ab"], "n": 7}, "abc") == [("note", 0), ("note", 1)]
    assert find("abc", "abc") == [()]


def test_depth():
    """A value of any depth is searched."""
    value = {"password": "x"}
    for _ in range(5_000):
        value = [value]
    assert len(find(value)) == 1


def test_configuration():
    """Configuration is found at the root, in `properties` and in `context`, unless the property is standard."""
    payload = {
        "siteId": 1,
        "tc_s": None,
        "properties": {"collectionDomain": {}},
        "context": {"site-id": "1", "site_id": 1, "page": {"siteId": 1}},
    }
    assert list(find_configuration(payload, EVENT_2_0)) == [
        ("siteId",),
        ("tc_s",),
        ("properties", "collectionDomain"),
        ("context", "site-id"),
    ]


@given(json_values())
def test_any_value(value):
    """Any value can be searched, and is not changed."""
    before = repr(value)
    list(find_credentials(value))
    list(find_configuration(value, EVENT_2_0))
    assert repr(value) == before
