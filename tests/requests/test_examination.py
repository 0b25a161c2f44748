"""Requests as a whole: valid ones have no errors, violations have pointers, and nothing contains a secret."""

from __future__ import annotations

import copy
import json

import msgspec
import orjson
import pytest
from hypothesis import given

import tcspec
from strategies.requests import API, BY_ID, COLLECT, EVENT, IN_JSON, REQUESTS, SITE, TOKEN, requests
from tcspec.errors import Severity, WrongArgument
from tcspec.jsontext.pointer import follow
from tcspec.jsontext.reader import Limits
from tcspec.models import CatalogProduct
from tcspec.requests.answers import Answer
from tcspec.requests.examination import check_request, examine_request
from tcspec.sources import expand_source

QUERY = f"?tc_s={SITE}&token={TOKEN}"
EVENTS = f"{COLLECT}/events{QUERY}"
ENCODERS = {
    "text": json.dumps,
    "bytes": lambda value: json.dumps(value).encode(),
    "bytearray": lambda value: bytearray(json.dumps(value).encode()),
    "value": lambda value: value,
}


def codes_of(*request, **options):
    """Return the codes of the violations of a request, in order."""
    return [violation.code for violation in check_request(*request, **options)]


@pytest.mark.parametrize("endpoint", REQUESTS)
def test_valid_requests(endpoint):
    """A valid request has no error, and its endpoint is found."""
    found = examine_request(*REQUESTS[endpoint])
    assert [each.code for each in found.violations if each.severity is Severity.ERROR] == []
    assert (found.endpoint, found.kind) == (endpoint, BY_ID[endpoint].kind)


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
def test_types_of_bodies(encode):
    """A body is JSON text or the value to be sent, with the same result."""
    assert codes_of("POST", EVENTS, dict(IN_JSON), encode(EVENT)) == []
    wrong = {**EVENT, "user": "ada"}
    found = check_request("POST", EVENTS, dict(IN_JSON), encode(wrong))
    assert [(each.code, each.pointer) for each in found] == [("TC102", "/body/user")]


def test_models_as_bodies():
    """A body, or a line of a bulk request, may be a model of tcspec."""
    user = tcspec.parse(EVENT).user
    event = tcspec.parse(EVENT)
    assert check_request("POST", EVENTS, IN_JSON, event) == []
    assert examine_request("POST", EVENTS, IN_JSON, event).document["body"] == EVENT
    assert codes_of("POST", EVENTS, IN_JSON, user) == codes_of("POST", EVENTS, IN_JSON, EVENT["user"])
    method, url, headers, _ = REQUESTS["products_bulk"]
    product = CatalogProduct(id="SKU-4711")
    for body in (product, [product, {"id": "SKU-4712"}]):
        assert check_request(method, url, headers, body) == []


@pytest.mark.parametrize(
    ("endpoint", "lines"), [("events", 1), ("events_batch", 1), ("user_put", 1), ("products_bulk", 3)]
)
def test_bodies_are_decoded_once(endpoint, lines, monkeypatch):
    """The body of a valid request, or each line of it, is decoded once."""
    method, url, headers, body = REQUESTS[endpoint]
    text = "\n".join([json.dumps(body[0] if isinstance(body, list) else body)] * lines)
    decoded = []
    for module, name in ((json.JSONDecoder, "decode"), (msgspec.json, "decode"), (orjson, "loads")):
        decode = getattr(module, name)
        counting = lambda *arguments, _decode=decode, **options: decoded.append(1) or _decode(*arguments, **options)  # noqa: E731
        monkeypatch.setattr(module, name, counting)
    examine_request(method, url, headers, text)
    assert len(decoded) == lines


def test_public_names():
    """The examination of requests is public."""
    assert tcspec.check_request is check_request
    assert tcspec.examine_request is examine_request
    assert tcspec.Answer is Answer


