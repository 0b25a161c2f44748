"""The collector: an endpoint on this machine that answers as the vendor's does."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from threading import Timer
from urllib.parse import urlsplit

import pytest

from payloads import full_of, minimal
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.pytest import assert_events, collect
from tcspec.pytest.collector import start_collector

JSON = {"Content-Type": "application/json"}
LOGIN = minimal("login")


@pytest.fixture
def collector():
    """Start a collector, and check nothing at its end."""
    with start_collector() as started:
        yield started


def send(url, body=None, method="POST", headers=JSON, **options):
    """Send a request as it is, and return the answer and its content."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    body = json.dumps(body).encode() if isinstance(body, dict) else body
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body, headers, **options)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (LOGIN, 200),
        ({"event_name": "login"}, 200),
        ({}, 200),
        (b"{", 400),
        (b"", 400),
        (minimal("login") | {"note": "x" * 40_000}, 400),
        (minimal("login") | {"note": "x" * 600_000}, 400),
        (b"[" * 300 + b"]" * 300, 200),
    ],
)
def test_answers(collector, body, status):
    """The answer is 200 whatever is wrong with an event, and 400 to unreadable JSON and bodies that are too large."""
    answer, content = send(collector.events_url, body)
    assert (answer.status, content) == (status, b"")
    assert collector.requests[0].status == status
    assert bool(collector.requests[0].errors) == (body is not LOGIN)


def test_other_endpoints(collector):
    """Batches, pixels, users and bulk lines are answered as their endpoints do, and another path with 404."""
    assert send(collector.batch_url, {"batch": [LOGIN, LOGIN]})[0].status == 200
    answer, content = send(f"{collector.events_url}&event_name=login&user[id]=7", method="GET", headers={})
    assert (answer.status, answer.headers["Content-Type"], content[:3]) == (200, "image/gif", b"GIF")
    assert collector.events == [LOGIN, LOGIN, {"event_name": "login", "user": {"id": "7"}}]
    user = f"{collector.url}/engage/user/?site=1&token=t&user_id=4"
    assert send(user, {"person": {"id": "4"}}, "PUT")[1] == b'{"success": true}'
    assert [request.errors for request in collector.requests] == [[]] * 3
    bulk = {"Content-Type": "application/x-ndjson", "Authorization": "Bearer t"}
    line = json.dumps(full_of("product")).encode()
    assert send(f"{collector.url}/v2/1/products/bulk", line, headers=bulk)[0].status == 202
    assert send(f"{collector.url}/elsewhere", LOGIN)[0].status == 404
    assert "TC030" in str(collector.requests[-1])
    assert send(f"{collector.events_url}&event_name=%FF", method="GET", headers={})[0].status == 200
    assert collector.requests[-1].events == []


def test_bodies_in_any_transfer(collector):
    """A compressed body and one that is sent in chunks are read; a beacon's type is accepted."""
    body = json.dumps(LOGIN).encode()
    send(collector.events_url, gzip.compress(body), headers=JSON | {"Content-Encoding": "gzip"})
    send(collector.events_url, iter([body[:20], body[20:]]), encode_chunked=True, headers=JSON)
    send(collector.events_url, body, headers={"Content-Type": "text/plain;charset=UTF-8"})
    assert collector.events == [LOGIN] * 3
    assert [request.errors for request in collector.requests] == [[]] * 3


def test_very_long_bodies(collector):
    """Of a body that is longer than what is read, no more is kept than shows that."""
    length = DEFAULT_LIMITS.length
    assert send(collector.events_url, b"x" * (length + 100_000))[0].status == 400
    assert len(collector.requests[0].body) == length + 1
    assert "TC007" in str(collector.requests[0])


@pytest.mark.parametrize("header", ["Content-Length: -1", "Content-Length: x", "Transfer-Encoding: chunked"])
def test_damaged_requests(collector, header):
    """A request whose body has no size is answered with 400 and not recorded."""
    with socket.create_connection(("127.0.0.1", urlsplit(collector.url).port), timeout=20) as client:
        client.sendall(f"POST /events?tc_s=1 HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\nzz\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")
    assert collector.requests == []


def test_interrupted_requests(collector):
    """A request whose sender goes away in the middle is not recorded, and the next one is."""
    with socket.create_connection(("127.0.0.1", urlsplit(collector.url).port), timeout=20) as client:
        client.sendall(b"POST /events?tc_s=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n{")
    send(collector.events_url, LOGIN)
    assert [request.body for request in collector.requests] == [json.dumps(LOGIN).encode()]


