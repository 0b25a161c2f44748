"""Events with personal data that can be recognized in any output."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from strategies.events import iter_paths, nearly_valid_events, replace_value, valid_events
from strategies.legacy import mixed_events
from tcspec.strategies import legacy_events

_PERSONAL = (
    *(("user",), ("url",), ("title",), ("path",), ("referrer",), ("context", "page"), ("context", "device")),
    *(("page",), ("device",), ("ip",), ("userAgent",), ("locale",), ("properties", "user"), ("properties", "url")),
    *(("properties", "title"), ("properties", "path"), ("properties", "referrer")),
    *(("search_term",), ("properties", "search_term"), ("test_code",), ("properties", "test_code")),
    *(("context", "cookie"), ("context", "site_id")),
)
"""The paths of personal data in events of both formats."""
SECRET, NUMBER = "Zq7Xv", 739_201_846_512
SECRET_TEXTS = (SECRET, "739201846512", "73920184651")
_secrets = st.sampled_from(
    (SECRET, f"{SECRET}@shop.example", NUMBER, -NUMBER, 0.739201846512, [SECRET], {"id": SECRET}, {"x_md5": SECRET})
)
"""Personal values of every type that can carry information."""
PERSONAL_NAMES = (
    "ada.keller@shop.example",
    "Ada Keller@shop.example",
    "ada%40shop.example",
    "https://shop.example/ada",
    "+33612345678",
    "+41 21 555 01 23",
    "0612345678",
    "(415) 555-2671",
    "4111 1111 1111 1111",
    "192.168.10.27",
    "0a" * 32,
    "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2ln",
    "Bearer Zq7XvZq7Xv",
)
"""Keys and other names that may be personal or secret."""


def _personal_paths(event):
    """Return the paths of personal data in an event."""
    return [path for path in iter_paths(event) if any(path[: len(personal)] == personal for personal in _PERSONAL)]


def is_broken(text):
    """Return whether a text is not JSON; one that still is may have lost a letter of a name."""
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


@st.composite
def personal_events(draw):
    """Draw an event, valid or not, in which some personal data is a secret."""
    event = draw(st.one_of(valid_events, nearly_valid_events(), legacy_events(), mixed_events))
    if draw(st.integers(0, 9)) == 0:
        event[draw(st.sampled_from(("context", "properties")))] = SECRET
    for _ in range(draw(st.integers(1, 4))):
        if found := _personal_paths(event):
            event = replace_value(event, draw(st.sampled_from(found)), draw(_secrets))
    return event