def test_lines_and_columns():
    """Lines and columns are those in the body, also of a bulk request."""
    [found] = check_request("POST", EVENTS, IN_JSON, json.dumps({**EVENT, "user": 1}, indent=1))
    assert (found.line, found.column) == (4, 10)
    method, url, headers, _ = REQUESTS["products_bulk"]
    [found] = check_request(method, url, headers, b'{"id": "SKU-4711"}\n\n {"id": 1}')
    assert (found.pointer, found.line, found.column) == ("/body/2/id", 3, 9)


def test_legacy_bodies():
    """A body in the 1.0 format is detected, and the endpoint is that of 1.0."""
    legacy = {"event_name": "login", "event_id": "e-1", "event_timestamp": 1767225600000, "properties": {}}
    found = examine_request("POST", EVENTS, IN_JSON, legacy)
    assert found.endpoint == "events_legacy"
    assert "TC701" in [each.code for each in found.violations]


def test_legacy_events_in_batches():
    """A batch of legacy events is a batch."""
    legacy = {"event_name": "login", "event_id": "e-1", "event_timestamp": 1767225600000, "properties": {}}
    found = examine_request("POST", f"{COLLECT}/events/batch{QUERY}", IN_JSON, {"batch": [legacy]})
    assert found.endpoint == "events_batch"
    assert "/body/batch/0" in [each.pointer for each in found.violations if each.code == "TC701"]


def test_requests_to_others():
    """A request to no endpoint has that as its only violation."""
    found = examine_request("POST", "https://www.northwind.example/basket", {}, {"sourceKey": TOKEN})
    assert (found.endpoint, found.kind) == (None, None)
    assert [each.code for each in found.violations] == ["TC030"]


def test_wrong_method_without_body():
    """A missing body is not reported where the method is wrong."""
    assert codes_of("GET", f"{COLLECT}/events/batch{QUERY}", IN_JSON) == ["TC032"]


def test_sources():
    """A violation that is common to all endpoints cites the page of this one."""
    [found] = check_request("GET", "https://api.commander1.com/engage/user/?user_id=1&token=t")
    assert found.source == expand_source(BY_ID["user_get"].source)


def test_documents():
    """The document is an object of method, url, query, headers and body, in which a blank line is null."""
    body = b'{"id": "a"}\n\n{"id": "b"}\n'
    found = examine_request("post", f"{API}/v2/3315/products/bulk?b=c", {"A": "b"}, body)
    assert found.document == {
        "method": "POST",
        "url": f"{API}/v2/3315/products/bulk?b=c",
        "query": {"b": "c"},
        "headers": {"A": "b"},
        "body": [{"id": "a"}, None, {"id": "b"}],
    }
    assert examine_request("POST", EVENTS, (), {"d": 1}).document["body"] == {"d": 1}
    assert examine_request("POST", "?a[", (), None).document["query"] == {}
    assert examine_request("POST", f"{API}/v2/3315/products/bulk").document["body"] == []


def test_limits():
    """The limits are those of the body."""
    assert codes_of("POST", EVENTS, IN_JSON, {"a": {"b": 1}}, limits=Limits(depth=1))[-1] == "TC006"


@pytest.mark.parametrize(
    "request_",
    [
        (b"POST", EVENTS, {}, {}),
        ("POST", None, {}, {}),
        ("POST", EVENTS, 3, {}),
        ("POST", EVENTS, "Host: x", {}),
        ("POST", EVENTS, {"Host": b"x"}, {}),
        ("POST", EVENTS, [("a",)], {}),
        ("POST", EVENTS, {}, 3.5),
    ],
)
def test_wrong_types(request_):
    """A part of another Python type is an error of the caller."""
    with pytest.raises(WrongArgument):
        check_request(*request_)


@given(requests)
def test_every_pointer_resolves(request_):
    """Every pointer resolves in the document of the request, and the request is not changed."""
    before = copy.deepcopy(request_)
    found = examine_request(*request_)
    for violation in found.violations:
        follow(found.document, violation.pointer)
    assert repr(request_) == repr(before)


@given(requests)
def test_nothing_contains_credentials(request_):
    """No violation, answer or repr contains the token."""
    found = examine_request(*request_)
    assert TOKEN not in repr(found)
