"""What looks personal or secret, and that nothing else is masked."""

from __future__ import annotations

import json
import secrets
import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fixture_files import FIXTURES
from strategies.personal import PERSONAL_NAMES
from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Fix, Severity, Violation
from tcspec.jsontext.pointer import follow, join
from tcspec.personal import (
    MASK,
    is_personal_name,
    iter_personal_slices,
    looks_personal,
    mask_data,
    mask_name,
    mask_place,
    mask_pointer,
    mask_pointers,
    mask_text,
)


@pytest.mark.parametrize("name", PERSONAL_NAMES)
def test_personal_names(name):
    """E-mail addresses, URLs, phone and account numbers, IP addresses, hashes, tokens and UUIDs are masked as names."""
    assert mask_name(name) == MASK


@pytest.mark.parametrize("name", ["abcde1fghij2klmno3pqrstu", "abcdefab-cdef-abcd-efab-cdefabcdefab"])
def test_tokens(name):
    """The longer a name is, the longer its words must be; a UUID may have letters only."""
    assert mask_name(name) == MASK


@pytest.mark.parametrize(
    ("value", "expected"), [(["EUR", "ada@shop.example"], True), (["EUR"], False), ([], False), ({}, True), (5, False)]
)
def test_values(value, expected):
    """A list looks personal when one of its items does, an object always."""
    assert looks_personal(value) is expected


@pytest.mark.parametrize("length", [32, 40, 64])
def test_random_names(length):
    """A long random name is masked, whatever letters and digits it has."""
    for _ in range(20):
        assert is_personal_name(secrets.token_hex(length // 2)) or length < 40
    assert is_personal_name(str(uuid.uuid4()))


@pytest.mark.parametrize(
    "name",
    [
        *("campaign_2024_name", "customDimensionIndex12Value", "sha256hashofemail", "video_fullscreen_off"),
        *("2024-06-10", "consistent_anonymous_id_without_cookies", "utm_source", "0", "12345", "", "é", "x" * 1000),
        "ABCDEFGHIJKLMNOPQRST",
        *("abcde1fghij2klmno3pqrst", "abcdef1ghijkl2mnopqrs345"),
    ],
)
def test_ordinary_names(name):
    """A name that consists of words, however long, and a date are not masked."""
    assert mask_name(name) == name


def _iter_names(value):
    """Yield the keys of a JSON value."""
    if isinstance(value, dict):
        yield from value
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        yield from _iter_names(member)


def test_names_of_the_catalogue():
    """No standard name is masked."""
    assert not list(filter(is_personal_name, _iter_names(load_catalogue())))


def test_names_of_fixtures():
    """No key of the valid fixtures is masked."""
    documents = (json.loads(path.read_bytes()) for path in FIXTURES.glob("event/*/valid/*.json"))
    assert not [name for document in documents for name in _iter_names(document) if is_personal_name(name)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("unknown property `ada@shop.example`", f"unknown property `{MASK}`"),
        ("unknown property `Ada Keller@shop.example` is", f"unknown property `{MASK}` is"),
        ("a`b@shop.example` here", f"a`{MASK}` here"),
        ("the name ada@shop.example, here", f"the name {MASK}, here"),
        ('got the string "+41 21 555 01 23"', f'got the string "{MASK}"'),
        ('got the string "EUR"', 'got the string "EUR"'),
        ("send it to https://collect.commander1.com/events", "send it to https://collect.commander1.com/events"),
        ("see https://shop.example/?u=ada@shop.example", f"see {MASK}"),
        ("write 1718006400000", "write 1718006400000"),
        ("the document exceeds 8,388,608 bytes", "the document exceeds 8,388,608 bytes"),
        ("such as 2024-06-10T08:13:20+02:00", "such as 2024-06-10T08:13:20+02:00"),
        ("`0612345678` is", f"`{MASK}` is"),
        ("`never closed @", f"`{MASK}`"),
        (f"`{'a' * 32}`", f"`{MASK}`"),
        (f'"{"a" * 32}"', f'"{MASK}"'),
        (f'"X{"a" * 32}"', f'"X{"a" * 32}"'),
        ("see https://shop.example/?u=ada%40shop.example", f"see {MASK}"),
        ("", ""),
    ],
)
def test_sentences(text, masked):
    """In a sentence the names and values are masked that it quotes; our own numbers and addresses stay."""
    assert mask_text(text) == masked
    assert mask_text(masked) == masked


@given(st.text() | st.text(alphabet='`"\\@ a1'))
def test_sentences_twice(text):
    """A masked sentence has nothing more to mask."""
    assert mask_text(mask_text(text)) == mask_text(text)


@pytest.mark.parametrize("piece", ["`", '"', '\\"', "@", "a1", "`a", "-_"])
def test_long_sentences(piece):
    """A sentence of any length is masked in one pass."""
    assert len(mask_text(piece * 300_000)) <= 900_000


@given(st.text("a1~/@", min_size=1))
@example("~12345678")
@example("k3j9x2m4p7q1z8~")
def test_keys_of_pointers(name):
    """A key of a pointer is masked when the name that it stands for is."""
    assert mask_pointer(join((name,))) == (f"/{MASK}" if mask_name(name) == MASK else join((name,)))


def test_pointers():
    """The keys of a pointer are masked one by one, also those with slashes and tildes."""
    pointer = join(("users", "ada@shop.example", 0, "https://a/b~c", "name"))
    assert mask_pointer(pointer) == f"/users/{MASK}/0/{MASK}/name"
    assert mask_pointer("") == ""
    weights = {"/a@b.example": 5, "/c@d.example": 3, "/items": 2}
    assert mask_pointers(weights) == {f"/{MASK}": 5, "/items": 2}
    data = {"costliest": weights, "property": "a@b.example", "limit": 3}
    shown = {"costliest": {f"/{MASK}": 5, "/items": 2}, "property": "a@b.example", "limit": 3}
    assert mask_place("/a@b.example", data) == {"pointer": f"/{MASK}", "data": shown}


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("<h1>404 Not Found</h1> in 1,234 ms", []),
        ("ask ada@shop.example, or not", ["ada@shop.example"]),
        ("(ada@shop.example) and <bo@shop.example>.", ["ada@shop.example", "bo@shop.example"]),
        ("call +41 21 555 01 23 today", ["+41 21 555 01 23"]),
        ("call (021) 555 01 23 today", ["(021) 555 01 23"]),
        ("ada@shop.example", ["ada@shop.example"]),
        ("card 4111_1111_1111_1111", ["4111_1111_1111_1111"]),
        ("card 4111 1111 1111 1111x and 4111111111111111", ["4111 1111 1111 1111", "4111111111111111"]),
        ("12345678", []),
        ("see https://shop.example/?u=1 there", ["https://shop.example/?u=1"]),
        ("", []),
    ],
)
def test_texts(text, personal):
    """In a text that is no payload what looks personal is found, words and numbers as a whole."""
    assert [text[start:end] for start, end in iter_personal_slices(text)] == personal


