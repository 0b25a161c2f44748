"""The entry and the family of codes of a property of a payload."""

from __future__ import annotations

import pytest

from tcspec.contract.catalogue import find_entry, find_family
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
    """The family depends on the path, on the family of the event, or is that of the data APIs."""
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
        (("event",), {"event": "purchase"}, EVENT_1_0, "string"),
        (("event",), {"event": "purchase"}, EVENT_2_0, None),
        (("eventTimestamp",), {}, EVENT_1_0, "number|string"),
        (("event_Id",), {}, EVENT_1_0, "string"),
        (("userAgent",), {}, EVENT_1_0, "string"),
        (("version",), {}, EVENT_1_0, "any"),
        (("device", "os", "name"), {}, EVENT_1_0, "string"),
        (("value",), {"event_name": ["purchase"]}, EVENT_2_0, None),
    ],
)
def test_entries(path, payload, version, kind):
    """The entry is that of the property at the end of the path; a custom property has none."""
    assert find_entry(path, payload, version).get("type") == kind
