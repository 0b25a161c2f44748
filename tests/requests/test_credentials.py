"""The credentials of requests, and credentials in payloads."""

from __future__ import annotations

import json

import pytest

from strategies.requests import API, COLLECT, CONVERSION, EVENT, IN_JSON, IN_LINES, REQUESTS, TOKEN
from tcspec.requests.examination import check_request
from tcspec.requests.parameters import bearer_token

BEARER = ("Authorization", f"Bearer {TOKEN}")
EVENTS = f"{COLLECT}/events?tc_s=3315"
PRODUCTS = f"{API}/v2/3315/products/bulk"


def found(*request, of=("TC036", "TC037", "TC038")):
    """Return code and pointer of the violations of credentials."""
    return [(each.code, each.pointer) for each in check_request(*request) if each.code in of]


@pytest.mark.parametrize("endpoint", REQUESTS)
def test_valid(endpoint):
    """The credentials of a valid request have no violations, and its payload contains none."""
    assert found(*REQUESTS[endpoint], of=("TC036", "TC037", "TC038", "TC040")) == []


def test_either():
    """Events accept the token as a parameter or as a Bearer token (K007)."""
    assert found("POST", f"{EVENTS}&token={TOKEN}", IN_JSON, EVENT) == []
    assert found("POST", EVENTS, (*IN_JSON, BEARER), EVENT) == []
    assert found("POST", EVENTS, (*IN_JSON, ("authorization", f"bearer  {TOKEN}")), EVENT) == []


def test_neither():
    """Missing credentials are an error where they are expected (K007)."""
    assert found("POST", EVENTS, IN_JSON, EVENT) == [("TC036", "/query")]
    assert found("POST", PRODUCTS, IN_LINES[:1], [{"id": "a"}]) == [("TC036", "/headers")]


def test_both():
    """Duplicate credentials are an info (K007), whose message states whether they differ and contains neither."""
    url = f"{EVENTS}&token={TOKEN}"
    [same] = check_request("POST", url, (*IN_JSON, BEARER), EVENT)
    assert (same.code, same.severity.value, same.pointer) == ("TC037", "info", "/headers/Authorization")
    [other] = check_request("POST", url, (*IN_JSON, ("Authorization", "Bearer s3cr3t-key")), EVENT)
    assert "different" in other.message
    assert "different" not in same.message
    assert "s3cr3t" not in repr(other)
    assert found("POST", f"{PRODUCTS}?token={TOKEN}", IN_LINES, [{"id": "a"}]) == [("TC037", "/query/token")]
    url = f"{API}/engage/user/?site=1&user_id=1&token={TOKEN}"
    assert found("GET", url, [BEARER]) == [("TC037", "/headers/Authorization")]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("", "UNKNOWN_TOKEN_TYPE"),
        (TOKEN, "UNKNOWN_TOKEN_TYPE"),
        (f"Basic {TOKEN}", "INVALID_TOKEN_TYPE"),
        (f"Token {TOKEN}", "INVALID_TOKEN_TYPE"),
        ("Bearer", None),
        ("bearer  ", None),
        ("\u00e9", "UNKNOWN_TOKEN_TYPE"),
    ],
)
def test_wrong_headers(value, error):
    """An Authorization header without a Bearer token is an error with the vendor's code in its data."""
    headers = (IN_LINES[0], ("authorization", value))
    [violation] = [each for each in check_request("POST", PRODUCTS, headers, [{"id": "a"}]) if each.code == "TC038"]
    assert violation.pointer == "/headers/authorization"
    assert violation.data.get("error") == error
    assert TOKEN not in repr(violation)
    assert found("POST", EVENTS, (*IN_JSON, headers[1]), EVENT) == [("TC038", "/headers/authorization")]


@pytest.mark.parametrize(
    ("text", "token"),
    [("Bearer abc", "abc"), (" bearer\tabc ", "abc"), ("Bearer", None), ("Basic abc", None), ("", None)],
)
def test_bearer_tokens(text, token):
    """The token of a header follows Bearer, in any case."""
    assert bearer_token(text) == token


class TestSecretsInPayloads:
    """Credentials and configuration among the properties (K063)."""

    def leaks(self, *request):
        """Return the pointers of credentials in the payload."""
        return [pointer for _, pointer in found(*request, of=("TC040",))]

    def of_event(self, **properties):
        """Return the pointers of credentials in an event."""
        return self.leaks("POST", f"{EVENTS}&token={TOKEN}", IN_JSON, {**EVENT, **properties})

    def test_names(self):
        """Configuration of the vendor's SDK is found at the root, in properties and the context, secrets anywhere."""
        context = {**EVENT["context"], "collectionDomain": "x", "a": {"siteId": 1, "source_key": "k"}}
        properties = {"siteId": 1, "SOURCEKEY": "k", "token": "k", "api_key": "k"}
        assert self.of_event(**properties, context=context) == [
            "/body/context/a/source_key",
            "/body/SOURCEKEY",
            "/body/token",
            "/body/api_key",
            "/body/siteId",
            "/body/context/collectionDomain",
        ]

    def test_values_without_secrets(self):
        """A number and a blank string are no credentials, whatever their name is."""
        properties = {"sourceKey": 7, "token": " ", "password": None}
        assert self.of_event(**properties) == []

    def test_other_tokens(self):
        """A token that is not the one of the request is a property like any other."""
        assert self.of_event(user={"id": "1", "push": {"token": "abcdefgh"}}) == []

    def test_values(self):
        """The token of the request is found in any string, also as a part of it."""
        assert self.of_event(user={"note": [TOKEN, f"Bearer {TOKEN}", "tok"]}) == [
            "/body/user/note/0",
            "/body/user/note/1",
        ]

    def test_short_tokens(self):
        """A short token is not searched for, as it may be a coincidence."""
        assert self.leaks("POST", f"{EVENTS}&token=tent", IN_JSON, EVENT) == []

    def test_batches(self):
        """Each event of a batch is checked."""
        body = json.dumps({"batch": [EVENT, {**EVENT, "sourceKey": "k"}, 3]})
        url = f"{COLLECT}/events/batch?tc_s=1&token={TOKEN}"
        assert self.leaks("POST", url, IN_JSON, body) == ["/body/batch/1/sourceKey"]

    def test_lines(self):
        """Each line of a bulk request is checked."""
        body = f'\n{{"id": "a", "tags": ["{TOKEN}"]}}\n'
        assert self.leaks("POST", PRODUCTS, IN_LINES, body) == ["/body/1/tags/0"]
        url = f"{API}/v2/3315/conversions/bulk"
        assert self.leaks("POST", url, IN_LINES, [{**CONVERSION, "token": "k"}]) == ["/body/0/token"]

    def test_pixels(self):
        """The properties of a pixel are checked, its own parameters are not."""
        url = f"{EVENTS}&token={TOKEN}&event_name=search&sourceKey=x&user[note]={TOKEN}"
        assert self.leaks("GET", url) == ["/query/sourceKey", "/query/user/note"]

    def test_users(self):
        """The body of a user is checked."""
        method, url, headers, _ = REQUESTS["user_put"]
        assert self.leaks(method, url, headers, {"person": {"sourceKey": "k"}}) == ["/body/person/sourceKey"]
