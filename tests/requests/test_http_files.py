"""`.http` files of editors, their variables, and raw HTTP requests."""

from __future__ import annotations

import json

import pytest

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.examination import examine
from tcspec.requests.http_blocks import Line
from tcspec.requests.http_files import UNKNOWN_VALUE, Variables, read_http_file

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
        "line",
        [
            *(
                URL,
                f"GET {URL}",
                f"get {URL} HTTP/1.1",
                f"get {URL} http/1.1",
                f"  GET   {URL}  HTTP/2 ",
                f"{URL} HTTP/1.1",
            ),
            *(f"GET {URL} HTTP/2 (Prior Knowledge)", f"GET {URL} # my shop", f"GET {URL} HTTP/1.1 // my shop"),
        ],
    )
    def test_forms(self, line):
        """Method and version are optional; the default method is GET."""
        captured = only(line)
        assert (captured.method, captured.url) == ("GET", URL)
        assert (captured.line, captured.column) == (1, len(line) - len(line.lstrip()) + 1)

    @pytest.mark.parametrize("first", [f"POST {URL}", "GET https://collect.commander1.com HTTP/1.1", URL, "PUT {{u}}"])
    @pytest.mark.parametrize(
        "indented",
        ["  ?tc_s=3315\n\t&token=t \nA: b\n\n{}", "\t/events", "?tc_s=3315\n&token=t\nA: b\n\n{}", "&token=t"],
    )
    def test_urls_over_lines(self, first, indented):
        """A request whose URL continues on indented lines is noted at the first of them, and not read."""
        [error, _] = read(f"{first}\n{indented}\n###\nGET {URL}\n")
        assert {(each.code, each.severity.value) for each in error.violations} == {("TC045", "info")}
        [found] = (each for each in error.violations if each.line == 2)
        assert "over several lines" in found.message

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("POST", "a method and a URL"),
            (f"POST {URL}?a=b c", "%20"),
            (f"curl {URL}", "curl command"),
            (f"fetch('{URL}', {{}})", "call of fetch"),
            (f"> POST {URL}", "curl -v"),
            (":authority: collect.commander1.com", "list of headers"),
            (f'POST "{URL}"', "without quotes"),
            (f"POST <{URL}>", "without quotes"),
            (f"'{URL}'", "without quotes"),
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

    def test_lines_that_end_with_a_carriage_return(self):
        """A file all of whose lines end with a carriage return only is read as one with line feeds."""
        text = f"POST {URL}\nA: b\n\n{{}}\n\n###\nGET {URL}"
        for ending in ("", "\n", "\n\n"):
            raw = (text + ending).encode()
            assert list(iter_captured_requests(raw.rstrip(b"\n").replace(b"\n", b"\r") + ending.encode())) == read(raw)

    def test_separators(self):
        """Lines that start with three number signs separate requests, and may name them."""
        found = read(f"GET {URL}/1\n### second\nGET {URL}/2\n\n####\n\n###\n# @name ignored\nGET {URL}/4\n")
        assert [(each.url[-1], each.name, each.line) for each in found] == [
            ("1", "GET /events/1", 1),
            ("2", "second", 3),
            ("4", "GET /events/4", 9),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            f"{URL}/1\n{URL}/2\n",
            f"GET {URL}/1\n\n# two\n{URL}/2\n",
            f"{URL}/1\n\nGET {URL}/2 HTTP/1.1\n",
            f"POST {URL}/1\nA: b\nPOST {URL}/2\nA: b\n",
            f"POST {URL}/1\n\n\nget HTTPS://collect.commander1.com/events/2\n",
            "@a = x\nPOST {{a}}/1\nPOST {{a}}/2\n",
            f"@a = {URL}\n{{{{a}}}}/1\n{{{{a}}}}/2\n",
            "POST /1 HTTP/1.1\nHost: a\n\n{}\nPOST /2 HTTP/1.1\nHost: a\n\n{}\n",
            "GET /1 HTTP/1.1\n\nHTTP/1.1 200 OK\nA: b\n\n{}\nGET /2 HTTP/1.1\n\nHTTP/1.1 200\n",
        ],
    )
    def test_one_request_after_the_other(self, text):
        """A line that can only be another request begins one, without a separator before it."""
        assert [each.url[-1] for each in read(text)] == ["1", "2"]

    def test_other_lines_before_a_request(self):
        """A line that is no request is an error of its own, and hides no request behind it."""
        error, *found = read(f"some more words\nGET {URL}/1\nGET {URL}/2\n")
        assert error.violations[0].line == 1
        assert [each.url[-1] for each in found] == ["1", "2"]

    @pytest.mark.parametrize(
        "body", [URL, f"{{}}\nGET {URL}\n", f"{{}}\nPOST {URL}\n\n{{}}", f"  GET {URL}", f"A: b\n{URL}", "GET /a"]
    )
    def test_what_may_be_a_body(self, body):
        """What an editor would send as a body is one."""
        assert only(f"POST {URL}\n\n{body}").body.decode() == body.rstrip()

    def test_comments(self):
        """Lines of comments stand anywhere, also in bodies, whose other lines keep their places."""
        text = f'# one\n// two\nGET {URL}\n# three\nA: b\n// four\n\n# five\n{{\n  // six\n#7\n"a": 1}}\n# eight\n'
        captured = only(text)
        assert captured.headers == (("A", "b"),)
        assert (captured.body, captured.body_line) == (b'{\n\n\n"a": 1}', 9)


