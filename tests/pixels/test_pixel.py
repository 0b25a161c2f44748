"""The call of a pixel is read as the event that it sends, and an event is formatted as the call that sends it."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest

from tcspec.errors import UnreadablePayload, WrongArgument
from tcspec.jsontext.reader import Limits
from tcspec.pixels.pixel import ENDPOINT, read_pixel, write_pixel
from tcspec.pixels.query import Unsayable

PURCHASE = (
    "event_name=purchase&id=o-1&value=86.30&revenue=7.19e1&items[0][quantity]=1&items[0][price]=9.00"
    "&items[0][product][price]=-0.0&items[0][product][category_1]=5&items[0][id]=7&user[id]=12"
)


def event_of(query):
    """Return the JSON text of the event that a query sends."""
    return read_pixel(query).event_json.decode()


def error_of(call, **options):
    """Return the one violation of a call that cannot be read."""
    with pytest.raises(UnreadablePayload) as caught:
        read_pixel(call, **options)
    [violation] = caught.value.violations
    return violation


class TestCalls:
    """Forms of a call."""

    @pytest.mark.parametrize(
        ("call", "url"),
        [
            ("event_name=login&tc_s=3421", ""),
            ("?event_name=login&tc_s=3421", ""),
            ("https://collect.commander1.com/events?event_name=login&tc_s=3421", ENDPOINT),
            ("HTTP://127.0.0.1:8080/x=y&z?event_name=login&tc_s=3421", "HTTP://127.0.0.1:8080/x=y&z"),
            ("collect.commander1.com/events?event_name=login&tc_s=3421", "collect.commander1.com/events"),
            ("//collect.commander1.com/events?event_name=login&tc_s=3421", "//collect.commander1.com/events"),
            ("/events?event_name=login&tc_s=3421", "/events"),
            ("GET /events?event_name=login&tc_s=3421 HTTP/1.1", "/events"),
            ("GET  https://collect.commander1.com/events?event_name=login&tc_s=3421\tHTTP/2", ENDPOINT),
            ("GET /events?event_name=login&tc_s=3421", "/events"),
            ("/events?event_name=login&tc_s=3421#top?a=1&a=%", "/events"),
            ("GET /events?event_name=login&tc_s=3421#top HTTP/1.1", "/events"),
            ("event_name=login&tc_s=3421#the top", ""),
            ("\r\n\t /events?event_name=login&tc_s=3421 \f\v\r\n", "/events"),
        ],
    )
    def test_forms(self, call, url):
        """A call is a URL, a path with its query, a query, or the line of a GET request; the fragment is ignored."""
        for text in (call, call.encode(), bytearray(call, "utf-8")):
            pixel = read_pixel(text)
            assert (pixel.url, pixel.site, pixel.token, pixel.event) == (url, "3421", None, {"event_name": "login"})
            assert pixel.call == call
            assert {name: call[at : at + 10] for name, at in pixel.offsets.items()} == {
                "": "event_name",
                "/event_name": "event_name",
            }

    def test_question_marks_in_values(self):
        """A question mark after the first one, or after a parameter, is part of a value."""
        assert read_pixel("url=https://shop.example/?q=1").event == {"url": "https://shop.example/?q=1"}
        assert read_pixel("?path=/a?b").event == {"path": "/a?b"}
        assert read_pixel("a&b?c=1").event == {"a": "", "b?c": "1"}

    @pytest.mark.parametrize(
        ("call", "url"), [(ENDPOINT, ENDPOINT), (f"{ENDPOINT}?", ENDPOINT), ("/", "/"), ("?", ""), ("&", "")]
    )
    def test_no_parameters(self, call, url):
        """A call without parameters sends an empty event."""
        pixel = read_pixel(call)
        assert (pixel.url, pixel.site, pixel.token, pixel.event_json) == (url, None, None, b"{}")
        assert dict(pixel.offsets) == {"": len(call.rstrip("&"))}

    def test_site_and_token(self):
        """Site and source key are not properties of the event, in any position; inside an object they are."""
        pixel = read_pixel("/events?token=k-77&user[token]=a&event_name=login&user[tc_s]=b&%74c_s=3421")
        assert (pixel.site, pixel.token) == ("3421", "k-77")
        assert pixel.event == {"user": {"token": "a", "tc_s": "b"}, "event_name": "login"}
        assert "/token" not in pixel.offsets
        assert read_pixel("tc_s&token=").token == ""

    def test_is_a_value(self):
        """A pixel is immutable, and its repr contains no personal data and no secrets."""
        pixel = read_pixel(f"{ENDPOINT}?tc_s=3421&token=k-77&event_name=login&user[id]=c-20418")
        assert pixel == read_pixel(pixel.call.encode())
        assert hash(pixel) == hash(read_pixel(pixel.call))
        assert repr(pixel) == f"Pixel(url='{ENDPOINT}', site='3421')"
        with pytest.raises(FrozenInstanceError):
            pixel.site = "1"


class TestTypes:
    """Values that are not strings."""

    def test_numbers(self):
        """Where the catalogue expects a number and no string, a JSON number is read as one, digit for digit."""
        assert event_of(PURCHASE) == (
            '{"event_name":"purchase","id":"o-1","value":86.30,"revenue":7.19e1,"items":[{"quantity":1,"price":9.00,'
            '"product":{"price":-0.0,"category_1":"5"},"id":"7"}],"user":{"id":"12"}}'
        )

    @pytest.mark.parametrize(
        "text", ["0", "-0", "12", "1.50", "-1.5e-7", "1E5", "0e0", "1e400", "9" * 5000, "12345678901234567890"]
    )
    def test_json_numbers(self, text):
        """A number may have any length and notation."""
        assert event_of(f"event_name=refund&value={text}") == f'{{"event_name":"refund","value":{text}}}'
        assert isinstance(read_pixel(f"event_name=refund&value={text}").event["value"], int | float)

    @pytest.mark.parametrize(
        "text",
        ["", "1,5", "01", "1.", ".5", "%2B1", "+1", "1%20", "0x1", "NaN", "Infinity", "1e", "--1", "true", "\u0661"],
    )
    def test_other_strings(self, text):
        """What is not exactly a JSON number stays a string."""
        assert isinstance(read_pixel(f"event_name=refund&value={text}").event["value"], str)

    @pytest.mark.parametrize(
        ("query", "event"),
        [
            ("event_name=video_start&full_screen=true", {"full_screen": True}),
            ("event_name=video_start&full_screen=false", {"full_screen": False}),
            ("event_name=video_start&full_screen=True", {"full_screen": "True"}),
            ("event_name=video_start&full_screen=1", {"full_screen": "1"}),
            ("event_name=video_start&cursor_position=12", {"cursor_position": 12}),
            ("event_name=video_start&cursor_position=1.5", {"cursor_position": 1.5}),
            ("event_name=video_start&cursor_position=true", {"cursor_position": "true"}),
            ("event_name=video_content_start&total_length=60", {"total_length": 60}),
            ("event_name=video_content_start&total_length=null", {"total_length": "null"}),
            ("event_name=video_start&bitrate=800", {"bitrate": "800"}),
            ("event_name=video_start&droppedFrames=4", {"droppedFrames": "4"}),
            ("context[page][viewport][width]=1280", {"context": {"page": {"viewport": {"width": 1280}}}}),
            (
                "context[device][lifecycle][new_session]=true",
                {"context": {"device": {"lifecycle": {"new_session": True}}}},
            ),
            (
                "context[device][ad_tracking_enabled]=true",
                {"context": {"device": {"ad_tracking_enabled": "true"}}},
            ),
            ("context[event_timestamp]=1718006412375", {"context": {"event_timestamp": "1718006412375"}}),
            ("user[consent_categories][]=1", {"user": {"consent_categories": ["1"]}}),
        ],
    )
    def test_types_of_the_catalogue(self, query, event):
        """The catalogue states the types of each property; where a string is allowed, the value is one."""
        found = read_pixel(query).event
        found.pop("event_name", None)
        assert json.dumps(found) == json.dumps(event)

    @pytest.mark.parametrize(
        "query",
        [
            "value=1",
            "items[0][quantity]=1",
            "event_name=brochure_downloaded&value=1&items[0][quantity]=1",
            "event_name[]=purchase&value=1",
            "event_name=login&value=1",
            "event_name=purchase&value[]=1",
            "event_name=purchase&value[0]=1",
            "event_name=purchase&value[amount]=1",
            "event_name=purchase&items[0][x_rank]=1",
            "event_name=purchase&x[value]=1",
        ],
    )
    def test_custom_properties(self, query):
        """A property that is not standard for the event is a string, at any depth."""
        assert '"1"' in event_of(query)

    def test_strings(self):
        """A string with any characters is encoded as JSON."""
        assert event_of("x_%22=%22%5C%00%0A%C3%A9%E2%80%A8") == '{"x_\\"":"\\"\\\\\\u0000\\né\u2028"}'


class TestErrors:
    """Calls that cannot be read."""

    @pytest.mark.parametrize("call", ["", " \r\n", "#top", b""])
    def test_empty(self, call):
        """An empty call is an error."""
        violation = error_of(call)
        assert (violation.code, violation.line, violation.column) == ("TC008", 1, 1)

    @pytest.mark.parametrize(
        ("call", "line", "column"),
        [
            ("/events?a=1&a=2", 1, 13),
            ("\n /events?tc_s=1&token=x&tc_s=1", 2, 25),
            ("GET /events?token=x&token=x HTTP/1.1", 1, 21),
            ("/events?tc_s[x]=1", 1, 9),
            ("/events?a=1&token[]=1", 1, 13),
            ("/events?a=1&token[b][c]=1&token[a]=2", 1, 13),
            ("event_name=page view", 1, 16),
            ("POST /events?a=1 HTTP/1.1", 1, 5),
            ("get /events?a=1", 1, 4),
            ("GET /events?a=1 HTTP/1.1 x", 1, 4),
            ("a=1\nb=2", 1, 4),
            ('{"event_name": "login"}', 1, 15),
            ("/events?a[=1", 1, 9),
            ("/events?a=1&#38;b=2", 1, 12),
            ("/events?a=1&#x26;b=2", 1, 12),
            ('<img src="/events?a=1">', 1, 1),
            ('"/events?a=1"', 1, 1),
            ("'/events?a=1'", 1, 1),
            ("https%3A%2F%2Fshop.example%2Fevents%3Fa%3D1", 1, 1),
            ("/events?a=%%TERM%%", 1, 11),
            ("/events?a=%", 1, 11),
        ],
    )
    def test_ambiguous_calls(self, call, line, column):
        """A query that cannot be parsed without guessing is an error with its line and column in the call."""
        violation = error_of(call)
        assert (violation.code, violation.line, violation.column) == ("TC012", line, column)

    def test_messages_have_no_secrets(self):
        """A message contains neither the source key nor any value."""
        for call in ("token=k-77&token=k-77", "token[k-77]=k-77", "token=k-77 x", "token=k-77%", "token[=k-77"):
            assert "k-77" not in str(error_of(call))

    def test_bytes(self):
        """The bytes of a call are UTF-8 without a byte order mark."""
        assert error_of(b"\n a=\xff").code == "TC002"
        assert (error_of(b"\n a=\xff").line, error_of(b"\n a=\xff").column) == (2, 4)
        assert error_of(b"a=%FF").code == "TC002"
        assert error_of(b"\xef\xbb\xbfa=1").code == "TC003"
        assert error_of("\ufeffa=1").code == "TC003"
        assert error_of("a=\udc00").code == "TC005"

    def test_limits(self):
        """Depth and length are limited as those of documents."""
        assert error_of("a" + "[b]" * 200).code == "TC006"
        assert error_of("a[b]=1", limits=Limits(depth=1)).code == "TC006"
        assert error_of("a=12", limits=Limits(length=3)).code == "TC007"
        assert read_pixel("a=1", limits=Limits(depth=1, length=3)).event == {"a": "1"}

    def test_deepest(self):
        """An event can be decoded although its JSON text is longer than the call."""
        call = "a" + "[b]" * 299 + "=" + "%00" * 10
        pixel = read_pixel(call, Limits(depth=300, length=len(call)))
        assert str(pixel.event).count("b") == 299

    def test_wrong_types(self):
        """A call is a string or bytes."""
        with pytest.raises(WrongArgument):
            read_pixel(1)


class TestWriting:
    """Formatting of events as calls."""

    def test_order(self):
        """The site comes first, then the source key, then the properties in their order."""
        event = {"user": {"id": "c 1"}, "event_name": "login", "x": [True, 1.5]}
        assert write_pixel(event, "3421", "k-77") == (
            f"{ENDPOINT}?tc_s=3421&token=k-77&user[id]=c%201&event_name=login&x[]=true&x[]=1.5"
        )
        assert write_pixel(event | {"x": False}, url="") == "user[id]=c%201&event_name=login&x=false"
        assert write_pixel({}, site="3421", url="/events") == "/events?tc_s=3421"
        assert write_pixel({}) == f"{ENDPOINT}?"

    @pytest.mark.parametrize("number", ["16.00", "1E5", "-0", "1e400", "9" * 5000, "12345678901234567890"])
    def test_numbers_of_bytes(self, number):
        """The numbers of an event in JSON text are written as they are."""
        for kind in (bytes, bytearray):
            assert write_pixel(kind(f'{{"a": {number}}}', "utf-8"), url="") == f"a={number}"

    @pytest.mark.parametrize(
        ("call", "event"),
        [
            (PURCHASE, None),
            ("event_name=x", None),
            ("a=1&tc_s=2&token=3", "tc_s=2&token=3&a=1"),
            ("a+b=%7e&items[0]=x", "a%20b=~&items[]=x"),
        ],
    )
    def test_round_trip(self, call, event):
        """A pixel that was read is formatted as an equivalent call, and a canonical call as itself."""
        pixel = read_pixel(call)
        assert write_pixel(pixel.event_json, pixel.site, pixel.token, "") == (event or call)

    @pytest.mark.parametrize(
        ("event", "pointer"),
        [
            ({"tc_s": "1"}, "/tc_s"),
            ({"token": {"a": "1"}}, "/token"),
            ({"a": None}, "/a"),
            ({"items": []}, "/items"),
            ({"user": {}}, "/user"),
            ({"a": {"0": "x"}}, "/a"),
            ({"user": {"a[b]": 1}}, "/user"),
            ({"": 1}, ""),
        ],
    )
    def test_unsayable(self, event, pointer):
        """An event that no query string represents is an error, and so are the names of the pixel's parameters."""
        for payload in (event, json.dumps(event).encode()):
            with pytest.raises(Unsayable) as caught:
                write_pixel(payload, "3421", "k-77")
            assert caught.value.pointer == pointer

    @pytest.mark.parametrize(
        ("event", "code"),
        [
            (b"[1]", "TC009"),
            ([1], "TC009"),
            (b'{"a": 1, "a": 2}', "TC004"),
            (b"{", "TC001"),
            ({"a": {1}}, "TC010"),
            ({"a": float("nan")}, "TC011"),
            (b'{"a": NaN}', "TC011"),
            ({"a": "\ud800"}, "TC005"),
        ],
    )
    def test_not_json(self, event, code):
        """An event is a JSON object."""
        with pytest.raises(UnreadablePayload) as caught:
            write_pixel(event)
        assert [violation.code for violation in caught.value.violations] == [code]

    @pytest.mark.parametrize("url", ["/events?a=1", "/events#top", "/ events", "a=1", "a&b", "\u2028=?"])
    def test_wrong_urls(self, url):
        """The URL of a pixel has no query of its own."""
        with pytest.raises(WrongArgument, match="a URL") as caught:
            write_pixel({"a": "1"}, url=url)
        assert url not in str(caught.value)

    def test_site_is_a_string(self):
        """The site is a string, as all values of a query."""
        with pytest.raises(WrongArgument, match="`site` as a string or None, got an integer"):
            write_pixel({"a": "1"}, site=3421)
