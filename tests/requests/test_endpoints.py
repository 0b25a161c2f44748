"""The table of endpoints agrees with the published schemas."""

from __future__ import annotations

import json
import re

import pytest

from endpoint_facts import PATTERNS
from locations import ROOT
from strategies.requests import BY_ID
from tcspec.errors import Severity
from tcspec.requests.endpoints import ENDPOINTS, EVENTS_PIXEL, Parameter
from validators import base_of

USERS = json.loads((ROOT / "schemas" / "user" / "1.0.json").read_text(encoding="utf-8"))["$defs"]
QUERIES = {
    "user_get": "UserQuery",
    "user_put": "UserPutQuery",
    "user_delete": "UserDeletionQuery",
    "visitor_get": "VisitorQuery",
}

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=BY_ID)


@pytest.mark.parametrize(("endpoint", "definition"), QUERIES.items())
def test_parameters_of_the_schema(endpoint, definition):
    """The parameters of the user API and their patterns are those of the published schema."""
    parts = [USERS[definition]]
    while base := base_of(parts[-1]):
        parts.append(USERS[base])
    properties = {name: schema for part in reversed(parts) for name, schema in part.get("properties", {}).items()}
    required = {name for part in parts for name in part.get("required", [])}
    parameters = BY_ID[endpoint].parameters
    assert {each.name for each in parameters} == properties.keys()
    assert {each.name for each in parameters if each.is_required} == required
    for each in parameters:
        schema = properties[each.name]
        schema = USERS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        # What is only a warning is not part of the schema (K114).
        pattern = each.pattern if each.severity is Severity.ERROR else None
        assert pattern == PATTERNS.get(schema.get("pattern")), each


@every_endpoint
def test_are_complete(endpoint):
    """Every endpoint cites a page, and every pattern has a description."""
    assert BY_ID[endpoint.id] is endpoint
    assert endpoint.source.endswith(".md")
    for each in endpoint.parameters:
        assert bool(each.pattern) == (each.expected != "a string")
        assert each.name not in each.aliases
    assert (endpoint.kind is None) == (endpoint.version is None)


@pytest.mark.parametrize(
    ("value", "matches"), [("3315", True), ("", False), ("3315\n", False), ("٣", False), ("3 3", False)]
)
def test_matches(value, matches):
    """The pattern of a parameter matches a whole value."""
    assert Parameter("a", pattern="[0-9]+").matches(value) is matches
    assert Parameter("a").matches(value)


def test_page_of_pixels():
    """Pixels are documented on a page of their own."""
    assert re.fullmatch(".*/pixel-tracking.md", EVENTS_PIXEL.source)
