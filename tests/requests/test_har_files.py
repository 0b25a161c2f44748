"""HAR files of browsers and proxies."""

from __future__ import annotations

import json

import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.requests.har_files import read_har_file

URL = "https://collect.commander1.com/events?tc_s=3315"


def read(archive, limits=DEFAULT_LIMITS):
    """Return the requests of a HAR file."""
    return list(read_har_file(archive if isinstance(archive, bytes) else json.dumps(archive).encode(), limits))


def log(*requests, **more):
    """Build a HAR file of some requests."""
    return {"log": {"entries": [{"request": {"method": "POST", "url": URL} | request, **more} for request in requests]}}


def error_of(archive, limits=DEFAULT_LIMITS):
    """Return the one violation of a HAR file that cannot be read."""
    with pytest.raises(UnreadablePayload) as caught:
        read(archive, limits)
    [violation] = caught.value.violations
    return violation


def test_requests():
    """A request has its method, URL, headers and body, its pointer and its position."""
    headers = [{"name": ":path", "value": "/events"}, {"name": "content-type", "value": "application/json"}]
    archive = log({}, {"headers": headers, "postData": {"text": '{"a": "\u00e9"}'}}, comment="a purchase")
    raw = json.dumps(archive, indent=1).encode()
    first, second = read(raw)
    assert first.name == "a purchase"
    assert read(log({}))[0].name == "POST /events"
    assert (second.method, second.url, second.name) == ("POST", URL, "a purchase")
    assert second.headers == (("content-type", "application/json"),)
    assert second.body == '{"a": "\u00e9"}'.encode()
    assert second.pointer == "/log/entries/1/request"
    assert raw.decode().split("\n")[second.line - 1][second.column - 1 :] == "{"
    assert second.body_line is None


def test_other_requests_are_ignored():
    """Requests to other hosts are ignored, unless they go to an endpoint and name a site."""
    urls = {
        "https://www.northwind.example/": False,
        "https://www.northwind.example/events": False,
        "https://www.northwind.example/events?page=2": False,
        "https://stats.northwind.example/events?x=1&tc_s=3315": True,
        "https://stats.northwind.example/events?event_name=search": True,
        "https://stats.northwind.example/api/v1.0/engage/visitors/?site=3315": True,
        "https://stats.northwind.example/api/1.0/engage/visitors/?site=3315": True,
        "https://stats.northwind.example/v2/3315/products/bulk": True,
        "https://notcommander1.com/events": False,
        "https://commander1.com/": True,
        "https://any.commander1.com/anything": True,
        "data:,events": False,
        "": False,
    }
    archive = log(*({"url": url} for url in urls))
    assert [each.url for each in read(archive)] == [url for url, is_read in urls.items() if is_read]


def test_preflight_requests_are_ignored():
    """The preflight requests of a browser are ignored."""
    assert read(log({"method": "OPTIONS"})) == []


def test_responses_are_ignored():
    """Lone surrogates, duplicate keys and long numbers in responses are ignored."""
    raw = json.dumps(log({}, response={"content": {"text": "\ud800"}})).encode()
    assert len(read(raw.replace(b'"content"', b'"a": 1, "a": ' + b"9" * 5_000 + b', "b": NaN, "content"'))) == 1


def test_lone_surrogates_in_bodies():
    """A lone surrogate in a body becomes what a browser sends in place of it."""
    assert read(log({"postData": {"text": "\ud800"}}))[0].body == "\ufffd".encode()


@pytest.mark.parametrize("data", [None, {}, {"text": 1}, []])
def test_no_body(data):
    """A request without a string in postData has no body."""
    assert read(log({"postData": data}))[0].body == b""


@pytest.mark.parametrize(
    ("archive", "pointer"),
    [
        ({}, ""),
        ({"log": []}, ""),
        ({"log": {"entries": {}}}, ""),
        ({"log": {"entries": [1]}}, "/log/entries/0"),
        ({"log": {"entries": [{"request": []}]}}, "/log/entries/0"),
        (log({}, {"url": None}), "/log/entries/1/request"),
        (log({"headers": {}}), "/log/entries/0/request"),
        (log({"headers": [{"name": "a", "value": 1}]}), "/log/entries/0/request"),
    ],
)
def test_other_json(archive, pointer):
    """JSON that is not a HAR file is an error with its position."""
    found = error_of(archive)
    assert (found.code, found.pointer, found.line) == ("TC042", pointer, 1)
    assert found.column >= 1


def test_not_json():
    """A HAR file is JSON within the limits."""
    assert error_of(b'{"log": ').code == "TC001"
    assert error_of(b"{\xff").code == "TC002"
    assert error_of(log({}), Limits(depth=2)).code == "TC006"
