"""`.http` files of editors, their variables, and raw HTTP requests."""

from __future__ import annotations

import json

import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.http_files import Variables, read_http_file

URL = "https://collect.commander1.com/events"


def read(text):
    """Return the requests and errors of a file."""
    return list(read_http_file(text if isinstance(text, bytes) else text.encode(), DEFAULT_LIMITS))


def only(text):
    """Return the only request of a file."""
    [captured] = read(text)
    return captured


def error_of(text):
    """Return position and message of the first error in a file."""
    first = next(each for each in read(text) if isinstance(each, UnreadablePayload))
    [violation] = first.violations
    assert violation.code == "TC042"
    return violation.line, violation.column, violation.message


class TestRequestLines:
    """Method, URL and HTTP version."""

    @pytest.mark.parametrize(
        "line", [URL, f"GET {URL}", f"get {URL} HTTP/1.1", f"  GET   {URL}  HTTP/2 ", f"{URL} HTTP/1.1"]
    )
    def test_forms(self, line):
        """Method and version are optional; the default method is GET."""
        captured = only(line)
        assert (captured.method, captured.url) == ("GET", URL)
        assert (captured.line, captured.column) == (1, len(line) - len(line.lstrip()) + 1)

    def test_continued_queries(self):
        """Indented lines that start with ? or & belong to the URL."""
        captured = only(f"POST {URL} HTTP/1.1\n  ?tc_s=3315\n\t&token=t \nContent-Type: application/json\n")
        assert captured.url == f"{URL}?tc_s=3315&token=t"
        assert captured.headers == (("Content-Type", "application/json"),)

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("POST", "a URL after the method"),
            (f"POST {URL}?a=b c", "%20"),
            (f"curl {URL}", "method"),
            (f"POST {URL} {URL}", "method"),
        ],
    )
    def test_errors(self, line, expected):
        """A line that is not a request line is an error with its position."""
        number, column, message = error_of(f"###\n  {line}\n")
        assert (number, column) == (2, 3)
        assert expected in message

    def test_not_utf8(self):
        """A request line that is not UTF-8 is an error."""
        assert error_of(b"GET https://x/\xff\n")[2] == "the request line or the headers are not valid UTF-8"


class TestBlocks:
    """Several requests in one file."""

    def test_separators(self):
        """Lines that start with three number signs separate requests, and may name them."""
        found = read(f"GET {URL}/1\n### second\nGET {URL}/2\n\n####\n\n###\n# @name fourth\nGET {URL}/4\n")
        assert [(each.url[-1], each.name, each.line) for each in found] == [
            ("1", "GET /events/1", 1),
            ("2", "second", 3),
            ("4", "fourth", 9),
        ]

    def test_comments(self):
        """Comments may precede a request or its headers; in a body they are part of it."""
        captured = only(f"# one\n// two\nGET {URL}\n# three\nA: b\n// four\n\n# five\n")
        assert captured.headers == (("A", "b"),)
        assert captured.body == b"# five"

    def test_scripts(self):
        """Scripts before and after a request are ignored, and so is a reference to a saved response."""
        text = f"< {{%\n  request.x()\n%}}\nPOST {URL}\n\n{{}}\n\n> {{%\n client.log()\n%}}\n"
        assert only(text).body == b"{}"
        assert only(f"< {{% x() %}}\nPOST {URL}\n\n{{}}\n\n<> answer.json\n").body == b"{}"
        assert only(f"POST {URL}\n\n> {{% x() %}}\n").body == b""


class TestHeaders:
    """Header fields."""

    def test_forms(self):
        """White space around a value is not part of it, and a name may occur twice."""
        assert only(f"GET {URL}\nA:b\na:  c \nX-Y: \n").headers == (("A", "b"), ("a", "c"), ("X-Y", ""))

    def test_errors(self):
        """A line that is not a header field is an error with its position."""
        assert error_of(f"GET {URL}\nA: b\n{{}}\n")[:2] == (3, 1)


class TestBodies:
    """Bodies, byte for byte."""

    def test_blank_lines_around(self):
        """A blank line separates the body from the headers; blank lines around it are not part of it."""
        captured = only(f"POST {URL}\n\n\n{{\n\n}}\n\n\n###\n")
        assert captured.body == b"{\n\n}"
        assert (captured.body_line, captured.body_column) == (4, 1)

    def test_none(self):
        """The body is optional."""
        captured = only(f"POST {URL}\n\n\n")
        assert (captured.body, captured.body_line, captured.body_column) == (b"", None, None)

    def test_bytes(self):
        """Bytes that are not UTF-8 are kept."""
        assert only(b"POST https://x/\n\n\xff\xfe{\r}\n").body == b"\xff\xfe{\r}"

    def test_other_files(self):
        """A body in another file is an error."""
        for line in ("< ./event.json", "<@ event.json", "<@latin1 event.json"):
            assert error_of(f"POST {URL}\n\n{line}\n")[:2] == (3, 1)


