"""What reports show of a payload: its parts, and which of its values."""

from __future__ import annotations

import gzip
import json

import pytest

from reporting import payload_result
from tcspec.errors import Severity, Violation
from tcspec.personal import MASK
from tcspec.pixels.pixel import write_pixel
from tcspec.reporters.contents import check_parts, read_content, safe_name
from tcspec.reporters.printing import printable

TIME = 1_718_006_400_000
LOGIN = {"event_name": "login", "user": {"id": "ada"}, "context": {"event_id": "e-1", "event_timestamp": TIME}}
LEGACY = {"event": "purchase", "event_id": "e-2", "event_timestamp": str(TIME), "properties": {"value": "12"}}


def content(payload, answer=None, pointer="", kind=None):
    """Return the content of a payload."""
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return read_content(payload_result("a.json", 1, raw, (), answer, pointer, kind))


def parts(payload, **options):
    """Return name, dialect and time of every part."""
    return [(part.name, part.dialect, part.time) for part in content(payload, **options).parts]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (LOGIN, ("login", "v2_http", TIME)),
        (LEGACY, ("purchase", "v0_snake", TIME)),
        ({"event_name": 7, "context": {}}, ("(no name)", "v2_http", None)),
        ({"event_name": "x", "context": {"created": "2024-06-10T08:00:00Z"}}, ("x", "v2_web_container", TIME)),
        ({"event_name": "x", "context": {"event_timestamp": "soon"}}, ("x", "v2_http", None)),
        ({"properties": {"created": TIME}, "event": "x"}, ("x", "v0_track", TIME)),
        ({"person": {}}, ("(user)", "user", None)),
        ({"id": "c", "conversion_items": []}, ("(conversion)", "conversion", None)),
        (write_pixel(LOGIN).encode(), ("login", "pixel", TIME)),
        (b"[1]", ("(unreadable)", "(unreadable)", None)),
        (b'{"a": ', ("(unreadable)", "(unreadable)", None)),
        (b"", ("(unreadable)", "(unreadable)", None)),
    ],
)
def test_one_part(payload, expected):
    """A payload has a name, a dialect and a time, as far as they can be read."""
    assert parts(payload) == [expected]


def test_batch():
    """A batch is a part, and so is each of its events, by its own name."""
    assert parts({"batch": [LOGIN, LEGACY, "x"]}) == [
        ("(batch)", "v2_batch", None),
        ("login", "v2_http", TIME),
        ("purchase", "v0_snake", TIME),
        ("(unreadable)", "(unreadable)", None),
    ]


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("", "(batch)"),
        ("/batch", "(batch)"),
        ("/batch/1", "purchase"),
        ("/batch/1/properties/value", "purchase"),
        ("/batch/2", "(batch)"),
        ("/batch/9/a", "(batch)"),
        ("/batch/x/a", "(batch)"),
        ("/other/1", "(batch)"),
    ],
)
def test_part_at(pointer, name):
    """A violation in an event of a batch is one of that event."""
    assert content({"batch": [LOGIN, LEGACY, "x"]}).part_at(pointer).name == name


def test_no_batch():
    """A batch whose events are no array is one part, and so is an event with a property `batch`."""
    assert parts({"batch": 1}) == [("(batch)", "v2_batch", None)]
    assert len(parts({**LOGIN, "batch": [LOGIN]})) == 1


def test_kind():
    """A kind that is set goes before the detected one."""
    assert parts(LOGIN, kind="product") == [("(product)", "product", TIME)]
    assert parts(b"event_name=login", kind="pixel") == [("login", "pixel", None)]
    assert parts(LOGIN, kind="pixel") == [("login", "pixel", TIME)]


def test_size():
    """A part is as large as its compact body."""
    assert content(json.dumps(LOGIN, indent=9).encode()).parts[0].size == len(json.dumps(LOGIN, separators=(",", ":")))


def test_pointer():
    """A payload inside a document is read there, and pointers are those of the document."""
    inside = content({"meta": {"id": "secret"}, "body": {**LOGIN, "method": "card"}}, pointer="/body")
    assert inside.parts[0].name == "login"
    assert inside.value_at("/body/method", show_values=False) == '"card"'
    assert inside.value_at("/body/context/event_id", show_values=False) == '"e-1"'
    assert inside.value_at("/meta/id", show_values=True) == ""
    assert content({"a": 1}, pointer="/body").parts[0].name == "(unreadable)"


