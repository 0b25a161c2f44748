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
        "login&user[refused_vendors]=a,b",
        "view_cart&items[1][id]=b&items[0][id]=a",
        "video_start&keywords=hiking,alps&app.version=1",
        "page_view&keywords=hiking,alps&array=a,b",
        "video_ad_start&content_asset_id=a",
        "login&note=ada+news@shop.example&x[y]={1}&z=[1",
        "login&parts[]=1,2&user[consent_categories][]=1,2&user[consent_categories][]=3&a%3Db=1",
        "login&stock[2]=3&stock[10]=4&parts[a1]=1&parts[0]=2&x%5B0%5D=1",
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
        ("view_cart&items=%5B%7B%22id%22%3A%22L1%22%7D%5D", [("TC056", "/items")]),
        ("login&user[consent_categories]=%5B%221%22,%222%22%5D", [("TC056", "/user/consent_categories")]),
        ("login&user[consent_categories][]=1,2", [("TC057", "/user/consent_categories/0")]),
        ("login&user[consent_categories][]=1%2C%202", [("TC057", "/user/consent_categories/0")]),
        ("login&method%3Dcard%26page_name%3DHome", [("TC056", "/method=card&page_name=Home")]),
        ("login&method%3Dcard", [("TC056", "/method=card")]),
        ("view_cart&items.0.id=L1", [("TC120", "/items.0.id")]),
        ("login&user=%7B%22id%22%3A%22C-1%22%7D", [("TC056", "/user")]),
        ("login&user[consent_categories]=1,2", [("TC057", "/user/consent_categories")]),
        ("login&user[consent_categories]=1", [("TC057", "/user/consent_categories")]),
        ("view_cart&items[1][id]=a&items[2][id]=b", [("TC057", "/items")]),
        ("view_cart&items[0][id]=a&items[2][id]=b", [("TC057", "/items")]),
        ("login&user[custom]=ada+news@shop.example", [("TC056", "/user/custom")]),
        ("login&seller_mail=ada+news@shop.example", [("TC056", "/seller_mail")]),
        ("login&parts[0]=a&parts[2]=b", [("TC057", "/parts")]),
        ("login&user[refused_vendors][2]=a&user[refused_vendors][3]=b", [("TC057", "/user/refused_vendors")]),
        ("login&parts[1]=a&parts[2]=b", [("TC057", "/parts")]),
        ("login&list[0][note]=a%2520b&list[1][note]=a", [("TC056", "/list/0/note")]),
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


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("view_cart&items[10][id]=a&items[2][id]=b", "the indexes are 2, 10..., so this is an object and no array"),
        ("view_cart&items[1][id]=a", "the indexes are 1 only, so this is an object and no array"),
        ("login&user[consent_categories]=1,2", "a list separated by commas is one string, and no array"),
        ("login&user[consent_categories]=1", "a value without `[]` in its name is one string, and no array"),
    ],
)
def test_messages_of_lists(rest, message):
    """The message says how the list arrives: its first indexes in their order, or what the one string looks like."""
    [found] = lint(f"{START}{rest}", select="TC057")
    assert found.message == message


@pytest.mark.parametrize(
    ("rest", "hint"),
    [
        ("login&user[consent_categories]=1", "write one parameter for each: `user[consent_categories][]=...`"),
        ("view_cart&items[0][product][colors]=a,b", "write one parameter for each: `items[0][product][colors][]=...`"),
        ("login&user.id=C-1", "write `user[id]`"),
        ("login&context.page.url=x", "write `context[page][url]`"),
    ],
)
def test_hints(rest, hint):
    """The hint names the parameter as it is written in a query."""
    assert [found.hint for found in lint(f"{START}{rest}", select=("TC057", "TC120"))] == [hint]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("[" + "1," * 49_998 + "1]", True),
        ("[" + "1," * 49_999 + "1]", False),
        ("[1,]", False),
        ("[" + "1," * 49_998 + "11]", True),
        ("{1}", False),
        ("[" * 60_000 + "]", False),
    ],
)
def test_json_in_values(text, is_found):
    """Text is JSON when it can be parsed as an object or an array, and has at most 100,000 characters."""
    event = {"event_name": "login", "note": text}
    assert [found.pointer for found in lint(event, "pixel", select="TC056")] == ["/note"] * is_found