def test_pages_of_other_origins(collector):
    """A page of any origin may send: the preflight allows what it asks for, and is no request of its own."""
    asked = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
        "Access-Control-Request-Private-Network": "true",
    }
    answer, content = send(collector.events_url, method="OPTIONS", headers=asked)
    assert (answer.status, content) == (204, b"")
    allowed = {name: answer.headers[f"Access-Control-Allow-{name}"] for name in ("Origin", "Methods", "Headers")}
    assert allowed == {"Origin": "https://shop.example", "Methods": "POST", "Headers": "content-type"}
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert collector.requests == []
    answer, _ = send(collector.events_url, LOGIN, headers=JSON | {"Origin": "https://shop.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Access-Control-Allow-Origin" not in send(collector.events_url, LOGIN)[0].headers
    assert send(collector.events_url, method="OPTIONS", headers={})[0].status in {200, 404, 405}


def test_nothing_is_sent_back_that_writes_headers(collector):
    """An origin that is folded over lines is not sent back."""
    with socket.create_connection(("127.0.0.1", urlsplit(collector.url).port), timeout=20) as client:
        client.sendall(b"HEAD /events?tc_s=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: a\r\n Evil: b\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(1000), b""))
    assert b"Evil" not in answer
    assert answer.endswith(b"\r\n\r\n")


def test_only_this_machine(collector):
    """The endpoint listens on the loopback interface, and nothing that was received can be read through it."""
    assert urlsplit(collector.url).hostname == "127.0.0.1"
    send(collector.events_url, LOGIN | {"secret_note": "a1b2"})
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        assert b"a1b2" not in send(collector.url, method=method)[1]


class TestWait:
    """`collector.wait`."""

    def test_until_an_event_arrives(self, collector):
        """It waits for an event that is sent later, and returns it."""
        later = Timer(0.2, send, [collector.events_url, LOGIN])
        later.start()
        assert collector.wait("login", timeout=20) == LOGIN
        later.join()
        assert collector.wait() == LOGIN

    def test_several_times(self, collector):
        """It waits for as many events as requested, of a batch too, and returns the last."""
        second = LOGIN | {"note": "second"}
        send(collector.batch_url, {"batch": [LOGIN, minimal("page_view"), second]})
        assert collector.wait("login", count=2) == second

    def test_in_vain(self, collector):
        """The message names what was received instead, and what is wrong with it."""
        with pytest.raises(AssertionError, match="expected `login` within 0 s, received no event in 0 requests"):
            collector.wait("login", timeout=0)
        send(collector.events_url, {"event_name": "page_view", "user": {"email": "ada@shop.example"}})
        send(collector.events_url, LOGIN)
        send(collector.events_url, LOGIN)
        with pytest.raises(AssertionError) as failed:
            collector.wait("purchase", count=2, timeout=0)
        lines = str(failed.value).splitlines()
        assert lines[0] == "expected `purchase` 2 times within 0 s, received `login` (2 times), `page_view`"
        assert lines[1] == "POST /events, answered 200"
        assert "ada" not in str(failed.value)
        with pytest.raises(AssertionError, match="expected an event 4 times"):
            collector.wait(count=4, timeout=0)


class TestCheck:
    """What fails at the end."""

    def test_violations(self):
        """An invalid request fails with its violations, without its values, unless that is allowed."""
        invalid = {"event_name": "login", "user": {"email": ["ada@shop.example"]}}
        with pytest.raises(AssertionError) as failed, collect() as collector:
            assert [send(collector.events_url, event)[0].status for event in (LOGIN, invalid)] == [200, 200]
        assert str(failed.value).startswith(
            "1 of 2 requests to the collector are invalid (allow_violations):\nPOST /events, answered 200\n  1:1: TC101"
        )
        assert "ada" not in str(failed.value)
        assert "token=test" not in str(failed.value)
        with collect(allow_violations=True) as collector:
            send(collector.events_url, b"{")

    def test_nothing(self):
        """To receive nothing fails, unless that is allowed."""
        with pytest.raises(AssertionError, match="the collector received nothing at http://127"), collect():
            pass
        with collect(allow_nothing=True):
            pass

    def test_errors_of_the_test_come_first(self):
        """An error of the code inside is the one that is raised."""
        with pytest.raises(ZeroDivisionError), collect():
            raise ZeroDivisionError

    def test_events_are_compared(self):
        """A collector is what `assert_events` takes as captured; what was received can be forgotten."""
        with collect() as collector:
            send(collector.events_url, LOGIN)
            assert_events(collector, ["login"], exact=True)
            collector.clear()
            assert_events(collector, [])
            collector.allow_nothing = True

    def test_requests_that_have_arrived_count(self):
        """What has arrived when the collector ends is recorded, and nothing can be sent afterwards."""
        with collect() as collector:
            client = socket.create_connection(("127.0.0.1", urlsplit(collector.url).port), timeout=20)
            with client:
                send(collector.events_url, LOGIN)
        assert collector.events == [LOGIN]
        with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
            send(collector.events_url, LOGIN)
