"""Which endpoint a request is for."""

from __future__ import annotations

import pytest

from strategies.requests import API, COLLECT, REQUESTS
from tcspec.requests.checking import examine_request
from tcspec.requests.routes import endpoint_of, endpoints_at, is_for_vendor, is_vendor


def found(method, url, headers=(), body=None):
    """Give the codes of what is wrong with an address, with their places and gravity."""
    violations = examine_request(method, url, headers, body).violations
    told = ("TC030", "TC031", "TC032", "TC041")
    return [(each.code, each.pointer, each.severity.value) for each in violations if each.code in told]


@pytest.mark.parametrize("endpoint", REQUESTS)
def test_endpoints(endpoint):
    """A right request is for its endpoint, whatever the case of its method and of its host."""
    method, url, _, _ = REQUESTS[endpoint]
    assert endpoint_of(method, url).id == endpoint
    assert endpoint_of(method.lower(), url.replace("commander1.com", "Commander1.COM:443")).id == endpoint
    assert found(*REQUESTS[endpoint]) == []


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        (f"{COLLECT}/events", {"events", "events_pixel", "events_legacy"}),
        (f"{COLLECT}/events/", {"events", "events_pixel", "events_legacy"}),
        ("https://stats.northwind.example/events?x=1#y", {"events", "events_pixel", "events_legacy"}),
        ("/events/batch", {"events_batch"}),
        ("https://www.northwind.example/gw/api/v1.0/engage/visitors/", {"visitor_get"}),
        ("https://www.northwind.example/api/v1.0/engage/visitors", {"visitor_get"}),
        (f"{API}/engage/user", {"user_get", "user_put", "user_delete"}),
        (f"{API}/api/v1.0/engage/visitors/", set()),
        (f"{API}/events", set()),
        ("https://www.northwind.example/gw/events", set()),
        (f"{COLLECT}/Events", set()),
        (f"{COLLECT}//events", set()),
        (f"{API}/v2//products/bulk", set()),
        ("https://[x/events", {"events", "events_pixel", "events_legacy"}),
        ("", set()),
    ],
)
def test_addresses(url, ids):
    """The customer's own hosts serve the same paths, visitors also behind a gateway; the vendor's serve their own."""
    assert {endpoint.id for endpoint in endpoints_at(url)} == ids


def test_hosts_of_the_vendor():
    """A host is the vendor's when it is in its domain."""
    assert is_vendor("collect.commander1.com")
    assert not is_vendor("commander1.com.northwind.example")
    assert not is_vendor("notcommander1.com")
    assert is_for_vendor("https://cdn.commander1.com/x.js")


def test_another_host_of_the_vendor():
    """A path on the wrong host of the vendor is told with the right one, and the call is judged as meant."""
    examined = examine_request("POST", f"{API}/events", {}, b"{")
    assert examined.endpoint is None
    assert examined.kind == "event"
    assert examined.violations[0].data["expected"] == f"{COLLECT}/events"
    assert {"TC001", "TC036"} < {each.code for each in examined.violations}


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/event", "did you mean /events?"),
        ("/events/batches", "did you mean /events/batch?"),
        ("/engage/users/", "did you mean /engage/user/?"),
        ("/basket", None),
        ("/" + "event" * 1_000_000, None),
    ],
)
def test_no_endpoint(path, hint):
    """A path of no endpoint is told, with what it may have been meant to be."""
    [violation] = examine_request("POST", f"https://stats.northwind.example{path}").violations
    assert (violation.code, violation.pointer, violation.hint) == ("TC030", "/url", hint)


@pytest.mark.parametrize("url", ["ftp://x/events", "file:///events", "mailto:ada@shop.example"])
def test_no_web_address(url):
    """Only addresses of the web are of endpoints."""
    assert found("POST", url) == [("TC030", "/url", "error")]


def test_hosts_of_headers():
    """A path alone is at the host of the headers."""
    assert found("POST", "/events", {"HOST": "api.commander1.com:443"}) == [("TC030", "/url", "error")]
    assert found("POST", "/events", {"Host": "collect.commander1.com"}) == []


def test_older_apis():
    """Addresses of older APIs are told with their successors; their parameters are their own."""
    examined = examine_request("POST", f"{API}/v2/3315/events", {"Authorization": "Bearer x"}, {})
    assert examined.endpoint is None
    assert examined.violations[0].code == "TC031"
    assert "TC033" not in [each.code for each in examined.violations]
    assert found("POST", "https://stats.northwind.example/v2/3315/events") == [("TC030", "/url", "error")]


def test_other_spelling_of_visitors():
    """The page spells the path of visitors in two ways: the one without v is told, and taken (K016)."""
    url = "https://stats.northwind.example/gw/api/1.0/engage/visitors/?site=3315&token=t"
    assert found("GET", url) == [("TC031", "/url", "info")]
    assert examine_request("GET", url).endpoint == "visitor_get"
    assert found("POST", url) == [("TC031", "/url", "info"), ("TC032", "/method", "error")]
    assert examine_request("POST", url).endpoint is None


@pytest.mark.parametrize(
    ("method", "url", "methods", "kind"),
    [
        ("PUT", f"{COLLECT}/events", ["POST", "GET"], "event"),
        ("GET", f"{COLLECT}/events/batch", ["POST"], "batch"),
        ("POST", f"{API}/engage/user/", ["GET", "PUT", "DELETE"], "user"),
        ("", f"{API}/v2/3315/products/bulk", ["POST"], "product"),
    ],
)
def test_wrong_methods(method, url, methods, kind):
    """A method that the address does not take is told with those that it takes."""
    examined = examine_request(method, url, {}, {"a": 1})
    [violation] = [each for each in examined.violations if each.code == "TC032"]
    assert (violation.pointer, violation.data["expected"]) == ("/method", methods)
    assert (examined.endpoint, examined.kind) == (None, kind)


def test_wrong_method_without_body():
    """Without a body a call with a wrong method was meant for what reads none."""
    assert examine_request("HEAD", f"{COLLECT}/events").kind == "pixel"


def test_not_encrypted():
    """What is not encrypted is told as a warning, and served all the same."""
    method, url, headers, body = REQUESTS["events"]
    assert found(method, url.replace("https", "http"), headers, body) == [("TC041", "/url", "warning")]
