"""The table of endpoints, compared with the facts about the vendor's pages."""

from __future__ import annotations

import pytest

from acceptance.vendor.facts import SPEC, load_facts
from endpoint_facts import DOCUMENTED, PATTERNS
from strategies.requests import BY_ID
from tcspec.requests.answers import UNSUPPORTED
from tcspec.requests.bulk_response import MISSING, PARSE_ERROR, WRONG_FORMAT, WRONG_TYPE
from tcspec.requests.endpoints import ENDPOINTS, NDJSON, Credentials
from tcspec.requests.parameters import INVALID_TYPE, MISSING_HEADER, UNKNOWN_TYPE
from tcspec.size import ITEMS_A_REQUEST, LINES_A_REQUEST, size_limit

pytestmark = pytest.mark.skipif(not SPEC.is_dir(), reason="the facts about the vendor's pages are not here")

WITHOUT_PATTERN = {"boolean": "true|false", "integer": "[0-9]+"}

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=BY_ID)


@pytest.fixture(scope="module")
def facts():
    """Load the facts about the endpoints."""
    return load_facts("apis.yaml")


def fact_of(facts, endpoint):
    """Find the facts about one endpoint."""
    return next(fact for fact in facts["endpoints"] if fact["id"] == endpoint.id)


def test_endpoints(facts):
    """The endpoints are those of the facts, in the same order."""
    assert [fact["id"] for fact in facts["endpoints"]] == list(BY_ID)


@every_endpoint
def test_urls(facts, endpoint):
    """Method, URL, version and page are those of the facts."""
    fact = fact_of(facts, endpoint)
    assert (endpoint.method, endpoint.url) == (fact["method"], fact["url"])
    assert endpoint.version is None or fact.get("version", endpoint.version.name) == endpoint.version.name
    if "sources" in fact:
        assert endpoint.source in {source.partition("@")[0] for source in fact["sources"]}


@every_endpoint
def test_parameters(facts, endpoint):
    """The parameters, whether they are required and their patterns are those of the facts."""
    expected = {fact["name"]: fact for fact in fact_of(facts, endpoint)["query"] if fact["name"] != "*"}
    assert {each.name for each in endpoint.parameters} == expected.keys()
    for each in endpoint.parameters:
        fact = expected[each.name]
        assert each.is_required == (fact["required"] == "always"), each
        pattern = PATTERNS.get(fact.get("pattern"), WITHOUT_PATTERN.get(fact["type"]))
        if each.name in {"tc_s", "site"}:
            pattern = "[0-9]+"  # K114, and the note of tc_s
        assert each.pattern == pattern, each


@every_endpoint
def test_headers(facts, endpoint):
    """The Content-Type and the header of the credentials are those of the facts."""
    headers = {fact["name"]: fact for fact in fact_of(facts, endpoint)["headers"]}
    content_type = headers.get("Content-Type")
    assert endpoint.content_type == (content_type["value"] if content_type else None)
    if content_type:
        assert endpoint.is_type_required == (content_type["required"] == "always")
    bearer = headers.get("Authorization", {}).get("required")
    names = {fact["name"] for fact in fact_of(facts, endpoint)["query"]}
    if endpoint.credentials is Credentials.BEARER:
        assert bearer == "always"
        assert "token" not in names
    else:
        assert bearer != "always"
        assert "token" in names


@every_endpoint
def test_limits(facts, endpoint):
    """Every limit of the facts that can be seen in a request is checked."""
    kilobytes = {"event": 32, "batch": 500}
    of_requests = {"lines per request": LINES_A_REQUEST, "conversion items": ITEMS_A_REQUEST}
    unseen = {"rate", "requests per second", "concurrent connections", "objects per second", "URL length"}
    for limit in fact_of(facts, endpoint).get("limits", []):
        match limit["name"]:
            case "request body":
                assert limit["value"] == kilobytes[endpoint.kind]
                assert size_limit(endpoint.kind).safe == limit["value"] * 1_000
                assert size_limit(endpoint.kind).hard == limit["value"] * 1_024
            case "each event of the batch":
                assert size_limit("event").safe == limit["value"] * 1_000
            case name if name in of_requests:
                assert of_requests[name] == limit["value"]
            case name:
                assert name in unseen


def test_errors_of_the_bulk_endpoints(facts):
    """The error codes are those of the facts, but those that cannot be seen in a request."""
    expected = {
        group.removeprefix("codes_"): {each["code"] for each in listed}
        for group, listed in facts["bulk_errors"].items()
        if group.startswith("codes_")
    }
    assert expected["400"] == {PARSE_ERROR, MISSING, WRONG_TYPE, WRONG_FORMAT}
    assert expected["401"] == {MISSING_HEADER, UNKNOWN_TYPE, INVALID_TYPE, "UNKNOWN_TOKEN"}
    assert expected["415"] == {UNSUPPORTED}


def test_ndjson(facts):
    """The bulk endpoints, and no others, read NDJSON."""
    assert {each.id for each in ENDPOINTS if each.content_type == NDJSON} == {
        fact["id"] for fact in facts["endpoints"] if fact["id"].endswith("_bulk")
    }


def test_documented_statuses(facts):
    """The documented statuses are those of the facts."""
    assert {fact["id"]: {each["status"] for each in fact["responses"]} for fact in facts["endpoints"]} == DOCUMENTED
