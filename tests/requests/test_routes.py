"""The endpoint of a request."""

from __future__ import annotations

import pytest

from strategies.requests import API, COLLECT, REQUESTS
from tcspec.requests.examination import examine_request
from tcspec.requests.request import split_url
from tcspec.requests.routes import find_endpoints, is_other_service, is_vendor_host, is_vendor_url


def found(method, url, headers=(), body=None):
    """Return code, pointer and severity of the violations of method and URL."""
    violations = examine_request(method, url, headers, body).violations
    of_routes = ("TC030", "TC031", "TC032", "TC041")
    return [(each.code, each.pointer, each.severity.value) for each in violations if each.code in of_routes]


@pytest.mark.parametrize("endpoint", REQUESTS)
def test_endpoints(endpoint):
    """The endpoint of a valid request is found, whatever the case of its method and of its host."""
    method, url, headers, body = REQUESTS[endpoint]
    assert examine_request(method, url, headers, body).endpoint == endpoint
    url = url.replace("commander1.com", "Commander1.COM:443")
    assert examine_request(method.lower(), url, headers, body).endpoint == endpoint
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
        ("https://www.northwind.example/gw/events?tc_s=1", {"events", "events_pixel", "events_legacy"}),
        ("https://data.northwind.example/cdp/events/?a=b&tc_s=1", {"events", "events_pixel", "events_legacy"}),
        ("https://www.northwind.example/gw/events/batch?tc_s=1", {"events_batch"}),
        ("https://www.northwind.example/my-events?tc_s=1", set()),
        ("https://www.northwind.example/gw/events/1?tc_s=1", set()),
        ("https://www.northwind.example/gw/engage/user/", {"user_get", "user_put", "user_delete"}),
        ("https://www.northwind.example/gw/v2/3315/products/bulk", {"products_bulk"}),
        (f"{COLLECT}/gw/events?tc_s=1", set()),
        (f"{COLLECT}/Events", set()),
        (f"{COLLECT}//events", set()),
        (f"{API}/v2//products/bulk", set()),
        ("https://[x/events", {"events", "events_pixel", "events_legacy"}),
        ("", set()),
    ],
)
def test_urls(url, ids):
    """Each host of the vendor serves its own paths; the customer's serve all, visitors also behind a gateway."""
    assert {endpoint.id for endpoint in find_endpoints(split_url(url))} == ids


def test_hosts_of_the_vendor():
    """The hosts of the vendor are those in its domain."""
    assert is_vendor_host("collect.commander1.com")
    assert not is_vendor_host("commander1.com.northwind.example")
    assert not is_vendor_host("notcommander1.com")


OTHER_SERVICES = (
    *("https://cdn.commander1.com/x.js", "https://privacy.commander1.com/privacy-consent/?site=3315"),
    *("https://engage.commander1.com/dms?tc_s=3315", "https://s3315.commander1.com/c3/?tcs=3315"),
    *("https://sync.commander1.com/s3", f"{API}/api/dms/segmentation/segments?site=3315", "https://commander1.com/"),
    *("https://cdn.tagcommander.com/3315/x.js", "https://privacy.trustcommander.net/privacy-consent/"),
)


@pytest.mark.parametrize("url", OTHER_SERVICES)
def test_other_services(url):
    """A service of the vendor that is no tracking API is known, and nothing is wrong with a request to it (K127)."""
    assert is_other_service(split_url(url))
    assert not is_vendor_url(url)
    examined = examine_request("GET", url)
    assert (examined.endpoint, examined.violations, examined.answer.statuses) == (None, (), ())


@pytest.mark.parametrize(
    "url",
    [f"{COLLECT}/x", "https://colect.commander1.com/events", f"{API}/v2/3315/x", "https://www.northwind.example/x"],
)
def test_mistakes_are_no_other_services(url):
    """A wrong path on the host of an endpoint, or its path on another host of the vendor, is a mistake."""
    assert not is_other_service(split_url(url))
    assert found("POST", url) == [("TC030", "/url", "error")]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("host", [COLLECT, "https://data.northwind.example/cdp"])
@pytest.mark.parametrize("body", [None, "", "en=view_item\r\nen=scroll", "{"])
def test_ga4(method, host, body):
    """A GA4 hit that is transported to the endpoint is an info; it is not judged, and no answer is predicted (K123)."""
    url = f"{host}/events?tc_s=3315&token=t&&ga_url_param=/g/collect?v=2&en=a&en=b&ep.x=%"
    examined = examine_request(method, url, {"Content-Type": "text/plain"}, body)
    assert [(each.code, each.severity.value) for each in examined.violations] == [("TC046", "info")]
    assert (examined.kind, examined.answer.statuses) == (None, ())


def test_names_of_tokens():
    """The name that mobile SDKs have for the token is reported with the one that is read."""
    method, url, headers, body = REQUESTS["events"]
    [violation] = examine_request(method, url.replace("&token", "&tc_skey"), headers, body).violations
    assert (violation.code, violation.pointer) == ("TC035", "/query/tc_skey")
    assert "expects `token`" in violation.message


def test_another_host_of_the_vendor():
    """A path on the wrong host of the vendor is an error that names the right one, and the request is checked."""
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
    """A path of no endpoint is an error that suggests a similar path."""
    [violation] = examine_request("POST", f"https://stats.northwind.example{path}").violations
    assert (violation.code, violation.pointer, violation.hint) == ("TC030", "/url", hint)


@pytest.mark.parametrize("url", ["ftp://x/events", "file:///events", "mailto:ada@shop.example"])
def test_other_schemes(url):
    """The scheme of a URL is https or http."""
    assert found("POST", url) == [("TC030", "/url", "error")]


def test_host_header():
    """The host of a URL that is a path is that of the headers."""
    assert found("POST", "/events", {"HOST": "api.commander1.com:443"}) == [("TC030", "/url", "error")]
    assert found("POST", "/events", {"Host": "collect.commander1.com"}) == []


@pytest.mark.parametrize("path", ["/cdp/events", "/mypath/events/batch"])
def test_gateways_without_site(path):
    """On a host of one's own a path of events needs the site in its query, which the hint says."""
    [violation] = examine_request("POST", f"https://data.northwind.example{path}").violations
    assert (violation.code, "`tc_s`" in violation.hint) == ("TC030", True)


def test_older_apis():
    """A URL of an older API is an error that names its successor; its parameters are not checked."""
    examined = examine_request("POST", f"{API}/v2/3315/events", {"Authorization": "Bearer x"}, {})
    assert examined.endpoint is None
    assert examined.violations[0].code == "TC031"
    assert "TC033" not in [each.code for each in examined.violations]
    assert found("POST", "https://stats.northwind.example/v2/3315/events") == [("TC030", "/url", "error")]


def test_two_paths_of_visitors():
    """The vendor documents two paths of visitors: the one without v is an info, and accepted (K016)."""
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
    """A wrong method is an error that names the right ones."""
    examined = examine_request(method, url, {}, {"a": 1})
    [violation] = [each for each in examined.violations if each.code == "TC032"]
    assert (violation.pointer, violation.data["expected"]) == ("/method", methods)
    assert (examined.endpoint, examined.kind) == (None, kind)


def test_wrong_method_without_body():
    """A request with a wrong method and no body is intended for an endpoint that reads none."""
    assert examine_request("HEAD", f"{COLLECT}/events").kind == "pixel"


def test_not_encrypted():
    """A request that is not encrypted is a warning."""
    method, url, headers, body = REQUESTS["events"]
    assert found(method, url.replace("https", "http"), headers, body) == [("TC041", "/url", "warning")]