def test_captured():
    """Of a captured request the body is read; what is not JSON is named by its endpoint."""
    answer = {"endpoint": "events"}
    request = content({**LOGIN, "event_name": "purchase", "value": "12"}, answer)
    assert request.value_at("/body/value", show_values=False) == '"12"'
    assert request.value_at("/headers/authorization", show_values=True) == ""
    assert request.value_at("/value", show_values=True) == ""
    assert content(gzip.compress(b"{}"), answer).parts[0].name == "(events)"
    assert content(b"", {"endpoint": None}).parts[0].name == "(request)"


@pytest.mark.parametrize(
    ("payload", "pointer", "expected"),
    [
        (LOGIN, "/context/event_id", '"e-1"'),
        (LOGIN, "/context/event_timestamp", str(TIME)),
        (LOGIN, "/user/id", MASK),
        (LOGIN, "/user", ""),
        (LOGIN, "", ""),
        (LOGIN, "/nothing", ""),
        (LEGACY, "/properties/value", '"12"'),
        ({**LEGACY, "device": {"ip": "192.0.2.7"}}, "/device/ip", MASK),
        ({**LEGACY, "userAgent": "x"}, "/userAgent", MASK),
        ({"batch": [LEGACY]}, "/batch/0/properties/value", '"12"'),
        ({"batch": [LOGIN]}, "/batch/0/user/id", MASK),
        ({"batch": [LOGIN]}, "/batch/0/context/event_id", '"e-1"'),
        ({"batch": ["ada"]}, "/batch/0", MASK),
        ({"batch": ["ada"], "n": "ada"}, "/n", MASK),
        ({**LOGIN, "nickname": "ada"}, "/nickname", MASK),
        ({**LOGIN, "event_name": "search", "search_term": "ada"}, "/search_term", MASK),
        ({**LOGIN, "event_name": "ada@shop.example"}, "/event_name", MASK),
        ({**LOGIN, "event_name": "https://shop.example/"}, "/event_name", MASK),
        ({**LOGIN, "context": "ada"}, "/context", MASK),
        ({**LOGIN, "event_name": "purchase", "items": "ada"}, "/items", MASK),
        ({**LOGIN, "event_name": "purchase", "items": ["ada"]}, "/items/0", MASK),
        ({**LOGIN, "partners": "ada"}, "/partners", MASK),
        ({"person": {"id": "ada"}}, "/person/id", MASK),
        ({"id": "c", "conversion_items": [], "comment": "for ada"}, "/comment", MASK),
        ({"id": "c", "conversion_items": [{"id": 3}]}, "/conversion_items/0/id", "3"),
        ({"ip": "192.0.2.7", "site": 1}, "/ip", MASK),
        (write_pixel(LOGIN).encode(), "/context/event_id", '"e-1"'),
        (write_pixel(LOGIN).encode(), "/user/id", MASK),
        (b"[1]", "/0", ""),
    ],
)
def test_values(payload, pointer, expected):
    """The value of a known property that describes no person is shown; all others are masked."""
    assert content(payload).value_at(pointer, show_values=False) == expected


def test_all_values():
    """With `show_values` all values are shown, shortened, on one line."""
    shown_content = content({**LOGIN, "url": "x" * 200, "title": "a\u202eb\u2028"})
    assert shown_content.value_at("/user", show_values=True) == '{"id": "ada"}'
    assert shown_content.value_at("/url", show_values=True) == '"' + "x" * 78 + "…"
    assert shown_content.value_at("/title", show_values=True) == r'"a\u202eb\u2028"'


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("purchase", "purchase"),
        ("ada.keller@shop.example", MASK),
        ("a\n\x1b[31m", r"a\n\x1b[31m"),
        ("x" * 11, "x" * 9 + "…"),
        ("x" * 9 + "@shop.example", MASK),
    ],
)
def test_safe_name(name, expected):
    """A name is masked as a whole when it may be personal, else escaped and cut."""
    assert safe_name(name, 10) == expected
    assert safe_name(name, 100, show_values=True) == printable(name)


def test_check_parts():
    """A batch has errors if any is in it, an event of it only if one is in that event."""
    raw = json.dumps({"batch": [LOGIN, LEGACY]}).encode()
    for pointer, expected in (("/batch/1/value", [False, True, False]), ("/batch", [False, True, True])):
        violations = (
            Violation("TC401", Severity.ERROR, pointer, ""),
            Violation("TC110", Severity.INFO, "/batch/0", ""),
        )
        result = payload_result("a.json", 1, raw, violations)
        assert [is_valid for _, is_valid in check_parts(result)] == expected