class TestHeaders:
    """Header fields."""

    def test_forms(self):
        """White space around a value is not part of it, and a name may occur twice."""
        assert only(f"GET {URL}\nA:b\na:  c \nX-Y: \n").headers == (("A", "b"), ("a", "c"), ("X-Y", ""))

    def test_urls_are_no_headers(self):
        """A URL of variables in the place of a header is an error, and no header with the name of its scheme."""
        assert error_of(f"@a = {URL}/1\n@b = ?x\nPOST {URL}\n{{{{a}}}}{{{{b}}}} HTTP\n")[:2] == (4, 1)
        assert only(f"@a = b\nPOST {URL}\n{{{{a}}}}:{{{{a}}}}\n").headers == (("b", "b"),)
        assert only(f"@a = b: c\nPOST {URL}\n{{{{a}}}}\n").headers == (("b", "c"),)

    def test_errors(self):
        """A line that is not a header field is an error with its position."""
        assert error_of(f"GET {URL}\nA: b\n{{}}\n")[:2] == (3, 1)


class TestBodies:
    """Bodies, byte for byte."""

    def test_blank_lines_around(self):
        """A blank line separates the body from the headers; blank lines around it are not part of it."""
        captured = only(f"POST {URL}\n\n\n{{\n\n}}\n\n\n###\n")
        assert captured.body == b"{\n\n}"
        assert captured.body_line == 4

    def test_none(self):
        """The body is optional."""
        captured = only(f"POST {URL}\n\n\n")
        assert (captured.body, captured.body_line) == (b"", None)

    def test_bytes(self):
        """Bytes that are not UTF-8 are kept."""
        assert only(b"POST https://x/\n\n\xff\xfe{\r}\n").body == b"\xff\xfe{\r}"


class TestRawRequests:
    """Requests as they are sent over the wire."""

    def test_hosts(self):
        """The URL consists of the path and the Host header."""
        captured = only("POST /events?tc_s=1 HTTP/1.1\r\nhost: stats.northwind.example\r\nA: b\r\n\r\n{}\r\n")
        assert captured.url == "https://stats.northwind.example/events?tc_s=1"
        assert captured.headers == (("host", "stats.northwind.example"), ("A", "b"))
        assert (captured.body, captured.body_line) == (b"{}", 5)

    @pytest.mark.parametrize("host", ["collect.commander1.com", "localhost:8080", "stats.northwind.example:443"])
    def test_no_scheme(self, host):
        """A URL without its scheme begins with the host, as editors read it."""
        captured = only(f"POST {host}/events?tc_s=1\n\n{{}}\n")
        assert captured.url == f"//{host}/events?tc_s=1"
        assert examine(captured.read(DEFAULT_LIMITS)).endpoint == "events"

    def test_no_host(self):
        """Without a Host header the URL is the path."""
        assert only("GET /events HTTP/1.1\r\n\r\n").url == "/events"

    def test_lines_of_bodies(self):
        """Line endings in a body are kept."""
        assert only("POST / HTTP/1.1\r\nHost: x\r\n\r\n{\r\n}\r\n").body == b"{\r\n}"