@given(st.text() | st.text(alphabet="+(@ .-1a"))
def test_slices_of_texts(text):
    """The slices are in order, do not overlap and are not empty."""
    ends = [0, *(offset for each in iter_personal_slices(text) for offset in each)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in iter_personal_slices(text))


def test_violations():
    """Message, hint, data and the title of a fix are masked; the pointer resolves, and is masked when printed."""
    name = "ada@shop.example"
    fix = Fix(f"rename to `{name}`", ({"op": "remove", "path": f"/{name}"},))
    violation = Violation(
        "TC112", Severity.INFO, f"/{name}", f"`{name}` is", {"property": name}, hint=f"drop `{name}`", fix=fix
    )
    assert follow({name: 1}, violation.pointer) == 1
    assert violation.data == {"property": MASK}
    assert name not in f"{violation} {violation.message} {violation.hint} {fix.title}"


@pytest.mark.parametrize(
    ("data", "masked"),
    [
        ({"expected": "https://collect.commander1.com/events"}, {"expected": "https://collect.commander1.com/events"}),
        ({"actual": "https://shop.example"}, {"actual": MASK}),
        ({"actual": "1718006400000", "n": 3}, {"actual": "1718006400000", "n": 3}),
        ({"properties": ["a", "b@c.example"]}, {"properties": ["a", MASK]}),
        ({"properties": ["a", "192.168.10.27"]}, {"properties": ["a", MASK]}),
        ({"property": "192.168.10.27"}, {"property": MASK}),
        ({"costliest": {"/b@c.example": 3}}, {"costliest": {"/b@c.example": 3}}),
    ],
)
def test_data(data, masked):
    """Names and values in the data are masked; numbers, pointers, and what we expect are not."""
    assert mask_data(data) == masked
    assert (mask_data(data) is data) == (data == masked)
