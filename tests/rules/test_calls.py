"""How many Python calls a check of an event takes in which nothing is found: what grows here slows down every event."""

from __future__ import annotations

import json
import sys

import pytest

from locations import ROOT
from tcspec import check, lint, validate
from tcspec.rules.config import Config

NOW = 1_795_000_000_000
VALID = ROOT / "fixtures" / "event" / "2.0" / "valid"
LINE = {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
USER = {"id": "C-1024", "consistent_anonymous_id": "d-5f0c2b1e", "consent_categories": ["1", "3"]}
CUSTOM = {"form_version": 3, "store_region": "north", "ab_variant": "B", "loyalty_tier": "gold"}

checked = pytest.mark.parametrize(
    ("function", "events"),
    [
        (validate, {"search": 45, "view_cart": 45, "video_pause": 45, "reward_claimed": 45}),
        (lint, {"search": 140, "view_cart": 205, "video_pause": 205, "reward_claimed": 145}),
        (
            lambda raw, **options: check(raw, config=Config(), **options),
            {"search": 215, "view_cart": 285, "video_pause": 280, "reward_claimed": 220},
        ),
    ],
    ids=["validate", "lint", "check"],
)


def read(name):
    """Return an event without violations, as bytes; all have the context of an app."""
    context = json.loads((VALID / "search--mobile.json").read_text(encoding="utf-8"))["context"]
    own = {
        "search": {"search_term": "tent"},
        "view_cart": {"value": 359.7, "currency": "EUR", "items": [LINE | {"id": f"L{number}"} for number in range(3)]},
        "video_pause": {"video_session_id": "p-1", "content_asset_id": "a", "cursor_position": 42, "total_length": 360},
        "reward_claimed": {},
    }[name]
    return json.dumps({"event_name": name, **own, **CUSTOM, "user": USER, "context": context}).encode()


def count_calls(function, *arguments, **options):
    """Return how many Python functions are called, generators once for each value."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function(*arguments, **options)
    finally:
        sys.setprofile(before)
    return calls


@checked
def test_calls_of_clean_events(function, events):
    """An event without violations takes few calls, whatever it is about."""
    for name, bound in events.items():
        raw = read(name)
        options = {} if function is validate else {"now": NOW}
        assert function(raw, **options) == []  # what is prepared once is prepared
        assert count_calls(function, raw, **options) <= bound, name
