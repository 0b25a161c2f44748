"""What the properties of products, conversions and users may hold, and what they may not, as the facts have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from strategies.values import integers, json_values, numbers, texts

_truths = st.booleans()
_lists = st.lists(texts, max_size=2)
_objects = st.dictionaries(texts, json_values(), max_size=3)
_no_texts = st.one_of(st.none(), _truths, numbers, _lists, _objects)
_no_numbers = st.one_of(st.none(), _truths, texts, st.lists(numbers, max_size=2), _objects)
_no_objects = st.one_of(st.none(), _truths, numbers, texts, st.lists(_objects, max_size=2))


@dataclass(frozen=True)
class Field:
    """What a property may hold; what is of a wrong type for it; and what is of the type, yet wrong."""

    right: Any
    odd: Any
    wrong: Any = None


def _repeated(counts):
    return st.builds(lambda character, count: character * count, st.characters(codec="utf-8"), counts)


def _up_to(limit):
    """Describe a text of so many characters at most."""
    right = st.one_of(texts, _repeated(st.sampled_from((1, limit - 1, limit))))
    return Field(right, _no_texts, _repeated(st.integers(limit + 1, limit + 300)))


def _texts_up_to(limit):
    """Describe a list of texts of so many characters at most."""
    text = _up_to(limit)
    with_one = st.builds(lambda before, one, after: [*before, one, *after], _lists, text.odd, _lists)
    with_long = st.builds(lambda before, one, after: [*before, one, *after], _lists, text.wrong, _lists)
    no_lists = st.one_of(st.none(), _truths, numbers, texts, _objects)
    return Field(st.lists(text.right, max_size=3), st.one_of(no_lists, with_one), with_long)


def _one_of(*names):
    """Describe a closed list of texts."""
    others = st.one_of(texts, st.sampled_from((names[0].upper(), f"{names[0]} ", f"{names[0]}\n", "x" * 300)))
    return Field(st.sampled_from(names), _no_texts, others.filter(lambda text: text not in names))


_zones = st.one_of(st.just("Z"), st.from_regex("[+-]([01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True))
dates = st.builds(
    lambda moment, finer, zone: moment.isoformat(timespec="milliseconds" if finer else "seconds") + zone,
    st.datetimes(),
    _truths,
    _zones,
)
"""Every moment of the calendar, in one of the four notations that the data APIs read."""

_NOT_READ = (
    *("", "now", "2024-06-10", "2024-06-10T08:13:20", "2024-06-10T08:13:20.125", "2024-06-10T08:13:20+0100"),
    *("2024-06-10T08:13:20,125Z", "2024-06-10T08:13:20.12Z", "2024-06-10T08:13:20.1250Z", "2024-06-10T08:13Z"),
    *("2024-02-30T08:13:20Z", "2023-02-29T08:13:20Z", "1900-02-29T08:13:20Z", "2024-04-31T08:13:20Z"),
    *("2024-06-10T24:00:00Z", "2024-06-10T08:13:60Z", "2024-13-10T08:13:20Z", "2024-06-00T08:13:20Z"),
    *("2024-06-10 08:13:20Z", "2024-06-10t08:13:20z", "20240610T081320Z", "1718006400000", "2024-06-10T08:13:20Z\n"),
)
_mangled_dates = st.builds(
    lambda date, at, extra: date[:at] + extra + date[at:],
    dates,
    st.integers(0, 19),
    st.sampled_from((" ", "0", "-", "T", "\n", "\u0660")),
)
DATE = Field(dates, _no_texts, st.one_of(st.sampled_from(_NOT_READ), _mangled_dates))
_NO_CURRENCIES = st.one_of(
    st.from_regex("[a-z]{3}|[A-Z]{0,2}|[A-Z]{4,9}|[0-9]{3}|[A-Z]{3}\n", fullmatch=True), st.sampled_from(("€", "É??"))
)
_CURRENCY = Field(st.from_regex("[A-Z]{3}", fullmatch=True), _no_texts, _NO_CURRENCIES)
_NUMBER = Field(numbers, _no_numbers)
_FLAG = Field(_truths, st.one_of(st.none(), numbers, texts, _lists, _objects))
_TEXT = Field(texts, _no_texts)
OBJECT = Field(_objects, _no_objects)


def all_of(field, *names):
    """Describe several properties alike."""
    return dict.fromkeys(names, field)


def _amounts(what, *names):
    return {f"{name}_{what}": _NUMBER for name in names}


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
_OR_NULL = Field(st.one_of(st.none(), _LABEL.right), _no_texts.filter(lambda value: value is not None), _LABEL.wrong)
ADDRESS = {**all_of(_LABEL, *_LINES, "street_address"), "full_address": _OR_NULL, "coordinates": OBJECT}
_CATEGORIES = st.one_of(texts, st.lists(st.one_of(texts, integers), max_size=3))
_NO_CATEGORIES = st.one_of(
    st.none(), _truths, numbers, _objects, st.lists(st.one_of(st.none(), _truths, _objects), min_size=1, max_size=2)
)
KEYS = {"email": _up_to(250), "user_email": _up_to(255), "consent_categories": Field(_CATEGORIES, _NO_CATEGORIES)}
ITEM = {
    "id": _up_to(64),
    **_amounts("quantity", *_CHANGES),
    **_amounts("amount", *_CHANGES),
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
    **_amounts("quantity", *_CHANGES),
    **_amounts("amount", *_CHANGES, "shipping", "discount", "tax"),
    "custom": OBJECT,
    "conversion_items": Field(None, st.one_of(_no_texts.filter(lambda value: not isinstance(value, list)), texts)),
}
PERSON = {**all_of(_TEXT, "id", "card", "email", "gender", "firstname", "lastname"), "custom": OBJECT}
