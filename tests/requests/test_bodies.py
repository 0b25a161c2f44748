"""The bodies of requests: encoding, content type, shape, and contract."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from strategies.requests import API, BY_ID, COLLECT, EVENT, IN_JSON, IN_LINES, REQUESTS, TOKEN
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.requests.bodies import read_payloads
from tcspec.requests.examination import check_request, examine_request
from tcspec.requests.request import read_request

QUERY = f"?tc_s=3315&token={TOKEN}"
EVENTS, BATCH = f"{COLLECT}/events{QUERY}", f"{COLLECT}/events/batch{QUERY}"
USER = f"{API}/engage/user/?site=3315&user_id=1024&token={TOKEN}"
LARGE = {**EVENT, "description": "x" * 33_000}


def found(*request):
    """Return code and pointer of the violations of a request."""
    return [(each.code, each.pointer) for each in check_request(*request)]


class TestContentTypes:
    """The Content-Type."""

    def of_type(self, endpoint, *types):
        """Return the violations of a valid request with another Content-Type, or none."""
        method, url, headers, body = REQUESTS[endpoint]
        others = [header for header in headers if header[0] != "Content-Type"]
        headers = [*others, *(("content-type", each) for each in types)]
        return [(each.code, each.pointer, each.severity.value) for each in check_request(method, url, headers, body)]

    @pytest.mark.parametrize(
        "content_type", ["application/json", "Application/JSON; charset=utf-8", " application/json ;x"]
    )
    @pytest.mark.parametrize("endpoint", ["events", "events_batch", "user_put"])
    def test_right(self, endpoint, content_type):
        """The type may have any case and parameters."""
        assert self.of_type(endpoint, content_type) == []

    @pytest.mark.parametrize("endpoint", ["events", "events_batch", "products_bulk", "conversions_bulk"])
    @pytest.mark.parametrize("content_type", ["text/html", "application/vnd.api+json", "", "application/jsonl"])
    def test_wrong(self, endpoint, content_type):
        """Another type is an error."""
        assert self.of_type(endpoint, content_type) == [("TC039", "/headers/content-type", "error")]

    @pytest.mark.parametrize(
        ("sent", "severity"),
        [
            (EVENT, "warning"),
            ({**EVENT, "context": {"created": "2026-01-01T00:00:00Z"}}, "info"),
            ({**EVENT, "context": {**EVENT["context"], "app": {}}}, "info"),
        ],
        ids=["server", "web", "mobile"],
    )
    @pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain;charset=UTF-8"}], ids=["none", "text"])
    @pytest.mark.parametrize("is_batch", [False, True])
    def test_clients(self, sent, severity, headers, is_batch):
        """The vendor's web and mobile clients send events as text or without a type (K121)."""
        found = check_request("POST", BATCH if is_batch else EVENTS, headers, {"batch": [sent]} if is_batch else sent)
        assert [each.severity.value for each in found if each.code == "TC039"] == [severity]

    @pytest.mark.parametrize("endpoint", ["products_bulk", "conversions_bulk"])
    def test_missing(self, endpoint):
        """A missing type is an error where it is required."""
        assert self.of_type(endpoint) == [("TC039", "/headers", "error")]

    def test_where_it_is_not_documented(self):
        """Where the vendor documents no type, another one is a warning."""
        assert self.of_type("user_put") == []
        assert self.of_type("user_put", "text/plain") == [("TC039", "/headers/content-type", "warning")]

    @pytest.mark.parametrize("endpoint", ["events_pixel", "visitor_get", "user_get", "user_delete"])
    def test_where_no_body_is_read(self, endpoint):
        """Where no body is read, the type is ignored."""
        assert [each for each in self.of_type(endpoint, "text/plain") if each[0] == "TC039"] == []

    def test_other_names_of_lines(self):
        """Other names of NDJSON come with the name that is read as hint."""
        method, url, _, body = REQUESTS["products_bulk"]
        headers = [("Content-Type", "application/ndjson"), IN_LINES[1]]
        [violation] = check_request(method, url, headers, body)
        assert violation.hint == "write application/x-ndjson"


class TestUnreadBodies:
    """Bodies that no endpoint reads."""

    @pytest.mark.parametrize("endpoint", ["events_pixel", "visitor_get", "user_get", "user_delete"])
    @pytest.mark.parametrize("body", [b"{}", {}, [], "x"])
    def test_bodies(self, endpoint, body):
        """A body where none is read is a warning."""
        method, url, headers, _ = REQUESTS[endpoint]
        assert ("TC044", "/body") in found(method, url, headers, body)

    @pytest.mark.parametrize("body", [None, b"", " \n"])
    def test_no_bodies(self, body):
        """White space is not a body."""
        method, url, headers, _ = REQUESTS["user_get"]
        assert found(method, url, headers, body) == []


