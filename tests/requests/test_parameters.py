"""Query parameters: missing, wrong and misplaced ones."""

from __future__ import annotations

import pytest

from strategies.requests import API, BY_ID, COLLECT, CONVERSION, EVENT, IN_JSON, IN_LINES, REQUESTS, TOKEN
from tcspec.requests.endpoints import Credentials
from tcspec.requests.examination import check_request

OF_PARAMETERS = ("TC012", "TC033", "TC034", "TC035")
REQUIRED = [
    (endpoint, parameter.name)
    for endpoint in REQUESTS
    for parameter in BY_ID[endpoint].parameters
    if parameter.is_required and not (parameter.name == "token" and BY_ID[endpoint].credentials is Credentials.EITHER)
    if endpoint != "events_pixel"
]


def found(*request):
    """Return code, pointer, property and severity of the violations of parameters."""
    return [
        (each.code, each.pointer, each.data.get("property"), each.severity.value)
        for each in check_request(*request)
        if each.code in OF_PARAMETERS
    ]


def without(url, name):
    """Remove a parameter from a URL."""
    address, _, query = url.partition("?")
    return f"{address}?{'&'.join(piece for piece in query.split('&') if not piece.startswith(f'{name}='))}"


@pytest.mark.parametrize("endpoint", REQUESTS)
def test_valid(endpoint):
    """The parameters of a valid request have no violations."""
    assert found(*REQUESTS[endpoint]) == []


@pytest.mark.parametrize(("endpoint", "name"), REQUIRED)
def test_missing(endpoint, name):
    """A required parameter that is missing is an error at the query."""
    method, url, headers, body = REQUESTS[endpoint]
    assert found(method, without(url, name), headers, body) == [("TC033", "/query", name, "error")]


@pytest.mark.parametrize(("endpoint", "name"), REQUIRED)
def test_empty(endpoint, name):
    """A required parameter that is empty is an error."""
    method, url, headers, body = REQUESTS[endpoint]
    url = f"{without(url, name)}&{name}="
    assert found(method, url, headers, body) == [("TC034", f"/query/{name}", name, "error")]


@pytest.mark.parametrize(("endpoint", "name"), REQUIRED)
def test_nested(endpoint, name):
    """A parameter that is one string has no brackets."""
    method, url, headers, body = REQUESTS[endpoint]
    url = f"{without(url, name)}&{name}[]=1"
    assert found(method, url, headers, body) == [("TC034", f"/query/{name}", name, "error")]


@pytest.mark.parametrize(
    ("endpoint", "name", "text"),
    [
        ("events", "tc_s", "3315a"),
        ("events_batch", "tc_s", "33 15".replace(" ", "%20")),
        ("events_pixel", "tc_s", "-1"),
        ("visitor_get", "site", "%D9%A3"),
        ("visitor_get", "token", "a-b"),
        ("user_put", "site", "1.0"),
        ("user_delete", "tc_id", "x"),
        ("user_delete", "token", "a%0A"),
        ("conversions_bulk", "overwrite", "True"),
        ("conversions_bulk", "overwrite", ""),
    ],
)
def test_wrong(endpoint, name, text):
    """A value that does not match its pattern is an error."""
    method, url, headers, body = REQUESTS[endpoint]
    separator = "&" if "?" in url else "?"
    assert found(method, f"{without(url, name) if '?' in url else url}{separator}{name}={text}", headers, body) == [
        ("TC034", f"/query/{name}", name, "error")
    ]


def test_users_without_digits():
    """Only deletion expects digits as the id of a user, and anything else is a warning (K114)."""
    query = f"?site=3315&user_id=C-1024&token={TOKEN}"
    assert found("GET", f"{API}/engage/user/{query}") == []
    assert found("DELETE", f"{API}/engage/user/{query}") == [("TC034", "/query/user_id", "user_id", "warning")]


@pytest.mark.parametrize(
    ("request_", "pointer", "name"),
    [
        (("POST", f"{COLLECT}/events?site=1&token=t", IN_JSON, EVENT), "/query/site", "tc_s"),
        (("POST", f"{COLLECT}/events?token=t", IN_JSON, {**EVENT, "tc_s": 1}), "/body/tc_s", "tc_s"),
        (("POST", f"{COLLECT}/events?token=t", (*IN_JSON, ("TC_S", "1")), EVENT), "/headers/TC_S", "tc_s"),
        (("POST", f"{COLLECT}/events?tc_s=1&sourceKey=t", IN_JSON, EVENT), "/query/sourceKey", "token"),
        (("POST", f"{COLLECT}/events?tc_s=1", IN_JSON, {**EVENT, "sourceKey": "t"}), "/body/sourceKey", "token"),
        (("GET", f"{API}/v1.0/engage/visitors/?tc_s=1&token=t", (), None), "/query/tc_s", "site"),
        (("GET", f"{API}/v1.0/engage/visitors/?site=1&token=t&tc_id=1", (), None), "/query/tc_id", "tcid"),
        (("DELETE", f"{API}/engage/user/?site=1&user_id=1&token=t&tcid=1", (), None), "/query/tcid", "tc_id"),
        (("GET", f"{API}/engage/user/?site=1&userId=1&token=t", (), None), "/query/userId", "user_id"),
        (("GET", f"{API}/engage/user/?site=1&user_id=1", {"authorization": "t"}), "/headers/authorization", "token"),
        (("POST", f"{API}/v2/shop/products/bulk?site=1", IN_LINES, [{"id": "a"}]), "/query/site", "siteId"),
        (("POST", f"{API}/v2/1/products/bulk?token=t", IN_LINES[:1], [{"id": "a"}]), "/query/token", "Authorization"),
    ],
)
def test_misplaced(request_, pointer, name):
    """A parameter with another name, in the body or in the headers is misplaced, not missing."""
    assert found(*request_) == [("TC035", pointer, name, "error")]


@pytest.mark.parametrize("site", ["shop", "{siteId}", "%7BsiteId%7D", "1a"])
def test_sites_in_paths(site):
    """The site in the path of a bulk request is digits."""
    url = f"{API}/v2/{site}/conversions/bulk"
    assert found("POST", url, IN_LINES, [CONVERSION]) == [("TC034", "/url", "siteId", "error")]


def test_ambiguous_queries():
    """An ambiguous query is one error with its column in the URL."""
    url = f"{COLLECT}/events?tc_s=1&tc_s=2"
    [violation] = [each for each in check_request("POST", url, IN_JSON, EVENT) if each.code in OF_PARAMETERS]
    assert (violation.code, violation.pointer, violation.column) == ("TC012", "/query", url.rindex("tc_s") + 1)
    assert [each[0] for each in found("GET", f"{COLLECT}/events?a[=1")] == ["TC012"]


def test_missing_in_pixels():
    """A parameter that is missing in a pixel is a warning, as the examples of the vendor lack it (K117)."""
    assert found("GET", f"{COLLECT}/events?event_name=search&search_term=tent") == [
        ("TC033", "/query", "tc_s", "warning"),
        ("TC033", "/query", "token", "warning"),
    ]


def test_messages_have_no_values():
    """No message contains the value of a parameter."""
    for url in (f"{COLLECT}/events?tc_s=s3cr3t&token=t", f"{API}/engage/user/?site=s3cr3t&user_id=&token=s3cr3t&x[=1"):
        assert "s3cr3t" not in repr(check_request("GET", url))
