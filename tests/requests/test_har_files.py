"""HAR files of browsers and proxies."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode

import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.requests.captures import iter_captured_requests, read_har_file
from tcspec.requests.examination import examine
from tcspec.requests.http_files import UNKNOWN_VALUE

URL = "https://collect.commander1.com/events?tc_s=3315"


def read(archive, limits=DEFAULT_LIMITS):
    """Return the requests of a HAR file."""
    raw = archive if isinstance(archive, bytes) else json.dumps(archive).encode()
    return [each for each in read_har_file(raw, limits) if each]


def log(*requests, **more):
    """Build a HAR file of some requests."""
    return {"log": {"entries": [{"request": {"method": "POST", "url": URL} | request, **more} for request in requests]}}


def error_of(archive, limits=DEFAULT_LIMITS):
    """Return the one violation of a HAR file that cannot be read."""
    try:
        [error] = [each for each in read(archive, limits) if isinstance(each, UnreadablePayload)]
    except UnreadablePayload as raised:
        error = raised
    [violation] = error.violations
    return violation


def test_requests():
    """A request has its method, URL, headers and body, its pointer and its position."""
    headers = [{"name": ":path", "value": "/events"}, {"name": "content-type", "value": "application/json"}]
    archive = log({}, {"headers": headers, "postData": {"text": '{"a": "\u00e9"}'}})
    raw = json.dumps(archive, indent=1).encode()
    _, second = read(raw)
    assert (second.method, second.url, second.name) == ("POST", URL, "POST /events")
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
        "https://commander1.com/": False,
        "https://any.commander1.com/anything": False,
        "https://any.commander1.com/events": True,
        "https://collect.commander1.com/anything": True,
        "https://stats.northwind.example/gw/events?x=1": False,
        "https://stats.northwind.example/gw/events?x=1&tc_s=3315": True,
        "https://stats.northwind.example/events?site=paris": False,
        "data:,events": False,
        "collect.commander1.com/events?tc_s=3315": True,
        "HTTPS://Collect.Commander1.COM/events?tc_s=3315": True,
        "stats.northwind.example:8443/events?tc_s=3315": True,
        "www.northwind.example/events": False,
        "": False,
    }
    archive = log(*({"url": url} for url in urls))
    assert [each.url.removeprefix("//") for each in read(archive)] == [url for url, is_read in urls.items() if is_read]


@pytest.mark.parametrize("method", ["OPTIONS", "CONNECT", "connect"])
def test_requests_of_others_are_ignored(method):
    """The preflight requests of a browser, and the tunnels that a proxy has recorded, are ignored."""
    assert read(log({"method": method, "url": "https://collect.commander1.com:443"})) == []


def test_responses_are_ignored():
    """Lone surrogates, duplicate keys and long numbers in responses are ignored."""
    raw = json.dumps(log({}, response={"content": {"text": "\ud800"}})).encode()
    assert len(read(raw.replace(b'"content"', b'"a": 1, "a": ' + b"9" * 5_000 + b', "b": NaN, "content"'))) == 1


def test_lone_surrogates_in_bodies():
    """A lone surrogate in a body becomes what a browser sends in place of it."""
    assert read(log({"postData": {"text": "\ud800"}}))[0].body == "\ufffd".encode()


HEADERS = {name: [{"name": "Content-Length", "value": name}] for name in ("0", "8", "12", "812")}
JSON = "eyJhIjog\r\nMX0="


@pytest.mark.parametrize(
    "request_",
    [
        {"postData": None},
        {"postData": {}},
        {"postData": {"text": 1}},
        {"postData": []},
        {"bodySize": 12},
        {"bodySize": 0},
        {"bodySize": -1},
        {"bodySize": None},
        {"bodySize": -1, "postData": {"text": ""}},
        {"bodySize": None, "postData": {"text": ""}},
        {"bodySize": 0, "postData": {"text": "", "_file": "a.json"}},
        {"bodySize": 0, "postData": {"text": "", "_sha1": "a"}, "headers": HEADERS["0"]},
        {"bodySize": 0, "postData": {"text": ""}, "headers": HEADERS["12"]},
        {"postData": {"text": "!", "encoding": "base64"}},
        {"postData": {"text": "YQ", "encoding": "base64"}},
        {"postData": {"text": "a", "encoding": "zstd"}},
        {"postData": {"params": [{"name": "a", "value": "b"}]}},
        {"postData": {"params": [{"name": "a", "fileName": "b"}]}},
        {"postData": {"params": [1]}},
    ],
    ids=repr,
)
def test_unknown_bodies(request_):
    """A body that was not recorded, or not in a form that is read, is unknown, and not empty."""
    [captured] = read(log(request_))
    assert captured.body == b""
    assert captured.unknown_body.code == "TC042"
    assert examine(captured.read(DEFAULT_LIMITS)).answer.statuses == ()


@pytest.mark.parametrize(
    "request_",
    [
        {"bodySize": 0, "postData": {"text": ""}},
        {"headers": HEADERS["0"]},
        {"bodySize": -1, "headers": HEADERS["0"]},
        {"method": "GET"},
        {"method": "GET", "bodySize": -1, "postData": {"mimeType": "", "params": [], "text": ""}},
        {"method": "DELETE", "bodySize": None},
    ],
    ids=repr,
)
def test_no_bodies(request_):
    """A request is without a body when the recorder says so, or when its method has none."""
    [captured] = read(log(request_))
    assert (captured.body, captured.unknown_body) == (b"", None)


@pytest.mark.parametrize(
    "request_",
    [
        {"postData": {"text": '{"a": 1}'}},
        {"postData": '{"a": 1}'},
        {"postData": {"text": '{"a": 1}', "encoding": "utf-8"}},
        {"postData": {"text": JSON, "encoding": "base64"}},
        {"postData": {"text": JSON, "encoding": "BASE64"}},
        {"postData": {"text": JSON, "_encoding": "Base64"}},
        {"_content": {"text": JSON, "encoding": "base64"}},
        {"postData": {"text": "", "params": [{"name": '{"a": 1}', "value": ""}]}},
        {"postData": {"params": [{"name": '{"a": 1}'}]}},
    ],
    ids=repr,
)
def test_bodies(request_):
    """A body is text, base64 in lines of any length, or JSON that was recorded as a form."""
    [captured] = read(log(request_))
    assert (captured.body, captured.unknown_body) == (b'{"a": 1}', None)


@pytest.mark.parametrize("more", [{}, {"bodySize": -1}, {"bodySize": 8}, {"headers": HEADERS["8"]}], ids=repr)
@pytest.mark.parametrize("text", [JSON, JSON.replace("\r\n", "").rstrip("=")])
def test_undeclared_base64(text, more):
    """A body that is JSON in base64 is decoded although the recorder does not say so."""
    [captured] = read(log({"postData": {"text": text}} | more))
    assert (captured.body, captured.unknown_body) == (b'{"a": 1}', None)


def test_undeclared_base64_of_compressed_bodies():
    """A compressed body in base64 is decoded although the recorder does not say so, when its header says compressed."""
    raw = gzip.compress(b'{"a": 1}')
    headers = [{"name": "Content-Encoding", "value": "gzip"}]
    [captured] = read(log({"postData": {"text": b64encode(raw).decode()}, "headers": headers}))
    assert captured.body == raw


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("eyJhIjogMX0=", {"bodySize": 12}),
        ("eyJhIjogMX0=", {"headers": HEADERS["12"]}),
        ("MQ==", {}),
        ("eyJhIjog", {}),
        ("eyJhIjogMX0=&b=1", {}),
    ],
)
def test_texts_that_were_sent(text, more):
    """What was sent in base64, as its length shows, stays as it is, and so does what is not JSON in base64."""
    [captured] = read(log({"postData": {"text": text}} | more))
    assert captured.body == text.encode()


SENT = '{"event_name": "login", "user": {}, "context": {}}'


@pytest.mark.parametrize(
    ("text", "more", "is_known"),
    [
        (SENT[:20], {"bodySize": 812}, False),
        (SENT[:20], {"headers": HEADERS["812"]}, False),
        (SENT[:20], {"headers": HEADERS["812"], "bodySize": -1}, False),
        (f"{SENT}\n{SENT[:20]}", {"bodySize": 812}, False),
        (SENT, {"bodySize": 812}, True),
        (f"{SENT}\n{SENT}\n", {"bodySize": 812}, True),
        ("event_name=login", {"bodySize": 812}, True),
        (f"{SENT[:20]}...", {}, False),
        (f"{SENT[:20]}\u2026", {"bodySize": 20}, False),
        (f"{SENT[:20]}... (truncated)", {}, False),
        (f"{SENT[:20]}[truncated 312 bytes]\n", {}, False),
        (f"{SENT[:20]} <truncated>", {"headers": [{"name": "Content-Encoding", "value": "gzip"}]}, False),
        (f"{SENT[:20]}truncated", {}, True),
        (f"{SENT} (truncated)", {}, False),
        (SENT[:20], {"bodySize": 20}, True),
        (SENT[:20], {"bodySize": -1, "headers": HEADERS["12"]}, True),
        (SENT[:20], {"bodySize": [], "headers": [{"name": "Content-Length", "value": "many"}]}, True),
        (SENT[:20], {"headers": [*HEADERS["812"], {"name": "Content-Encoding", "value": "gzip"}]}, True),
    ],
)
def test_cut_bodies(text, more, is_known):
    """JSON that is shorter than the recorder says, and does not end, was not recorded to its end."""
    [captured] = read(log({"postData": {"text": text}} | more))
    assert (captured.unknown_body is None) is is_known
    if not is_known:
        assert captured.unknown_body.severity.value == "warning"


@pytest.mark.parametrize(
    "value",
    [
        *("[redacted]", "[token redacted]", "[Cookie%20Redacted]", "%5Bredacted%5D", "<removed>", "REDACTED", "****"),
        *("{redacted}", "[[REDACTED]]", "{{redacted}}", "%7Bscrubbed%7D", "<sanitized>", "[hidden]", "(anonymised)"),
        *("__REDACTED__", "**redacted**", "-redacted-", "TOKEN_REDACTED", "redacted-email", "[REDACTED:email]"),
        *("****1234", "%2A%2A%2A", "xxxxxxxx", "XXXXX", "\u2022\u2022\u2022\u2022", "%E2%80%A2%E2%80%A2%E2%80%A2"),
    ],
)
def test_redacted_values(value):
    """A value that a tool has redacted is unknown wherever it stands, and a note says so."""
    secrets = [{"name": "Authorization", "value": value}]
    for request in (
        {"url": f"{URL}&token={value}"},
        {"url": URL.replace("3315", value)},
        {"headers": secrets},
        {"headers": [{"name": "Authorization", "value": f"Bearer {value}"}]},
        {"postData": {"text": json.dumps({"user": {"email": value}}, ensure_ascii=False)}},
        {"postData": {"text": "e30=", "encoding": "base64"}, "headers": secrets},
    ):
        raw = json.dumps(log({"bodySize": 0, "postData": {"text": ""}} | request)).encode()
        [captured] = iter_captured_requests(raw)
        assert value not in f"{captured.url}{captured.headers}{captured.body!r}"
        assert UNKNOWN_VALUE in f"{captured.url}{captured.headers}{captured.body!r}"
        assert [(each.code, each.severity.value) for each in captured.notes] == [("TC045", "info")]
        assert captured.may_lack_credentials


@pytest.mark.parametrize(
    "text",
    [
        *(
            "redacted by Ada",
            "a [redacted] name",
            "5*** hotel",
            "[1]",
            "[removed",
            "**",
            "xxl",
            "XXXX",
            "xxxxxy",
            "x" * 41,
        ),
        *("unredacted", "hidden", "{}", "-", "__", "\u2022\u2022", "not redacted_at all"),
    ],
)
def test_other_values(text):
    """A text that only has such a word is a value as any other."""
    body = json.dumps({"search_term": text}).encode()
    [captured] = iter_captured_requests(json.dumps(log({"postData": {"text": body.decode()}})).encode())
    assert (captured.body, captured.notes) == (body, ())


def test_forms():
    """The fields of a form are read where the request says that it sends one."""
    data = {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "user[id]", "value": "a&b"}]}
    [captured] = read(log({"postData": data}))
    assert captured.body == b"user%5Bid%5D=a%26b"
    assert captured.headers == (("Content-Type", "application/x-www-form-urlencoded"),)
    found = examine(captured.read(DEFAULT_LIMITS))
    assert not {"TC001", "TC008"} & {each.code for each in found.violations}
    assert found.answer.statuses == ()


@pytest.mark.parametrize(
    "other", [None, 1, {}, {"request": None}, {"request": {"url": None}}, {"request": {"headers": [1], "url": URL}}]
)
@pytest.mark.parametrize("count", [1, 3])
def test_partial_files(other, count):
    """Entries that cannot be read are reported at their places, and every other one is read."""
    archive = log({"method": "GET"}, {"method": "GET"})
    archive["log"]["entries"][1:1] = [other] * count
    first, *errors, last = read(archive)
    assert (first.pointer, last.pointer) == ("/log/entries/0/request", f"/log/entries/{count + 1}/request")
    pointers = [violation.pointer for error in errors for violation in error.violations]
    assert [pointer.split("/")[3] for pointer in pointers] == [str(index + 1) for index in range(count)]


def test_left_out_credentials():
    """Credentials may have been left out of a file without Authorization and Cookie headers; that is an info."""
    secrets = [{"name": "cookie", "value": "a=b"}]
    emptied = [{"name": name, "value": ""} for name in ("Cookie", "Authorization")]
    token = [{"name": "Authorization", "value": "x"}]
    for headers, severity in (([], "info"), (emptied, "info"), (secrets, "error"), (token, "error")):
        archive = log({"method": "GET", "url": "https://x/", "headers": headers}, {"headers": None})
        [captured] = read(archive)
        found = examine(captured.read(DEFAULT_LIMITS)).violations
        assert [each.severity.value for each in found if each.code == "TC036"] == [severity]


@pytest.mark.parametrize(
    ("archive", "pointer"),
    [
        ({}, ""),
        ({"log": []}, ""),
        ({"log": {"entries": {}}}, ""),
        ([{"request": {}}], ""),
        ([], ""),
        ({"log": {"entries": [1]}}, "/log/entries/0"),
        ({"log": {"entries": [{"request": []}]}}, "/log/entries/0"),
        (log({"method": "GET"}, {"url": None}), "/log/entries/1/request"),
        (log({"headers": {}}), "/log/entries/0/request"),
        (log({"headers": [{"name": "a", "value": 1}]}), "/log/entries/0/request"),
    ],
)
def test_other_json(archive, pointer):
    """JSON that is not a HAR file is an error with its position."""
    found = error_of(archive)
    assert (found.code, found.pointer, found.line) == ("TC042", pointer, 1)
    assert found.column >= 1
    assert "whose name ends with" not in found.message


def test_not_json():
    """A HAR file is JSON within the limits."""
    assert error_of(b'{"log": ').code == "TC001"
    assert error_of(b"{\xff").code == "TC002"
    assert error_of(log({}), Limits(depth=2)).code == "TC006"
