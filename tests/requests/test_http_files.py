"""`.http` files as editors write them, and raw HTTP requests."""

from __future__ import annotations

import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.http_files import written

URL = "https://collect.commander1.com/events"


def read(text):
    """Read the requests of a file."""
    return list(written(text if isinstance(text, bytes) else text.encode(), DEFAULT_LIMITS))


def only(text):
    """Read the only request of a file."""
    [captured] = read(text)
    return captured


def refused(text):
    """Give the place and the message of the first of what is no request."""
    first = next(each for each in read(text) if isinstance(each, UnreadablePayload))
    [violation] = first.violations
    assert violation.code == "TC042"
    return violation.line, violation.column, violation.message


class TestRequestLines:
    """Method, URL and version."""

    @pytest.mark.parametrize(
        "line", [URL, f"GET {URL}", f"get {URL} HTTP/1.1", f"  GET   {URL}  HTTP/2 ", f"{URL} HTTP/1.1"]
    )
    def test_forms(self, line):
        """Method and version may be left out; the method is GET then."""
        captured = only(line)
        assert (captured.method, captured.url) == ("GET", URL)
        assert (captured.line, captured.column) == (1, len(line) - len(line.lstrip()) + 1)

    def test_continued_queries(self):
        """Indented lines that begin with ? or & belong to the URL."""
        captured = only(f"POST {URL} HTTP/1.1\n  ?tc_s=3315\n\t&token=t \nContent-Type: application/json\n")
        assert captured.url == f"{URL}?tc_s=3315&token=t"
        assert captured.headers == (("Content-Type", "application/json"),)

    @pytest.mark.parametrize(
        ("line", "told"),
        [
            ("POST", "no URL"),
            (f"POST {URL}?a=b c", "%20"),
            (f"curl {URL}", "method"),
            (f"POST {URL} {URL}", "method"),
        ],
    )
    def test_refused(self, line, told):
        """What is no request line is told with its place."""
        number, column, message = refused(f"###\n  {line}\n")
        assert (number, column) == (2, 3)
        assert told in message

    def test_no_text(self):
        """A request line that is not UTF-8 is refused."""
        assert refused(b"GET https://x/\xff\n")[2] == "the request line or the headers are not UTF-8"


class TestBlocks:
    """Requests, one after the other."""

    def test_separators(self):
        """Lines of three number signs part requests, and may name them."""
        found = read(f"GET {URL}/1\n### second\nGET {URL}/2\n\n####\n\n###\n# @name fourth\nGET {URL}/4\n")
        assert [(each.url[-1], each.name, each.line) for each in found] == [
            ("1", "GET /events/1", 1),
            ("2", "second", 3),
            ("4", "fourth", 9),
        ]

    def test_comments(self):
        """Comments stand before a request and among its headers; in a body they are body."""
        captured = only(f"# one\n// two\nGET {URL}\n# three\nA: b\n// four\n\n# five\n")
        assert captured.headers == (("A", "b"),)
        assert captured.body == b"# five"

    def test_scripts(self):
        """Scripts before a request and after it are passed over, and so is the answer that an editor noted."""
        text = f"< {{%\n  request.x()\n%}}\nPOST {URL}\n\n{{}}\n\n> {{%\n client.log()\n%}}\n"
        assert only(text).body == b"{}"
        assert only(f"< {{% x() %}}\nPOST {URL}\n\n{{}}\n\n<> answer.json\n").body == b"{}"
        assert only(f"POST {URL}\n\n> {{% x() %}}\n").body == b""


class TestHeaders:
    """Headers, as they were written."""

    def test_forms(self):
        """Spaces around a value are no part of it, and a name may come twice."""
        assert only(f"GET {URL}\nA:b\na:  c \nX-Y: \n").headers == (("A", "b"), ("a", "c"), ("X-Y", ""))

    def test_refused(self):
        """What is no header is told with its place."""
        assert refused(f"GET {URL}\nA: b\n{{}}\n")[:2] == (3, 1)


class TestBodies:
    """Bodies, as they were written."""

    def test_blank_lines_around(self):
        """The first blank line parts a body from the headers, blank lines around it are no part of it."""
        captured = only(f"POST {URL}\n\n\n{{\n\n}}\n\n\n###\n")
        assert captured.body == b"{\n\n}"
        assert (captured.body_line, captured.body_column) == (4, 1)

    def test_none(self):
        """A request may have no body."""
        captured = only(f"POST {URL}\n\n\n")
        assert (captured.body, captured.body_line, captured.body_column) == (b"", None, None)

    def test_bytes(self):
        """Bytes that are no UTF-8 come out as they went in."""
        assert only(b"POST https://x/\n\n\xff\xfe{\r}\n").body == b"\xff\xfe{\r}"

    def test_other_files(self):
        """A body in another file is not read, and that is said."""
        for line in ("< ./event.json", "<@ event.json", "<@latin1 event.json"):
            assert refused(f"POST {URL}\n\n{line}\n")[:2] == (3, 1)


class TestRawRequests:
    """What goes over the wire."""

    def test_hosts(self):
        """The URL is put together from the path and the Host header."""
        captured = only("POST /events?tc_s=1 HTTP/1.1\r\nhost: stats.northwind.example\r\nA: b\r\n\r\n{}\r\n")
        assert captured.url == "https://stats.northwind.example/events?tc_s=1"
        assert captured.headers == (("host", "stats.northwind.example"), ("A", "b"))
        assert (captured.body, captured.body_line) == (b"{}", 5)

    def test_no_host(self):
        """Without one the path is all there is."""
        assert only("GET /events HTTP/1.1\r\n\r\n").url == "/events"

    def test_lines_of_bodies(self):
        """Line endings inside a body stay."""
        assert only("POST / HTTP/1.1\r\nHost: x\r\n\r\n{\r\n}\r\n").body == b"{\r\n}"


def test_reading_goes_on():
    """A block that is no request is told in its place, and the blocks around it are read."""
    first, second, third = read(f"GET {URL}\n###\nGET {{{{nothing}}}}/x\n###\nPUT {URL}\n")
    assert (first.method, third.method) == ("GET", "PUT")
    assert isinstance(second, UnreadablePayload)
