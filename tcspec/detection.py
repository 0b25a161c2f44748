"""What a payload shows itself to be: its kind, the version of its format, the dialect of that version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.jsontext.reader import encode_text, read_object, require_bytes, require_object
from tcspec.kinds import DIALECTS, EVENT_1_0, EVENT_2_0, METADATA_KEYS, is_flat, is_legacy, is_web_version, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.kinds import Version

    Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Detected:
    """What a payload was found to be; the version is None for a hit that is older than any of them."""

    kind: str
    version: str | None
    dialect: str


_OF_EVENTS = ("event_name", "event", "context", "properties", *METADATA_KEYS)
_OF_CONVERSIONS = (
    "acknowledged",
    "billing_address",
    "contact_address",
    "shipping_address",
    "shipping_tracking_code",
    "payment_provider",
    "final_amount",
)
_OF_PRODUCTS = (
    *(f"category_{level}" for level in range(1, 6)),
    "condition",
    "availability",
    "availability_date",
    "expiration_date",
    "sale_price",
    "image_link",
    "brand",
    "colors",
    "tags",
    "gtin",
    "mpn",
)
_FEW = 2
"""How many properties that only one kind has make a payload one of that kind."""

_PIXEL = re.compile(
    rb"\s*+(?![{\[\"])(?:GET\s++)?(?:https?://|/[^\s?]*+\?|\?|(?:[^\s&]*+&)*?tc_s=)\S*+(?:\s++HTTP/[0-9.]++)?\s*+"
)
_DIALECTS_OF_KINDS = {"batch": "v2_batch"}


def detect(payload: dict[str, Any] | bytes | bytearray | memoryview | str) -> Detected:
    """Find out what a payload is: its kind, the version of its format, and the dialect of that version.

    Only events have dialects of their own; a batch, a pixel, and a payload of a data API goes by the name of its kind.

    Raises:
        UnreadablePayload: when the payload is neither a JSON object nor the call of a pixel.
    """
    if isinstance(payload, str):
        payload = encode_text(payload)
    if isinstance(payload, bytes | bytearray | memoryview):
        raw = require_bytes(payload)
        if is_pixel(raw):
            return Detected("pixel", version_of("pixel").name, "pixel")
        payload = read_object(raw)
    found = require_object(payload)
    kind = kind_of(found)
    if kind != "event":
        return Detected(kind, version_of(kind).name, _DIALECTS_OF_KINDS.get(kind, kind))
    dialect = next(dialect for dialect in DIALECTS if dialect.fits(found))
    return Detected("event", dialect.version, dialect.id)


def kind_of(payload: Payload) -> str:
    """Tell which kind a JSON object shows itself to be; one that shows no sign of another is an event."""
    if any(key in payload for key in _OF_EVENTS) or is_web_version(payload):
        return "event"
    if isinstance(payload.get("batch"), list) or tuple(payload) == ("batch",):
        return "batch"
    if "person" in payload:
        return "user"
    if "conversion_items" in payload or _has_few(payload, _OF_CONVERSIONS):
        return "conversion"
    return "product" if _has_few(payload, _OF_PRODUCTS) and "user" not in payload else "event"


def _has_few(payload: Payload, names: tuple[str, ...]) -> bool:
    return sum(name in payload for name in names) >= _FEW


def is_pixel(raw: bytes, kind: str | None = None) -> bool:
    """Return whether bytes are read as a pixel (a URL, a request line or a query string) and not as JSON.

    Without a kind they must look like one; of the kind `pixel`, anything but the JSON object of its event is a URL.
    """
    if kind is None:
        return bool(_PIXEL.fullmatch(raw))
    return kind == "pixel" and not raw.lstrip().startswith(b"{")


def version_shown(payload: Payload) -> Version | None:
    """Tell which version of an event a payload shows itself to be; None for a flat hit, which is older than any."""
    if is_legacy(payload):
        return EVENT_1_0
    return None if is_flat(payload) else EVENT_2_0


def is_payload(value: object) -> bool:
    """Tell whether a JSON value shows that it is meant as a payload, well formed or not."""
    if not isinstance(value, dict):
        return False
    match kind_of(value):
        case "event":
            return _is_event(value)
        case "user":
            return isinstance(value["person"], dict)
        case "product":
            return "id" in value
        case "batch":
            return isinstance(value["batch"], list) and all(isinstance(event, dict) for event in value["batch"])
    return True


def _is_event(payload: Payload) -> bool:
    context = payload.get("context")
    return (
        "event_name" in payload
        or ("event" in payload and any(key in payload for key in ("properties", *METADATA_KEYS)))
        or (isinstance(context, dict) and any(key in context for key in ("event_id", "eventId", "event_timestamp")))
        or (isinstance(payload.get("properties"), dict) and any(key in payload for key in METADATA_KEYS[:5]))
    )
