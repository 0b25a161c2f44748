"""Valid and invalid values of the properties of products, conversions and users, according to the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tcspec.strategies.values import integers, json_values, numbers, texts

_booleans = st.booleans()
_lists = st.lists(texts, max_size=2)
_objects = st.dictionaries(texts, json_values(), max_size=3)
_not_strings = st.one_of(st.none(), _booleans, numbers, _lists, _objects)
_not_numbers = st.one_of(st.none(), _booleans, texts, st.lists(numbers, max_size=2), _objects)
_not_objects = st.one_of(st.none(), _booleans, numbers, texts, st.lists(_objects, max_size=2))


@dataclass(frozen=True)
class Field:
    """Valid values of a property, values of other types, and invalid values of the right type."""

    valid: Any
    other_type: Any
    invalid: Any = None


def _repeated(counts):
    return st.builds(lambda character, count: character * count, st.characters(codec="utf-8"), counts)


def _up_to(limit):
    """Return the field of a string with a maximum length."""
    valid = st.one_of(texts, _repeated(st.sampled_from((1, limit - 1, limit))))
    return Field(valid, _not_strings, _repeated(st.integers(limit + 1, limit + 300)))


def _texts_up_to(limit):
    """Return the field of an array of strings with a maximum length."""
    text = _up_to(limit)
    with_other_type = st.builds(lambda before, one, after: [*before, one, *after], _lists, text.other_type, _lists)
    with_long = st.builds(lambda before, one, after: [*before, one, *after], _lists, text.invalid, _lists)
    not_lists = st.one_of(st.none(), _booleans, numbers, texts, _objects)
    return Field(st.lists(text.valid, max_size=3), st.one_of(not_lists, with_other_type), with_long)


def _one_of(*names):
    """Return the field of a closed list of strings."""
    others = st.one_of(texts, st.sampled_from((names[0].upper(), f"{names[0]} ", f"{names[0]}\n", "x" * 300)))
    return Field(st.sampled_from(names), _not_strings, others.filter(lambda text: text not in names))


_zones = st.one_of(st.just("Z"), st.from_regex("[+-]([01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True))
dates = st.builds(
    lambda instant, with_ms, zone: instant.isoformat(timespec="milliseconds" if with_ms else "seconds") + zone,
    st.datetimes(),
    _booleans,
    _zones,
)
"""Every date and time of the calendar, in the four formats of the data APIs."""

_UNREADABLE_DATES = (
    *("", "now", "2024-06-10", "2024-06-10T08:13:20", "2024-06-10T08:13:20.125", "2024-06-10T08:13:20+0100"),
    *("2024-06-10T08:13:20,125Z", "2024-06-10T08:13:20.12Z", "2024-06-10T08:13:20.1250Z", "2024-06-10T08:13Z"),
    *("2024-02-30T08:13:20Z", "2023-02-29T08:13:20Z", "1900-02-29T08:13:20Z", "2024-04-31T08:13:20Z"),
    *("2024-06-10T24:00:00Z", "2024-06-10T08:13:60Z", "2024-13-10T08:13:20Z", "2024-06-00T08:13:20Z"),
    *("2024-06-10 08:13:20Z", "2024-06-10t08:13:20z", "20240610T081320Z", "1718006400000", "2024-06-10T08:13:20Z\n"),
)
_damaged_dates = st.builds(
    lambda date, at, extra: date[:at] + extra + date[at:],
    dates,
    st.integers(0, 19),
    st.sampled_from((" ", "0", "-", "T", "\n", "\u0660")),
)
DATE = Field(dates, _not_strings, st.one_of(st.sampled_from(_UNREADABLE_DATES), _damaged_dates))
_NOT_CURRENCIES = st.one_of(
    st.from_regex("[a-z]{3}|[A-Z]{0,2}|[A-Z]{4,9}|[0-9]{3}|[A-Z]{3}\n", fullmatch=True), st.sampled_from(("€", "É??"))
)
_CURRENCY = Field(st.from_regex("[A-Z]{3}", fullmatch=True), _not_strings, _NOT_CURRENCIES)
_NUMBER = Field(numbers, _not_numbers)
_FLAG = Field(_booleans, st.one_of(st.none(), numbers, texts, _lists, _objects))
_TEXT = Field(texts, _not_strings)
OBJECT = Field(_objects, _not_objects)


def all_of(field, *names):
    """Return the same field for several properties."""
    return dict.fromkeys(names, field)


def _numbers(suffix, *names):
    return {f"{name}_{suffix}": _NUMBER for name in names}


_CHANGES = ("original", "cancelled", "returned", "exchanged", "final")
PRODUCT = {
    "id": _up_to(50),
    "name": _up_to(500),
    "description": _up_to(5000),
    **all_of(_up_to(250), *(f"category_{level}" for level in range(1, 6))),
    "tags": _texts_up_to(250),
    "condition": _one_of("new", "refurbished", "used"),
    "availability": _one_of("in_stock", "available", "pre_order", "out_of_stock"),
    **all_of(DATE, "availability_date", "expiration_date"),
    **all_of(_NUMBER, "price", "sale_price", "width", "length", "height", "weight"),
    "currency": _CURRENCY,
    **all_of(_up_to(2000), "image_link", "link"),
    **all_of(_up_to(255), "brand", "size", "gender", "gtin", "mpn"),
    "colors": _texts_up_to(255),
    "custom": OBJECT,
}
COORDINATES = all_of(_NUMBER, "latitude", "longitude")
_LINES = ("country", "iso_country_code", "country_code", "region", "locality", "postal_code", "recipient", "label")
_LABEL = _up_to(255)
_OR_NULL = Field(
    st.one_of(st.none(), _LABEL.valid), _not_strings.filter(lambda value: value is not None), _LABEL.invalid
)
ADDRESS = {**all_of(_LABEL, *_LINES, "street_address"), "full_address": _OR_NULL, "coordinates": OBJECT}
_CATEGORIES = st.one_of(texts, st.lists(st.one_of(texts, integers), max_size=3))
_NO_CATEGORIES = st.one_of(
    st.none(), _booleans, numbers, _objects, st.lists(st.one_of(st.none(), _booleans, _objects), min_size=1, max_size=2)
)
KEYS = {"email": _up_to(250), "user_email": _up_to(255), "consent_categories": Field(_CATEGORIES, _NO_CATEGORIES)}
ITEM = {
    "id": _up_to(64),
    **_numbers("quantity", *_CHANGES),
    **_numbers("amount", *_CHANGES),
    "price": _NUMBER,
    "original_item": _FLAG,
    "custom": OBJECT,
    "product": OBJECT,
}
CONVERSION = {
    "id": _up_to(50),
    "user": OBJECT,
    "type": _LABEL,
    "status": _one_of(
        *("canceled", "delivered", "in_progress", "partially_delivered", "partially_returned", "partially_shipped"),
        *("pending_shipment", "returned", "shipped", "pending"),
    ),
    **all_of(DATE, "created", "updated"),
    "acknowledged": _FLAG,
    "currency": _CURRENCY,
    **all_of(_LABEL, "comment", "shipping_provider", "shipping_tracking_code", "payment_provider"),
    **all_of(OBJECT, "billing_address", "contact_address", "shipping_address"),
    "payment_method": _one_of(
        *("by_bank_transfer_in_advance", "by_invoice", "card", "check_in_advance", "cod", "coupon", "direct_debit"),
        *("online_payment_system", "other"),
    ),
    **_numbers("quantity", *_CHANGES),
    **_numbers("amount", *_CHANGES, "shipping", "discount", "tax"),
    "custom": OBJECT,
    "conversion_items": Field(None, st.one_of(_not_strings.filter(lambda value: not isinstance(value, list)), texts)),
}
PERSON = {**all_of(_TEXT, "id", "card", "email", "gender", "firstname", "lastname"), "custom": OBJECT}
