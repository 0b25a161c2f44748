"""What is known of a place in a payload: its property, its family of codes, whether it is personal."""

from __future__ import annotations

import pytest

from tcspec.contract.catalogue import find_entry, find_family, is_personal, may_be_personal
from tcspec.kinds import (
    BATCH_2_0,
    CONVERSION_2_0,
    EVENT_1_0,
    EVENT_2_0,
    PIXEL_2_0,
    PRODUCT_2_0,
    USER_1_0,
)

PURCHASE, VIDEO, AD = {"event_name": "purchase"}, {"event_name": "video_start"}, {"event": "ad_view"}


@pytest.mark.parametrize(
    ("path", "payload", "version", "family"),
    [
        (("event_name",), {}, EVENT_2_0, 1),
        (("user",), PURCHASE, EVENT_2_0, 1),
        (("user", "id"), PURCHASE, EVENT_2_0, 3),
        (("context", "event_id"), PURCHASE, EVENT_2_0, 2),
        (("id",), PURCHASE, EVENT_2_0, 4),
        (("items", 0, "product", "id"), PURCHASE, EVENT_2_0, 4),
        (("cursor_position",), VIDEO, EVENT_2_0, 5),
        (("medium",), AD, EVENT_1_0, 6),
        (("properties", "user", "id"), PURCHASE, EVENT_1_0, 3),
        (("device",), PURCHASE, EVENT_1_0, 2),
        (("properties",), PURCHASE, EVENT_1_0, 1),
        (("anything",), {"event_name": ["x"]}, EVENT_2_0, 1),
        (("anything",), {"event_name": "brochure_downloaded"}, EVENT_2_0, 1),
        (("order",), {"event": "purchase"}, EVENT_1_0, 4),
        (("country",), {}, BATCH_2_0, 1),
        (("id",), PURCHASE, PIXEL_2_0, 4),
        (("batch",), {}, BATCH_2_0, 1),
        (("person", "id"), {}, USER_1_0, 8),
        (("price",), {}, PRODUCT_2_0, 8),
        (("user", "email"), {}, CONVERSION_2_0, 8),
        ((), {}, PRODUCT_2_0, 8),
    ],
)
def test_families(path, payload, version, family):
    """The family is that of the place, of the event's own family, or of the data APIs."""
    assert find_family(path, payload, version) == family


@pytest.mark.parametrize(
    ("path", "payload", "version", "kind"),
    [
        ((), PURCHASE, EVENT_2_0, None),
        (("value",), PURCHASE, EVENT_2_0, "number"),
        (("properties", "value"), PURCHASE, EVENT_1_0, "number"),
        (("items", 3, "product", "id"), PURCHASE, PIXEL_2_0, "string"),
        (("custom", "value"), PURCHASE, EVENT_2_0, None),
        (("value",), {"event_name": "brochure_downloaded"}, EVENT_2_0, None),
        (("price",), {}, PRODUCT_2_0, "number"),
        (("conversion_items", 0, "product", "price"), {}, CONVERSION_2_0, "number"),
        (("billing_address", "coordinates", "latitude"), {}, CONVERSION_2_0, "number"),
        (("person", "card"), {}, USER_1_0, "string"),
        (("event_name",), {}, PRODUCT_2_0, None),
        (("properties", "value"), {"event": "purchase"}, EVENT_1_0, "number"),
        (("value",), {"event_name": ["purchase"]}, EVENT_2_0, None),
    ],
)
def test_entries(path, payload, version, kind):
    """The catalogue is asked for the property that a path leads to; of a custom one it knows nothing."""
    assert find_entry(path, payload, version).get("type") == kind


@pytest.mark.parametrize(
    ("path", "version", "expected"),
    [
        (("user", "id"), EVENT_2_0, True),
        (("context",), EVENT_2_0, True),
        (("context", "page", "url"), EVENT_2_0, True),
        (("context", "event_id"), EVENT_2_0, False),
        (("device", "ip"), EVENT_1_0, True),
        (("device", "ip"), EVENT_2_0, False),
        (("properties", "url"), EVENT_1_0, True),
        (("value",), EVENT_2_0, False),
        (("user", "email"), PIXEL_2_0, True),
        (("person", "card"), USER_1_0, True),
        (("user", "email"), CONVERSION_2_0, True),
        (("shipping_address", "locality"), CONVERSION_2_0, True),
        (("comment",), CONVERSION_2_0, True),
        (("custom", "referer"), CONVERSION_2_0, True),
        (("status",), CONVERSION_2_0, False),
        (("price",), PRODUCT_2_0, False),
    ],
)
def test_personal_places(path, version, expected):
    """What may describe a person, a page or a device is personal, in every kind and version."""
    assert is_personal(path, version) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada@shop.example", True),
        ("+41 21 555 01 23", True),
        ("01 23 45 67 89", True),
        ("a" * 32, True),
        ("F" * 64, True),
        ("EUR", False),
        ("1718006400000", False),
        ("2024-06-10T08:00:00+02:00", False),
        ("shipped", False),
    ],
)
def test_texts_of_a_person(text, expected):
    """An address, a phone number or a hash is personal wherever it stands; a time or a word is not."""
    assert may_be_personal(text) is expected