def test_reading_continues():
    """After a request that cannot be read the next one is read."""
    first, second, third = read(f"GET {URL}\n###\nGET\n###\nPUT {URL}\n")
    assert (first.method, third.method) == ("GET", "PUT")
    assert isinstance(second, UnreadablePayload)


class TestVariables:
    """Definition and use of variables."""

    def expand(self, text, template):
        """Return a template with the variables of a file, which it follows."""
        return Variables(text, 1_000).expand(Line(text.count("\n") + 1, template))

    def test_values(self):
        """A variable is replaced by its value wherever it is used, with or without spaces inside the braces."""
        text = "@site = 3315\n@shop.query-1 =tc_s={{site}} \n"
        assert self.expand(text, "?{{shop.query-1}}&x={{ site }}{{site}}") == "?tc_s=3315&x=33153315"

    def test_several_values(self):
        """A variable that is defined with several values is unknown, as editors take different ones."""
        assert self.expand("@a={{b}}\n@b=1\n@b= 1\n", "{{a}}{{b}}") == "11"
        variables = Variables("@b=1\n@b=2\n", 1_000)
        assert UNKNOWN_VALUE in variables.expand(Line(2, "{{b}}"))
        assert [each.line for each in variables.notes.values()] == [2]

    def test_everywhere(self):
        """URLs, headers, bodies and definitions use variables, which may be defined anywhere in the file."""
        text = (
            "@u = https://x/?token={{t}}\n\nPOST {{u}}\nAuthorization: Bearer {{t}}\n\n"
            + json.dumps({"id": "{{t}}"})
            + "\n\n@t = tok12345example\n"
        )
        captured = only(text)
        assert captured.url == "https://x/?token=tok12345example"
        assert captured.headers == (("Authorization", "Bearer tok12345example"),)
        assert json.loads(captured.body) == {"id": "tok12345example"}
        assert UNKNOWN_VALUE not in repr((captured.url, captured.headers, captured.body))

    def test_other_braces(self):
        """Braces without a name are text, as in nested JSON."""
        nested = '{"a":{"b":{"c":{}}}} {{}} {{ }} {{a b'
        assert self.expand("", nested) == nested

    @pytest.mark.parametrize(
        "use",
        [
            *("$guid", "$timestamp -1 d", "$randomInt 1 9", '$datetime "YYYY-MM-DD" 1 d', "$localDatetime iso8601"),
            *("$processEnv TOKEN", "$processEnv %TOKEN", "$dotenv TOKEN", "$shared host", "$random.integer(1, 5)"),
            *("$random.alphabetic(10)", "$isoTimestamp", "$env.TOKEN", "$aadToken", "$prompt"),
            *("host", "login.response.body.$.id", "Date.now()", "new Date().toISOString()", "%host", "a b", "self"),
        ],
    )
    def test_unknown(self, use):
        """A value that is not in the file is unknown, and noted once a request."""
        captured = only(f'@self = {{{{self}}}}\nPOST {URL}\n\n{{"a": "{{{{{use}}}}}", "b": {{{{{use}}}}}}}')
        assert UNKNOWN_VALUE.encode() in captured.body
        assert json.loads(captured.body).keys() == {"a", "b"}
        assert [(each.code, each.severity.value) for each in captured.notes] == [("TC045", "info")]

    @pytest.mark.parametrize(
        "line",
        [
            "{{url}}",
            "POST {{url}}",
            "POST https://x/{{path}}",
            "GET https://x/events?{{query}}",
            "GET {{base}}/basket",
            "{{method}} https://x",
        ],
    )
    def test_unknown_addresses(self, line):
        """A request whose address or parameters are unknown is noted, and not read."""
        [error] = read(f"{line}\n\n{{}}\n")
        assert [(each.code, each.line) for each in error.violations] == [("TC045", 1)]

    def test_unknown_hosts(self):
        """Where the host alone is unknown, the path tells the endpoint."""
        for base in ("{{base}}", "https://{{host}}", "{{base}}/cdp"):
            assert examine(only(f"GET {base}/events?tc_s=3315&token=t").read(DEFAULT_LIMITS)).endpoint == "events_pixel"

    def test_too_long(self):
        """The length of all inserted values of a file is limited to eight times that of a document."""
        variables = Variables("@a=" + "x" * 100, 100)
        for _ in range(8):
            variables.expand(Line(1, "{{a}}"))
        with pytest.raises(UnreadablePayload) as caught:
            variables.expand(Line(3, " {{a}}"))
        [violation] = caught.value.violations
        assert (violation.code, violation.line, violation.column) == ("TC007", 3, 2)

    def test_growing_values(self):
        """Values that double each other, and are long or empty, take neither the memory nor the time."""
        for value in ("xxxxxxxxxx", ""):
            definitions = [f"@v0 = {value}", *(f"@v{n} = {{{{v{n - 1}}}}}{{{{v{n - 1}}}}}" for n in range(1, 60))]
            first, *_ = read("\n".join([*definitions, "GET https://x/{{v59}}"]))
            assert {each.code for each in first.violations} <= {"TC007", "TC045"}

    def test_long_chains(self):
        """Values that use each other in a long chain are unknown, however deep it is."""
        definitions = [f"@v{n} = {{{{v{n + 1}}}}}" for n in range(3_000)]
        assert only("\n".join(["GET https://x/?a={{v0}}", *definitions, "@v3000 = 1"])).notes


