"""Nothing that describes a person is printed: which values may be shown, and that violations show no others."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from payloads import full, full_of
from strategies.documents import hostile_documents
from strategies.events import iter_paths
from strategies.personal import SECRET_TEXTS, personal_events
from tcspec.contract.privacy import may_show
from tcspec.contract.schemas import load_catalogue
from tcspec.errors import InvalidPayload
from tcspec.jsontext.pointer import follow, join
from tcspec.kinds import (
    BATCH_2_0,
    CONVERSION_2_0,
    EVENT_1_0,
    EVENT_2_0,
    PIXEL_2_0,
    PRODUCT_2_0,
    USER_1_0,
)
from tcspec.models import User
from tcspec.personal import looks_personal
from tcspec.rules.linting import lint
from tcspec.upgrades.api import upgrade_json
from tcspec.validation import validate

PURCHASE, LOGIN = {"event_name": "purchase"}, {"event_name": "login"}


@pytest.mark.parametrize(
    ("path", "payload", "version", "expected"),
    [
        (("event_name",), {}, EVENT_2_0, True),
        (("event",), {"event": "x"}, EVENT_1_0, True),
        (("event",), {"event": "x"}, EVENT_2_0, False),
        (("user",), {}, EVENT_2_0, False),
        (("user", "id"), {}, EVENT_2_0, False),
        (("user", "country"), {}, PIXEL_2_0, False),
        (("context",), {}, EVENT_2_0, False),
        (("context", "event_id"), {}, EVENT_2_0, True),
        (("context", "page", "viewport", "width"), {}, EVENT_2_0, False),
        (("context", "device", "os", "name"), {}, EVENT_2_0, False),
        (("context", "app", "version"), {}, EVENT_2_0, True),
        (("context", "app"), {}, EVENT_2_0, False),
        (("context", "cookie"), {}, EVENT_2_0, False),
        (("context", "dataquality", "violations", 0), {}, EVENT_2_0, False),
        (("context", "created"), {}, EVENT_2_0, True),
        (("context", "created", "by"), {}, EVENT_2_0, False),
        (("context", "legacy", "properties"), {}, EVENT_2_0, False),
        (("device", "ip"), {}, EVENT_1_0, False),
        (("device", "ip"), {}, EVENT_2_0, False),
        (("eventTimestamp",), {}, EVENT_1_0, True),
        (("eventTimestamp",), {}, EVENT_2_0, False),
        (("properties",), {}, EVENT_1_0, False),
        (("properties", "url"), PURCHASE, EVENT_1_0, False),
        (("properties", "value"), PURCHASE, EVENT_1_0, True),
        (("properties", "value"), LOGIN, EVENT_1_0, False),
        (("value",), PURCHASE, EVENT_2_0, True),
        (("value",), LOGIN, EVENT_2_0, False),
        (("Value",), PURCHASE, EVENT_2_0, False),
        (("items",), PURCHASE, EVENT_2_0, False),
        (("items", 0), PURCHASE, EVENT_2_0, False),
        (("items", 0, "product", "id"), PURCHASE, EVENT_2_0, True),
        (("items", 0, "product", "colors", 1), PURCHASE, EVENT_2_0, True),
        (("items", 0, "gift"), PURCHASE, EVENT_2_0, False),
        (("partners", "tiktok", "content_type"), PURCHASE, EVENT_2_0, False),
        (("search_term",), {"event_name": "search"}, EVENT_2_0, False),
        ((), PURCHASE, EVENT_2_0, False),
        (("value",), PURCHASE, None, False),
        (("batch",), {"batch": 5}, BATCH_2_0, False),
        (("batch", 0, "value"), {"batch": [PURCHASE]}, BATCH_2_0, True),
        (("batch", 0, "value"), {"batch": [LOGIN]}, BATCH_2_0, False),
        (("batch", 0, "user", "id"), {"batch": [PURCHASE]}, BATCH_2_0, False),
        (("batch", 0, "event_name"), {"batch": [{"event_name": "x", "properties": {}}]}, BATCH_2_0, True),
        (("batch", 0, "value"), {"batch": [{"value": 1}]}, BATCH_2_0, False),
        (("batch", 1, "value"), {"batch": [PURCHASE]}, BATCH_2_0, False),
        (("batch", 0), {"batch": ["x"]}, BATCH_2_0, False),
        (("batch", "value"), {"batch": {"value": 1}}, BATCH_2_0, False),
        (("batch", 0, "value"), {"batch": [PURCHASE]}, EVENT_2_0, False),
        (("person", "card"), {}, USER_1_0, False),
        (("person", "custom", "hobby"), {}, USER_1_0, False),
        (("user", "email"), {}, CONVERSION_2_0, False),
        (("shipping_address", "locality"), {}, CONVERSION_2_0, False),
        (("shipping_tracking_code",), {}, CONVERSION_2_0, False),
        (("comment",), {}, CONVERSION_2_0, False),
        (("custom", "referer"), {}, CONVERSION_2_0, False),
        (("conversion_items", 0, "custom", "gift"), {}, CONVERSION_2_0, False),
        (("status",), {}, CONVERSION_2_0, True),
        (("price",), {}, PRODUCT_2_0, True),
        (("custom",), {}, PRODUCT_2_0, False),
    ],
)
def test_properties(path, payload, version, expected):
    """Values of standard properties may be shown that are not personal, not in personal ones, and not objects."""
    assert may_show(path, 5, payload, version) is expected
    assert may_show(path, "a word", payload, version) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ada@shop.example", True),
        ("ada%40shop.example", True),
        ("https://shop.example", True),
        ("+41 21 555 01 23", True),
        ("01 23 45 67 89", True),
        ("4111 1111 1111 2222", True),
        ("card 4111-1111-1111-2222", True),
        ("a" * 32, True),
        ("F" * 64, True),
        (["EUR", "ada@shop.example"], True),
        ({}, True),
        ([{}], True),
        ("EUR", False),
        ("1718006400000", False),
        ("2024-06-10T08:00:00+02:00", False),
        ("shipped", False),
        (["EUR"], False),
        (41215550123, False),
        (None, False),
    ],
)
def test_values(value, expected):
    """What looks like an e-mail address, URL, phone or card number, hash or object is not shown for any property."""
    assert looks_personal(value) is expected
    assert may_show(("value",), value, PURCHASE, EVENT_2_0) is not expected
    assert may_show(("batch", 0, "value"), value, {"batch": [PURCHASE]}, BATCH_2_0) is not expected


def test_tokens():
    """A long token is shown as an identifier, and in no other place."""
    text = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
    assert may_show(("id",), text, PURCHASE, EVENT_2_0)
    assert not may_show(("status",), text, PURCHASE, EVENT_2_0)


def names_of_marked(properties):
    """Return the names of the properties that are marked as personal."""
    return {name for name, entry in properties.items() if entry.get("personal")}


def test_marks():
    """The catalogue marks the user, the page, the device, and every other property that may describe a person."""
    catalogue = load_catalogue()
    objects = {name: names_of_marked(entry["properties"]) for name, entry in catalogue["objects"].items()}
    events = {name: names_of_marked(entry["properties"]) for name, entry in catalogue["events"].items()}
    page = {"url", "title", "path", "referrer"}
    addresses = {"billing_address", "contact_address", "shipping_address"}
    assert names_of_marked(catalogue["envelope"]["properties"]) == {"user", "test_code", *page}
    assert {name: marked - {"user"} for name, marked in events.items() if marked - {"user"}} == {
        "page_view": page,
        "purchase": {"url"},
        "refund": {"url"},
        "search": {"search_term"},
    }
    assert {name: marked for name, marked in objects.items() if marked} == {
        "CatalogProduct": {"custom"},
        "Context": {"page", "device", "cookie", "site_id"},
        "Conversion": {"user", "comment", "custom", "shipping_tracking_code", *addresses},
        "ConversionItem": {"custom"},
        "Metadata": {"page", "device", "cookie", "site_id"},
        "Person": {"custom"},
        "UserDeletionQuery": {"user_id", "tc_id"},
        "UserPut": {"person"},
        "UserPutQuery": {"user_id"},
        "UserQuery": {"user_id"},
        "VisitorQuery": {"tcid"},
    }


@pytest.mark.parametrize(
    ("payload", "version"),
    [
        (full("purchase"), EVENT_2_0),
        (full("page_view"), EVENT_2_0),
        (full("search"), EVENT_2_0),
        (full_of("user"), USER_1_0),
        (full_of("conversion"), CONVERSION_2_0),
        (full_of("product"), PRODUCT_2_0),
    ],
    ids=["purchase", "page_view", "search", "user", "conversion", "product"],
)
def test_full_payloads(payload, version):
    """In a payload with every property no path of a person, of a page or of a device may be shown."""
    names = {"user", "person", "page", "device", "cookie", "url", "title", "path", "referrer", "comment", "custom"}
    names |= {"billing_address", "contact_address", "shipping_address", "search_term"}
    for path in iter_paths(payload):
        if names & set(path):
            assert not may_show(path, follow(payload, join(path)), payload, version)


def shows_secret(violations):
    """Return whether a secret occurs anywhere in some violations, their data included."""
    return any(text in repr(violations) for text in SECRET_TEXTS)


@given(personal_events(), st.sampled_from((None, "1.0", "2.0")), st.sampled_from(("fast", "reference")))
def test_violations(event, version, engine):
    """No violation shows personal data of the user, the page or the device, whatever is wrong."""
    assert not shows_secret(validate(event, version=version, engine=engine))
    assert not shows_secret(validate(json.dumps(event).encode(), version=version))


@given(personal_events(), hostile_documents, st.data())
def test_violations_of_broken_documents(event, junk, data):
    """Nor does a violation of a document that is truncated, is not JSON, or has a duplicate key."""
    raw = json.dumps(event).encode()
    cut = data.draw(st.integers(0, len(raw)))
    for broken in (raw[:cut], raw[:cut] + junk, raw[:cut] + raw[cut + 1 :], raw[:-1] + b"," + raw[1:]):
        assert not shows_secret(validate(broken))
        assert not shows_secret(upgrade_violations(broken))


def upgrade_violations(raw):
    """Return the violations for which a document cannot be upgraded."""
    try:
        upgrade_json(raw)
    except InvalidPayload as error:
        return error.violations
    return ()


@pytest.mark.parametrize(
    "event",
    [
        {"integrations": "S3cret-Jane"},
        {"partners": "S3cret-Jane"},
        {"context": {"enrichment": "S3cret-Jane", "dataquality": "S3cret-Jane", "warnings": "S3cret-Jane"}},
        {"event_name": "purchase", "items": "S3cret-Jane"},
    ],
)
def test_strings_instead_of_objects(event):
    """A string in the place of an object or an array may be what belongs into it, and is not shown."""
    found = validate({"event_name": "x", **event})
    assert found
    assert "S3cret" not in repr(found)


def test_models():
    """An error of a model does not show the value, and the repr of a model only the properties that are present."""
    with pytest.raises(ValidationError) as raised:
        User(id=7, email_md5="S3cret-Jane")
    assert "S3cret" not in str(raised.value)
    assert repr(User(id="u")) == "User(id='u')"


@pytest.mark.parametrize("secret", ["jean.leak@priv.example", "+33612345678", "0a" * 32])
def test_personal_values_elsewhere(secret):
    """A value that looks personal is not shown in the place of another value either."""
    context = {"event_id": "e-1", "event_timestamp": secret}
    event = {"event_name": "purchase", "value": secret, "currency": secret, "status": secret, "context": context}
    assert secret not in repr([*validate(event), *lint(event)])
