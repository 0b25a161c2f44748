"""What clients do to the query of a pixel, from the query itself."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from tcspec.rules.linting import lint

START = "https://collect.commander1.com/events?tc_s=3315&token=tok12345example&event_name="
CODES = ("TC056", "TC057", "TC120")


def find(rest):
    """Return code and pointer of what is found in a call."""
    return [(found.code, found.pointer) for found in lint(f"{START}{rest}", select=CODES)]


@pytest.mark.parametrize(
    "rest",
    [
        "login&user[email]=ada%2Bnews%40shop.example&user[phone]=%2B41215550123",
        "search&search_term=waterproof+jacket&url=https%3A%2F%2Fshop.example%2F%3Fq%3Da%2520b",
        "search&search_term=100%25&title=%C3%A9t%C3%A9&path=%2Fa%2520b",
        "login&user[consent_categories][]=1&user[consent_categories][]=2",
        "view_cart&items[1][id]=b&items[0][id]=a",
        "video_start&keywords=hiking,alps&app.version=1",
    ],
)
def test_good_queries(rest):
    """A query that is encoded once has nothing: an escape in an address is one of the address."""
    assert find(rest) == []


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("login&user[email]=ada%2540shop.example", [("TC056", "/user/email")]),
        ("login&user[email]=ada+news@shop.example", [("TC056", "/user/email")]),
        ("login&user[phone]=+41215550123", [("TC056", "/user/phone")]),
        ("login&context[event_timestamp]=2024-06-10T08:00:00+02:00", [("TC056", "/context/event_timestamp")]),
        ("login&amp;method=card", [("TC056", "/amp;method")]),
        ("search&search_term=a%26amp%3Bb", [("TC056", "/search_term")]),
        ("search&search_term=th%C3%83%C2%A9", [("TC056", "/search_term")]),
        ("search&url=https%253A%252F%252Fshop.example", [("TC056", "/url")]),
        ("view_cart&items%255B0%255D%255Bid%255D=L1", [("TC056", "/items%5B0%5D%5Bid%5D")]),
        ("view_cart&items=%5B%7B%22id%22%3A%22L1%22%7D%5D", [("TC056", "/items"), ("TC057", "/items")]),
        ("login&user=%7B%22id%22%3A%22C-1%22%7D", [("TC056", "/user")]),
        ("login&user[consent_categories]=1,2", [("TC057", "/user/consent_categories")]),
        ("login&user[consent_categories]=1", [("TC057", "/user/consent_categories")]),
        ("view_cart&items[1][id]=a&items[2][id]=b", [("TC057", "/items")]),
        ("view_cart&items[0][id]=a&items[2][id]=b", [("TC057", "/items")]),
        ("login&user.id=C-1", [("TC120", "/user.id")]),
        ("login&context.page.url=x", [("TC120", "/context.page.url")]),
    ],
)
def test_what_clients_do(rest, expected):
    """Each way in which a client encodes a query wrongly is reported at its parameter."""
    assert find(rest) == expected


@given(st.text(st.characters(codec="utf-8", exclude_characters="/?.:"), min_size=1))
def test_every_text_that_is_encoded_twice(text):
    """Whatever is encoded twice is found, unless encoding does not change it; encoded once it is not."""
    query = urlencode({"note": quote(text, safe="")})
    assert (find(f"login&{query}") == [("TC056", "/note")]) == (quote(text, safe="") != text)


@pytest.mark.parametrize(
    ("rest", "severity"),
    [
        ("event=login", "warning"),
        ("event=login&properties[method]=card", "warning"),
        ("event_name=login&properties[method]=card", "warning"),
        ("event_name=login&event=x", None),
    ],
)
def test_legacy_pixels(rest, severity):
    """A pixel with the names of the 1.0 format is reported as such; a custom property `event` is legal."""
    found = [each for each in tcspec.validate(f"tc_s=3315&token=t0ken&{rest}") if each.code == "TC701"]
    assert [each.severity.value for each in found] == ([] if severity is None else [severity])


@pytest.mark.parametrize("value", ["12,50", ".5", "1.", "+3", ",5"])
def test_numbers_of_other_notations(value):
    """A number that JSON does not have is reported with how to write it."""
    found = [each for each in tcspec.validate(f"{START}purchase&value={quote(value)}") if each.pointer == "/value"]
    assert [each.hint for each in found] == [
        "write the number with a point, and with digits before and after it, as in 12.5"
    ]
