"""What a payload is, by what it shows: its kind, the version of its format, the dialect of that version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.arguments import check_arguments
from tcspec.dialects import METADATA_KEYS, dialect_of, is_flat, is_legacy, is_web_version
from tcspec.jsontext.encoder import to_json_value
from tcspec.jsontext.reader import encode_text, read_object, require_bytes, require_object
from tcspec.kinds import BATCH, CONVERSION, EVENT, EVENT_1_0, EVENT_2_0, PIXEL, PRODUCT, USER, WireForm, declared_kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.kinds import Kind, Version

    JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Detected:
    """What a payload is; the version is None for a hit of a format that is older than any of them."""

    kind: str
    version: str | None
    dialect: str


EVENT_KEYS = frozenset({"event_name", "event", "context", "properties", *METADATA_KEYS})
"""The properties that only events have at their root."""
_CONVERSION_KEYS = (
    "acknowledged",
    "billing_address",
    "contact_address",
    "shipping_address",
    "shipping_tracking_code",
    "payment_provider",
    "final_amount",
)
_PRODUCT_KEYS = (
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
_USER_KEYS = ("email", "email_md5", "email_sha256", "firstname", "lastname", "birthdate", "phone", "user_id")
_ANSWER_KEYS = ("accepted_object_count", "rejected_object_count", "error_count", "errors_count")
_ONLY_OF_ANSWERS = frozenset({"code", "error", "message", "statusCode", "success"})
_OF_ANSWERS = _ONLY_OF_ANSWERS | {"data", "detail", "details", "error_description", "errors", "status", "title"}
_ONLY_OF_CONVERSIONS, _ONLY_OF_PRODUCTS = frozenset(_CONVERSION_KEYS), frozenset(_PRODUCT_KEYS)
_HEADER = frozenset({"$schema"})
"""What is about the file and not about the payload: an editor finds the schema of a file by it."""
_ENOUGH_KEYS = 2
"""How many properties that only one kind has make a payload one of that kind."""


# Possessive, so that it takes linear time: every text that may be JSON is matched against it.
_PIXEL = re.compile(
    rb"\s*+(?![{\[\"])(?:GET\s++)?(?:[hH][tT]{2}[pP][sS]?(?:://|%3[aA])|/[^\s?]*+\?|\?|(?:[^\s&]*+&)*?tc_s=)\S*+(?:\s++HTTP/[0-9.]++)?\s*+"
)


@check_arguments()
def detect(payload: object) -> Detected:
    """Detect what a payload is: its kind, the version of its format, and the dialect of that version.

    Only events have dialects of their own; a batch, a pixel, and a payload of a data API have the name of their kind.

    Raises:
        UnreadablePayload: when the payload is neither a JSON object nor the URL or query of a pixel.
        WrongArgument: when it is of a Python type that holds no payload.
    """
    declared = declared_kind(payload)
    # A model of an event is looked at all the same: it may be one of the 1.0 format.
    if declared is not None and declared is not EVENT:
        return _detected_kind(declared)
    payload = to_json_value(payload)
    if isinstance(payload, str):
        payload = encode_text(payload)
    if isinstance(payload, bytes | bytearray | memoryview):
        raw = require_bytes(payload)
        if is_pixel(raw):
            return _detected_kind(PIXEL)
        payload = read_object(raw)
    document = require_object(payload)
    kind = kind_of(document)
    if kind is not EVENT:
        return _detected_kind(kind)
    dialect = dialect_of(document)
    return Detected(EVENT.name, dialect.version, dialect.id)


def _detected_kind(kind: Kind) -> Detected:
    return Detected(kind.name, kind.version().name, "v2_batch" if kind is BATCH else kind.name)


def kind_of(document: JsonObject) -> Kind:
    """Return the kind that a JSON object shows; one that shows no sign of another is an event."""
    if not EVENT_KEYS.isdisjoint(document) or is_web_version(document):
        return EVENT
    # Nothing but `batch` shows a batch even when it is no list; beside other keys it may be a custom property.
    if isinstance(document.get("batch"), list) or document.keys() - _HEADER == {"batch"}:
        return BATCH
    if "person" in document:
        return USER
    if "conversion_items" in document or _has_enough(document, _ONLY_OF_CONVERSIONS):
        return CONVERSION
    # A custom event may have the properties of products, but then it has a user.
    return PRODUCT if _has_enough(document, _ONLY_OF_PRODUCTS) and "user" not in document else EVENT


def _has_enough(document: JsonObject, keys: frozenset[str]) -> bool:
    return len(document.keys() & keys) >= _ENOUGH_KEYS


def is_pixel(raw: bytes, kind: Kind | None = None) -> bool:
    """Return whether bytes are a URL, a request line or a query, as pixels are sent, and not JSON.

    Of a kind that is sent in a query, everything but a JSON object is one.
    """
    if kind is None:
        return bool(_PIXEL.fullmatch(raw))
    return kind.wire_form is WireForm.QUERY and not raw.lstrip().startswith(b"{")


def detect_version(event: JsonObject) -> Version | None:
    """Return the version that an event shows; None for a flat hit, which is older than any."""
    if isinstance(event.get("context"), dict):
        return EVENT_2_0  # as most are: neither legacy nor flat
    if is_legacy(event):
        return EVENT_1_0
    return None if is_flat(event) else EVENT_2_0


def is_payload(value: object) -> bool:
    """Return whether a JSON value shows signs of being a payload, valid or not."""
    if not isinstance(value, dict):
        return False
    kind = kind_of(value)
    if kind is EVENT:
        return _is_event(value)
    if kind is USER:
        return isinstance(value["person"], dict)
    if kind is PRODUCT:
        return "id" in value
    if kind is BATCH:
        members = value["batch"]
        # One that is no object is an error among events; in other JSON none is an event.
        return isinstance(members, list) and (
            all(isinstance(each, dict) for each in members)
            or any(isinstance(each, dict) and _is_event(each) for each in members)
        )
    return True


def suggest_kind(document: JsonObject) -> str | None:
    """Return what to do with an object without any sign of an event, by what it resembles; None if it is nothing known.

    To detect a kind takes more than this: an object of two or three common names may be anything.
    """
    is_refusal = _OF_ANSWERS.issuperset(document) and not _ONLY_OF_ANSWERS.isdisjoint(document)
    if is_refusal or isinstance(document.get("errors"), list) or any(key in document for key in _ANSWER_KEYS):
        return "this resembles an answer of an API, which is no payload"
    kinds = ((CONVERSION, _CONVERSION_KEYS), (PRODUCT, (*_PRODUCT_KEYS, "name", "price")), (USER, _USER_KEYS))
    kind = next((kind for kind, keys in kinds if any(key in document for key in keys)), None)
    # The published schema of a product requires nothing but its id.
    if kind is None and document.keys() - _HEADER == {"id"}:
        kind = PRODUCT
    return None if kind is None else f"use `--kind {kind.name}` if it is a {kind.name}"


def _is_event(document: JsonObject) -> bool:
    context = document.get("context")
    return (
        "event_name" in document
        or ("event" in document and any(key in document for key in ("properties", *METADATA_KEYS)))
        or (isinstance(context, dict) and any(key in context for key in ("event_id", "eventId", "event_timestamp")))
        # Without `page`, `device` and `app`, which beside `properties` are no rare names in other JSON.
        or (isinstance(document.get("properties"), dict) and any(key in document for key in METADATA_KEYS[:5]))
    )
