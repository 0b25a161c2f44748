"""The types of values, one row of the published contradictions at a time, for every engine."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from payloads import minimal
from tcspec.models.events import VideoStart
from tcspec.models.objects import User
from validators import verdicts

MD5 = "0123456789abcdef" * 2
SHA256 = "0123456789ABCDEF" * 4

CASES = {
    # a currency has the shape of ISO 4217 (K112)
    ("purchase", "currency"): (
        ["EUR", "XXX", "ZZZ"],
        ["eur", "EURO", "EU", "EUR\n", "", "E1R", "\uff25\uff35\uff32", None, 978],
    ),
    # an amount is a number of any size, never a text nor a boolean
    ("purchase", "value"): ([0, -1, 1.5, 1e308, 2**70, 10**400, 0.1 + 0.2], ["1", True, None, [1], {}]),
    # an identifier is a text
    ("purchase", "id"): (["", "T-1", "événement"], [1, None, True]),
    # closed lists are advice (K060)
    ("purchase", "payment_method"): (["card", "by_barter"], [None, 3]),
    ("purchase", "status"): (["pending", "lost"], [None, 3]),
    # what follows is typed by the envelope
    ("purchase", "test_code"): (["T"], [1, None]),
    ("purchase", "partners"): ([{}, {"tiktok": {"id": 1}}], [[], "tiktok", None]),
    ("purchase", "integrations"): ([{}], [[], None]),
    # seconds are integers that are not negative; 1.0 is an integer
    ("video_pause", "cursor_position"): ([0, 42, 42.0, 10**30], [-1, -1.0, 1.5, "42", True, None]),
    # a live stream has no length, which is null (K076)
    ("video_pause", "total_length"): ([0, 360, None], [-1, 0.5, "360", False]),
    ("video_ad_start", "total_length"): ([0, 20], [-1, None]),
    # one asset, several, or none, on every event (K075, K089)
    ("video_pause", "content_asset_id"): (["a", [], ["a", "b"], None], [1, [1], [None], {}]),
    ("video_ad_start", "ad_pod_id"): (["a", ["a"], None], [1, [["a"]]]),
    ("video_ad_start", "ad_type"): (["mid-roll", "overlay", None], [1, ["mid-roll"]]),
    ("video_content_start", "keywords"): (["alps", ["alps"], []], [None, 1, [1]]),
    # units that the vendor's pages do not agree on (K080, K081, K084)
    ("video_volume", "sound"): ([0, 100, 120, -5, 33.3], ["100", True]),
    ("video_volume", "bitrate"): ([2400, 2400.5, "2400"], [None, True, [2400]]),
    ("video_quality", "startupTime"): ([1, "1s", None, [], {}, True], []),
    ("video_ad_playing", "ad_quartile"): ([-1, 0, 2, 2.0], [0.5, "2", True]),
    ("video_ad_playing", "content"): ([{}, {"a": 1}], ["a", None, []]),
    ("video_start", "livestream"): ([True, False], [0, 1, "true", None]),
}
USERS = {
    # a digest has 32 or 64 hexadecimal digits of either case (K027), whichever property it is of
    "email_md5": ([MD5, MD5.upper()], ["", MD5[1:], MD5 + "0", MD5 + "\n", "g" * 32, "ada@shop.example", None, 1]),
    "loyalty_card_md5": ([MD5], [MD5[1:], None, 1, [MD5]]),
    "_md5": (["anything", None], []),
    "x_md5": ([MD5], [SHA256]),
    "md5": (["anything"], []),
    "email_md5_": (["anything"], []),
    "email_MD5": (["anything"], []),
    "email_sha256": ([SHA256, SHA256.lower()], [MD5, SHA256[1:], SHA256 + "\n", None]),
    "phone_sha256": ([SHA256], [MD5, "+41215550123", 1]),
    # formats are advice, so a digest in a plain field passes
    "email": (["ada@shop.example", "no address", MD5], [None, 1]),
    "phone": (["0123456"], [41215550123]),
    "gender": (["f", "female"], [None]),
    # an array of anything (K017)
    "consent_categories": ([[], ["1"], [1], [None, {}]], ["1", None, {"1": True}, 1]),
    "card": (["2900", 2900, 1.5], [None, True, []]),
    "refused_vendors": (["ALL", [], ["vendor-9"]], [None, 9, [9]]),
    "rejected_vendors": (["ALL", []], [True, [None]]),
    "consent_vendors": ([["vendor-2"]], [{}]),
    "ID": (["C-1"], [1]),
}
CONTEXTS = {
    "eventId": (["e-1"], [1, None]),
    "created": (["x", None, [], 1], []),
    "version": ([2, "2", None], []),
    "site_id": ([3315, "3315", 3315.0], [3.5, None, True]),
    "device": (
        [
            {},
            {"ad_tracking_enabled": "true"},
            {"ad_tracking_enabled": False},
            {"lifecycle": {"visit_number": 5.0}},
            {"screen": {"density": 2}},
        ],
        [
            [],
            None,
            {"ad_tracking_enabled": "True"},
            {"ad_tracking_enabled": 1},
            {"lifecycle": {"visit_number": "5"}},
            {"screen": {"density": "2"}},
            {"network": {"wifi": "yes"}},
        ],
    ),
    "page": (
        [{"location": "https://shop.example"}, {"location": {"href": "https://shop.example"}}],
        [{"location": 1}, {"url": None}, {"viewport": {"width": 0.5}}],
    ),
    "enrichment": ([{}, {"status": "ok"}], ["ok", {"status": 1}]),
    "dataquality": ([{"violations": [1, {}]}], [{"violations": {}}]),
}


def all_cases():
    """Return every case as a payload, with the expected verdict."""
    for (name, prop), both in CASES.items():
        for verdict, values in zip((True, False), both, strict=True):
            yield from ((minimal(name) | {prop: value}, verdict) for value in values)
    for place, table in (("user", USERS), ("context", CONTEXTS)):
        for prop, both in table.items():
            for verdict, values in zip((True, False), both, strict=True):
                for value in values:
                    payload = minimal()
                    payload[place][prop] = value
                    yield payload, verdict


@pytest.mark.parametrize(("payload", "verdict"), list(all_cases()))
def test_engines_agree(payload, verdict):
    """The model, jsonschema-rs and jsonschema give the verdict of the rows."""
    assert verdicts(payload) == {verdict}


def test_numbers_stay_what_they_are():
    """Integers of any length stay exact, and an integral number is an integer."""
    event = VideoStart.model_validate(minimal("video_start") | {"sound": 2**70 + 1, "cursor_position": 42.0})
    assert event.sound == 2**70 + 1
    assert type(event.cursor_position) is int


def test_a_union_reports_once_and_at_its_own_place():
    """A value that matches no branch of a union is reported at the property, without names of branches."""
    with pytest.raises(ValidationError) as caught:
        VideoStart.model_validate(minimal("video_start") | {"content_asset_id": [1]})
    errors = [(error["loc"], error["msg"]) for error in caught.value.errors()]
    assert errors == [(("content_asset_id",), "Input should be a string, an array of strings or null")]


def test_every_bad_digest_is_reported_at_its_own_place():
    """Every hashed property that is not a digest is reported, declared or custom."""
    with pytest.raises(ValidationError) as caught:
        User.model_validate({"shoe_md5": 1, "hat_sha256": "x"})
    assert [error["loc"] for error in caught.value.errors()] == [("shoe_md5",), ("hat_sha256",)]