class TestShapes:
    """Events sent as batches, and batches sent as events."""

    def check(self, url, body):
        """Return code, pointer and message of the violations."""
        return [(each.code, each.pointer, each.message) for each in check_request("POST", url, IN_JSON, body)]

    @pytest.mark.parametrize("encode", [json.dumps, lambda value: value], ids=["text", "value"])
    def test_batches_sent_as_events(self, encode):
        """A batch sent as an event is an error that names its endpoint, and its events are checked."""
        [shape, inside] = self.check(EVENTS, encode({"batch": [EVENT, {**EVENT, "user": 1}]}))
        assert shape[:2] == ("TC101", "/body")
        assert "/events/batch" in shape[2]
        assert inside[:2] == ("TC102", "/body/batch/1/user")

    def test_events_sent_as_batches(self):
        """An event sent as a batch is an error that names its endpoint, and is checked."""
        [shape, inside] = self.check(BATCH, {**EVENT, "user": 1})
        assert shape[:2] == ("TC101", "/body")
        assert shape[2].endswith("/events")
        assert inside[:2] == ("TC102", "/body/user")

    def test_sizes_are_those_of_the_endpoint(self):
        """The size limit is that of the endpoint, whatever the body is."""
        many = {"batch": [EVENT] * 300}
        assert [each[:2] for each in self.check(EVENTS, many)] == [("TC101", "/body"), ("TC020", "/body")]
        assert [each[:2] for each in self.check(BATCH, many)] == []
        assert [each[:2] for each in self.check(BATCH, LARGE)] == [("TC101", "/body")]

    @pytest.mark.parametrize("body", [{"a": float("nan"), "batch": []}, {"batch": [{1}]}, '{"batch": [], "batch": []}'])
    def test_unreadable(self, body):
        """Unreadable bodies have no shape."""
        codes = [each[0] for each in self.check(EVENTS, body)]
        assert codes in (["TC011"], ["TC010"], ["TC004"])

    def test_lines_sent_as_events(self):
        """NDJSON sent as an event is an error that suggests a batch."""
        body = f"{json.dumps(EVENT)}\n{json.dumps(EVENT)}\n"
        [(code, pointer, message)] = self.check(EVENTS, body)
        assert (code, pointer) == ("TC001", "/body")
        assert "one event per line" in message

    def test_forms_sent_as_events(self):
        """A form is of the wrong type and not read; JSON that is sent as a form is."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        examined = examine_request("POST", EVENTS, form, "event_name=search&user[id]=7")
        assert [each.code for each in examined.violations] == ["TC039", "TC045"]
        assert examined.answer.statuses == ()
        assert found("POST", EVENTS, form, {**EVENT, "user": 1})[1:] == [("TC102", "/body/user")]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("HTTP/1.1 200 OK", "an HTTP response"),
            ("POST https://collect.commander1.com/events", "another request"),
            ("curl https://x", "another request"),
            ("<> answer.json", "a script, a reference to a file or a tag"),
            ("and so on", "words"),
        ],
    )
    def test_texts_after_json(self, text, expected):
        """A text after the JSON is reported as what it is."""
        [(code, _, message)] = self.check(EVENTS, f"{json.dumps(EVENT)}\n\n{text}")
        assert code == "TC001"
        assert message.startswith(f"{expected} follow")

    def test_lists_sent_as_events(self):
        """An array sent as an event is an error that suggests a batch, any other value is not."""
        for body in ([EVENT], json.dumps([EVENT])):
            [violation] = check_request("POST", EVENTS, IN_JSON, body)
            assert (violation.code, violation.pointer) == ("TC009", "/body")
            assert "/events/batch" in violation.hint
        [violation] = check_request("POST", EVENTS, IN_JSON, "3")
        assert violation.hint is None

    def test_empty(self):
        """A missing or empty body is an error."""
        for body in (None, b"", "  "):
            assert [each[:2] for each in self.check(EVENTS, body)] == [("TC008", "/body")]


class TestUsers:
    """Bodies of users."""

    def check(self, body):
        """Return code and pointer of the violations of a body."""
        return found("PUT", USER, IN_JSON, body)

    def test_contract(self):
        """The body is checked against its contract."""
        assert self.check({"person": {"firstname": "Ada"}}) == []
        assert self.check({"id": "1024"}) == [("TC801", "/body")]
        assert self.check([]) == [("TC009", "/body")]

    def test_ids(self):
        """The user in the body is that of the query (K115)."""
        assert self.check({"person": {"id": "1024"}}) == []
        assert self.check({"person": {"id": "C-7"}}) == [("TC043", "/body/person/id")]
        assert ("TC043", "/body/person/id") not in self.check({"person": {"id": 1024}})
        assert ("TC043", "/body/person/id") not in self.check({"person": []})
        url = f"{API}/engage/user/?site=3315&token={TOKEN}"
        assert found("PUT", url, IN_JSON, {"person": {"id": "C-7"}}) == [("TC033", "/query")]

    def test_messages_have_no_ids(self):
        """No message contains the id of a user."""
        assert "C-7" not in repr(check_request("PUT", USER, IN_JSON, {"person": {"id": "C-7"}}))


def test_pixels():
    """The query of a pixel is checked against the contract of pixels, with pointers in the query."""
    url = f"{COLLECT}/events{QUERY}&event_name=add_to_cart&value=much&currency=EUR&items[0][id]=SKU-4711#x"
    assert ("TC402", "/query/value") in found("GET", url)
    assert found("GET", f"{COLLECT}/events") == found("GET", f"{COLLECT}/events?")


def test_pretty_printed_bodies_are_measured_as_they_are():
    """The size of a body is that of its bytes: white space counts, as it is sent."""
    event = {**EVENT, "tags": ["x"] * 2_000}
    assert found("POST", EVENTS, IN_JSON, json.dumps(event, separators=(",", ":"))) == []
    assert found("POST", EVENTS, IN_JSON, json.dumps(event, indent=16)) == [("TC020", "/body")]


class TestEncodings:
    """Bodies that are compressed or chunked."""

    TEXT = json.dumps(EVENT).encode()
    GZIP, CHUNKED = ("content-encoding", "gzip"), ("Transfer-Encoding", "chunked")

    def check(self, body, *headers, **options):
        """Return code and pointer of the violations of a body."""
        violations = check_request("POST", EVENTS, (*IN_JSON, *headers), body, **options)
        return [(each.code, each.pointer) for each in violations]

    @pytest.mark.parametrize(
        "headers", [(), (GZIP,), (("Content-Encoding", "identity"),), (("Content-Encoding", "br"),), (CHUNKED,)]
    )
    def test_decoded_already(self, headers):
        """A body that was decoded when it was captured is checked, whatever the headers."""
        assert self.check(self.TEXT, *headers) == []
        assert self.check(EVENT, *headers) == []

    def test_identity(self):
        """A body without encoding is checked as it is."""
        assert self.check(b"xxx", ("Content-Encoding", "identity")) == [("TC001", "/body")]

    def test_gzip(self):
        """A compressed body is decompressed."""
        assert self.check(gzip.compress(self.TEXT), self.GZIP) == []
        assert self.check(gzip.compress(b'{"a"'), ("Content-Encoding", " GZIP ")) == [("TC001", "/body")]
        assert self.check(b"", self.GZIP) == [("TC008", "/body")]

    @pytest.mark.parametrize(
        ("body", "header"),
        [
            (gzip.compress(TEXT, mtime=0)[:-20], GZIP),
            (gzip.compress(TEXT, mtime=0)[:5] + b"xxxxx", GZIP),
            (b"\x1f\x8bxxx", GZIP),
            (b"xxx", GZIP),
            (zlib.compress(TEXT), ("Content-Encoding", "deflate")),
            (b"\x0b\x02\x80", ("Content-Encoding", "br")),
            (b"a\r\n{}\r\n0\r\n", CHUNKED),
            (b"1F;x=y\n{}", CHUNKED),
        ],
    )
    def test_unreadable(self, body, header):
        """A body that cannot be decoded is the only violation, and no answer is predicted."""
        assert self.check(body, header) == [("TC042", "/body")]
        found = examine_request("POST", EVENTS, (*IN_JSON, header), body)
        assert found.answer.statuses == ()
        is_damaged = body.startswith(b"\x1f\x8b")
        assert found.violations[0].severity.value == ("error" if is_damaged else "warning")

    def test_bombs(self):
        """A body that exceeds the maximum length when it is decompressed is unreadable."""
        body = gzip.compress(b" " * 10_000)
        assert self.check(body, self.GZIP, limits=Limits(length=9_999)) == [("TC042", "/body")]

    def test_bulk(self):
        """The body of a bulk request is decompressed too."""
        url, headers = f"{API}/v2/3315/products/bulk", (*IN_LINES, self.GZIP)
        assert check_request("POST", url, headers, gzip.compress(b'{"id": "a"}\n{"id": "b"}')) == []
        [violation] = check_request("POST", url, headers, b"xxx")
        assert (violation.code, violation.pointer) == ("TC042", "/body")


class TestPayloads:
    """The payloads of a body."""

    def read(self, body, endpoint="products_bulk"):
        """Return line, pointer and value of the payloads of a body."""
        request = read_request("POST", EVENTS, (), body, DEFAULT_LIMITS)
        payloads = read_payloads(request, BY_ID[endpoint], DEFAULT_LIMITS)
        return [(each.line, each.pointer, each.value) for each in payloads]

    def test_lines(self):
        """Each line of a bulk request is a payload, whose number counts blank lines."""
        assert self.read(b'{"a": 1}\n\n {"b": 2}\r\n') == [(1, "/body/0", {"a": 1}), (3, "/body/2", {"b": 2})]
        assert self.read([{}, 1]) == [(1, "/body/0", {}), (2, "/body/1", 1)]
        assert self.read({}) == [(1, "/body/0", {})]
        assert self.read([]) == []

    def test_bodies(self):
        """Any other body is one payload."""
        assert self.read(b'{"a": 1}\n', "events") == [(1, "/body", {"a": 1})]
        assert self.read([{}], "events_batch") == [(1, "/body", [{}])]
        assert self.read(b"", "user_get") == [(1, "/body", None)]

    def test_unreadable(self):
        """The value of an unreadable payload is what a lenient server may read."""
        assert self.read(b'{"a": 1, "a": 2}', "events") == [(1, "/body", {"a": 2})]
        assert self.read(b"{", "events") == [(1, "/body", None)]