class TestRawRequests:
    """Requests as they are sent over the wire."""

    def test_hosts(self):
        """The URL consists of the path and the Host header."""
        captured = only("POST /events?tc_s=1 HTTP/1.1\r\nhost: stats.northwind.example\r\nA: b\r\n\r\n{}\r\n")
        assert captured.url == "https://stats.northwind.example/events?tc_s=1"
        assert captured.headers == (("host", "stats.northwind.example"), ("A", "b"))
        assert (captured.body, captured.body_line) == (b"{}", 5)

    def test_no_host(self):
        """Without a Host header the URL is the path."""
        assert only("GET /events HTTP/1.1\r\n\r\n").url == "/events"

    def test_lines_of_bodies(self):
        """Line endings in a body are kept."""
        assert only("POST / HTTP/1.1\r\nHost: x\r\n\r\n{\r\n}\r\n").body == b"{\r\n}"


def test_reading_continues():
    """After a request that cannot be read the next one is read."""
    first, second, third = read(f"GET {URL}\n###\nGET {{{{nothing}}}}/x\n###\nPUT {URL}\n")
    assert (first.method, third.method) == ("GET", "PUT")
    assert isinstance(second, UnreadablePayload)


class TestVariables:
    """Definition and use of variables."""

    def error_of(self, text, max_length=1_000):
        """Return the one violation of a template that cannot be expanded."""
        variables = Variables(text, max_length, {"a": "x" * 60})
        with pytest.raises(UnreadablePayload) as caught:
            variables.expand(text, 0)
        [violation] = caught.value.violations
        return violation

    def test_values(self):
        """A variable is replaced by its value wherever it is used, with or without spaces inside the braces."""
        variables = Variables("", 1_000)
        variables.define("site", "3315", 0)
        variables.define("shop.query-1", "tc_s={{site}}", 0)
        assert variables.expand("?{{shop.query-1}}&x={{ site }}{{site}}", 0) == "?tc_s=3315&x=33153315"

    def test_other_braces(self):
        """Braces around anything but a name are text, as in nested JSON."""
        nested = '{"a":{"b":{"c":{}}}} {{}} {{ }} {{"a"}} {{a b'
        assert Variables("", 1_000).expand(nested, 0) == nested

    def test_samples(self):
        """A value that an editor generates has a sample, whatever its arguments."""
        template = "{{$guid}} {{$timestamp -1 d}} {{$random.integer(1, 5)}} {{$isoTimestamp}}"
        guid, timestamp, integer, time = Variables("", 1_000).expand(template, 0).split()
        assert len(guid) == 36
        assert timestamp.isdigit()
        assert integer.isdigit()
        assert time.endswith("Z")

    def test_undefined(self):
        """An undefined variable is an error with its position."""
        violation = self.error_of("{{a}}\n  {{b}}")
        assert (violation.code, violation.line, violation.column) == ("TC042", 2, 3)
        assert self.error_of("{{$dotenv TOKEN}}").code == "TC042"
        assert self.error_of("{{a with more}}").code == "TC042"

    def test_too_long(self):
        """The length of an expanded text is limited."""
        assert self.error_of("{{a}}{{a}}", max_length=100).code == "TC007"

    def test_too_long_together(self):
        """The length of all inserted values of a file is limited to eight times that of a document."""
        variables = Variables("\n", 100, {"a": "x" * 100})
        for index in range(8):
            variables.define(f"b{index}", "{{a}}", 0)
        with pytest.raises(UnreadablePayload) as caught:
            variables.define("c", "{{a}}", 1)
        [violation] = caught.value.violations
        assert (violation.code, violation.line, violation.column) == ("TC007", 2, 1)

    def test_growing_values(self):
        """Values that double each other are an error before they fill the memory."""
        definitions = ["@v0 = xxxxxxxxxx", *(f"@v{n} = {{{{v{n - 1}}}}}{{{{v{n - 1}}}}}" for n in range(1, 60))]
        first, *_ = read("\n".join([*definitions, "GET /{{v59}}"]))
        assert [each.code for each in first.violations] == ["TC007"]

    def test_everywhere(self):
        """URLs, headers, bodies and definitions use variables."""
        text = (
            "@t = tok12345example\n@u = https://x/?token={{t}}\n\nPOST {{u}}\nAuthorization: Bearer {{t}}\n\n"
            + json.dumps({"id": "{{t}}"})
        )
        captured = only(text)
        assert captured.url == "https://x/?token=tok12345example"
        assert captured.headers == (("Authorization", "Bearer tok12345example"),)
        assert json.loads(captured.body) == {"id": "tok12345example"}

    def test_undefined_in_a_definition(self):
        """A variable is defined before another definition uses it."""
        assert error_of("@a =  {{b}}\n@b = 1\nGET /{{a}}\n")[:2] == (1, 7)

    def test_repr_has_no_secrets(self):
        """The repr of variables contains no values."""
        assert "s3cr3t" not in repr(Variables("s3cr3t", 1, {"a": "s3cr3t"}))