class TestUnreadParts:
    """What editors know beyond the subset that is read."""

    @pytest.mark.parametrize(
        "line",
        [
            *("< {% x() %}", "< {%\n x()\n%}", "< ./before.js", "{{\n exports.a = {};\n}}", "{{@request\n x()\n}}"),
            *("import ./other.http", "run #login", "run ./other.http", "# @ref login", "// @import ./a.http"),
        ],
    )
    def test_before_requests(self, line):
        """A script, or a reference to another file, before a request is noted, and the request is read."""
        captured = only(f"{line}\nPOST {URL}\n\n{{}}\n")
        assert (captured.url, captured.body) == (URL, b"{}")
        assert [(each.code, each.line) for each in captured.notes] == [("TC045", 1)]

    @pytest.mark.parametrize(
        "line",
        [
            *("> {% x() %}", "> {%\n x()\n%}", "> after.js", ">> answer.json", ">>! answer.json", "<> answer.json"),
            *("?? status == 200", "{{@response\n x()\n}}", "{{\n x()\n}}", "HTTP/1.1 200 OK\nA: b\n\n{}"),
        ],
    )
    @pytest.mark.parametrize("body", ["{}", ""])
    def test_after_bodies(self, line, body):
        """What follows a body is noted, and no part of it."""
        captured = only(f"POST {URL}\n\n{body}\n\n{line}\n")
        assert captured.body == body.encode()
        assert [each.code for each in captured.notes] == ["TC045"]

    @pytest.mark.parametrize(
        "line", ["< ./a.json", "< a.json", "<@ a.json", "<@latin1 ./a.json", "<./a.json", "<../a.json", "< C:\\a.json"]
    )
    def test_bodies_in_files(self, line):
        """A body in another file is unknown."""
        captured = only(f"POST {URL}\n\n{line}\n")
        assert (captured.unknown_body.code, captured.unknown_body.severity.value) == ("TC045", "warning")

    def test_blocks_without_requests(self):
        """What a block without a request is made of is noted."""
        [error] = read("import ./other.http\n\n###\n# nothing\n")
        assert [each.code for each in error.violations] == ["TC045"]
