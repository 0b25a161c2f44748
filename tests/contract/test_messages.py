"""Everything wrong with a payload is reported once, with a message in plain words and its source."""

from __future__ import annotations

import base64
import json

import pytest

from broken_payloads import break_payload
from payloads import NAMES, full, full_of, legacy_full, minimal
from strategies.events import iter_paths, replace_value
from tcspec.codes import CODES
from tcspec.contract.engines import iter_fast_errors
from tcspec.contract.messages import build_violations
from tcspec.contract.schemas import load_schema
from tcspec.errors import Basis
from tcspec.json_types import type_name
from tcspec.jsontext.pointer import follow
from tcspec.jsontext.reader import Limits
from tcspec.kinds import EVENT_1_0, EVENT_2_0
from tcspec.validation import validate


def changed(name="brochure_downloaded", without=(), **properties):
    """Build a valid event, remove some properties and add others."""
    event = minimal(name) | properties
    return {key: value for key, value in event.items() if key not in without}


def bought(**properties):
    """Add properties to a valid purchase."""
    return changed("purchase", **properties)


def item(**properties):
    """Add properties to the only item of a valid purchase."""
    return bought(items=[{"id": "L1", "product": {"id": "P1"}, "quantity": 1} | properties])


def played(**properties):
    """Add properties to a valid event of a video."""
    return changed("video_start", **properties)


def user(**properties):
    """Build an event whose user has these properties."""
    return changed(user=properties)


def context(**properties):
    """Add properties to the context of a valid event."""
    return changed(context=minimal()["context"] | properties)


def legacy(name="x", /, properties=None, **root):
    """Build a 1.0 event."""
    return {"event_name": name, "properties": {} if properties is None else properties} | root


MISSING = [
    (changed(without=["user"]), "TC101", "", "user", ["K005", "K028"]),
    (changed(without=["context"]), "TC101", "", "context", ["K005"]),
    (changed(without=["event_name"]), "TC101", "", "event_name", []),
    (bought(without=["id"]), "TC401", "", "id", []),
    (bought(without=["payment_method"]), "TC401", "", "payment_method", ["K059", "K060"]),
    (item(product={}), "TC401", "/items/0/product", "id", []),
    (changed("search", without=["search_term"]), "TC101", "", "search_term", []),
    (played(without=["video_session_id"]), "TC501", "", "video_session_id", []),
    (changed("ad_view", without=["medium"]), "TC601", "", "medium", []),
    ({"event_name": "x"}, "TC101", "", "properties", ["K005"]),
]

EURO = 'did you mean "EUR"?'
BARE, QUOTED, MS = "remove the quotes", "put the number in quotes", "send epoch milliseconds as an integer"
POINT = "write the number with a point, and with digits before and after it, as in 12.5"
ZONE = f"add the time zone, or {MS}"
TIME = "epoch milliseconds or an RFC 3339 date-time with a time zone"
EUR = 'did you mean "EUR"?'
MONEY = "three capital letters (ISO 4217)"
MD5, SHA256 = "32 hexadecimal digits", "64 hexadecimal digits"
IDS = "a string, an array or null"
LOCAL = "2024-06-10T08:00:00"
PHONE = "/context/device/ad_tracking_enabled"

JSON = "this is JSON text in a string: send an array instead"
WRONG = [
    (bought(value="12.5"), "TC402", "/value", "a number", '"12.5"', BARE),
    (bought(value="1e3"), "TC402", "/value", "a number", '"1e3"', BARE),
    (bought(value="12,5"), "TC402", "/value", "a number", '"12,5"', POINT),
    (bought(value="NaN"), "TC402", "/value", "a number", '"NaN"', None),
    (bought(value="[" * 40), "TC402", "/value", "a number", f'"{"[" * 40}"', None),
    (bought(value="1" * 41), "TC402", "/value", "a number", "a string", BARE),
    (bought(value="[" * 5000), "TC402", "/value", "a number", "a string", None),
    (
        bought(value=None),
        "TC402",
        "/value",
        "a number",
        "null",
        "send a value: `value` is required, and null counts as absent",
    ),
    (bought(value=True), "TC402", "/value", "a number", "true", None),
    (bought(status=1), "TC402", "/status", "a string", "1", QUOTED),
    (bought(status=1.5), "TC402", "/status", "a string", "1.5", QUOTED),
    (bought(status=10**20), "TC402", "/status", "a string", "an integer", QUOTED),
    (bought(items="[]"), "TC402", "/items", "an array", "a string", JSON),
    (bought(items={}), "TC402", "/items", "an array", "an object", None),
    (bought(items=[1]), "TC402", "/items/0", "an object", "an integer", None),
    (item(quantity="2"), "TC402", "/items/0/quantity", "a number", '"2"', BARE),
    (bought(currency="eur"), "TC403", "/currency", MONEY, '"eur"', EUR),
    (bought(currency=" EUR\n"), "TC403", "/currency", MONEY, '" EUR\\n"', EUR),
    (bought(currency="euro"), "TC403", "/currency", MONEY, '"euro"', EURO),
    (bought(currency="€"), "TC403", "/currency", MONEY, '"\\u20ac"', EURO),
    (bought(currency="978"), "TC403", "/currency", MONEY, '"978"', EURO),
    (bought(currency=978), "TC402", "/currency", MONEY, "978", EURO),
    (played(cursor_position=-1), "TC503", "/cursor_position", "at least 0", "-1", None),
    (played(cursor_position=-1.0), "TC503", "/cursor_position", "at least 0", "-1.0", None),
    (played(total_length=-5), "TC503", "/total_length", "at least 0 or null", "-5", None),
    (played(total_length=1.5), "TC502", "/total_length", "an integer or null", "1.5", None),
    (played(total_length="5"), "TC502", "/total_length", "an integer or null", '"5"', BARE),
    (played(livestream="false"), "TC502", "/livestream", "a boolean", '"false"', BARE),
    (played(livestream="true"), "TC502", "/livestream", "a boolean", '"true"', BARE),
    (played(livestream="yes"), "TC502", "/livestream", "a boolean", '"yes"', None),
    (played(content_asset_id=["a", 1]), "TC502", "/content_asset_id/1", "a string", "1", QUOTED),
    (played(content_asset_id=True), "TC502", "/content_asset_id", IDS, "true", None),
    (changed(event_name=5), "TC102", "/event_name", "a string", "5", QUOTED),
    (changed(user=5), "TC102", "/user", "an object", "an integer", None),
    (changed(context=5), "TC102", "/context", "an object", "an integer", None),
    (changed(url=5), "TC102", "/url", "a string", "an integer", QUOTED),
    (changed(test_code=5), "TC102", "/test_code", "a string", "an integer", QUOTED),
    (user(email=5), "TC302", "/user/email", "a string", "an integer", QUOTED),
    (user(email_md5="ab"), "TC303", "/user/email_md5", MD5, "a string", None),
    (user(**{"x/y_sha256": "a" * 63 + "g"}), "TC303", "/user/x~1y_sha256", SHA256, "a string", None),
    (user(x_md5="a" * 32 + "\n"), "TC303", "/user/x_md5", MD5, "a string", "write the digits of the hash alone"),
    (context(event_id=5), "TC202", "/context/event_id", "a string", "5", QUOTED),
    (context(site_id=True), "TC202", "/context/site_id", "a string or an integer", "a boolean", None),
    (context(page={"title": []}), "TC202", "/context/page/title", "a string", "an array", None),
    (context(device={"ad_tracking_enabled": "no"}), "TC203", PHONE, 'a boolean, "true" or "false"', "a string", None),
    (context(device={"ad_tracking_enabled": 5}), "TC202", PHONE, "a boolean or a string", "an integer", QUOTED),
    (context(event_timestamp=LOCAL), "TC203", "/context/event_timestamp", TIME, f'"{LOCAL}"', ZONE),
    (context(event_timestamp=-1), "TC203", "/context/event_timestamp", TIME, "-1", f"{MS}: the number is negative"),
    (context(event_timestamp=[]), "TC203", "/context/event_timestamp", TIME, "an array", MS),
    (legacy(event_timestamp="now"), "TC203", "/event_timestamp", TIME, '"now"', MS),
    (legacy(eventTimestamp=True), "TC203", "/eventTimestamp", TIME, "true", MS),
    (legacy(event_id=7), "TC202", "/event_id", "a string", "7", QUOTED),
    (legacy(app=7), "TC202", "/app", "an object", "an integer", None),
    (legacy(device={"userAgent": 7}), "TC202", "/device/userAgent", "a string", "an integer", QUOTED),
    (legacy(locale=7), "TC202", "/locale", "a string", "an integer", QUOTED),
    (legacy(properties=[]), "TC102", "/properties", "an object", "an array", None),
    (legacy(properties={"user": []}), "TC102", "/properties/user", "an object", "an array", None),
    (legacy(properties={"user": {"x_md5": ""}}), "TC303", "/properties/user/x_md5", MD5, "a string", None),
    (legacy("refund", {"currency": "eur"}), "TC403", "/properties/currency", MONEY, '"eur"', EUR),
    (legacy("video_start", {"cursor_position": -1}), "TC503", "/properties/cursor_position", "at least 0", "-1", None),
    ({"event": 5, "properties": {}}, "TC102", "/event", "a string", "5", QUOTED),
]


def only_violation(payload):
    """Return the only violation of an event in the format that its shape shows."""
    [violation] = validate(payload, version="2.0" if "context" in payload or "user" in payload else "1.0")
    return violation


def got(actual):
    """Return how a message describes what was found, given the data of its violation."""
    try:
        value = json.loads(actual)
    except ValueError:
        return actual
    return "null" if value is None else f"the {type_name(value).split(' ')[1]} {actual}"


class TestMissing:
    """Missing properties."""

    @pytest.mark.parametrize(("payload", "code", "pointer", "name", "rows"), MISSING)
    def test_properties(self, payload, code, pointer, name, rows):
        """A missing property is reported at its object, by its name, with the page and the rows that require it."""
        found = only_violation(payload)
        assert (found.code, found.pointer, found.data["property"]) == (code, pointer, name)
        assert found.message == f"missing required property `{name}`"
        page, *cited = found.source.split("; ")
        assert "/" in page
        assert cited == rows

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("items", "an array"), ("value", "a number"), ("status", "a string"), ("user", "an object")],
    )
    def test_expected_type(self, name, expected):
        """A missing property is reported with its type."""
        assert only_violation(bought(without=[name])).data == {"property": name, "expected": expected}

    def test_expected_types(self):
        """A missing property that accepts several types is reported with all of them."""
        assert only_violation(played(without=["content_asset_id"])).data["expected"] == IDS

    def test_alternatives(self):
        """If one of several properties is required, the first is reported as missing, and the others with it."""
        found = only_violation(changed(context={"event_timestamp": 1718006400000}))
        assert (found.code, found.pointer) == ("TC201", "/context")
        assert found.message == "missing required property `event_id` (or `eventId`)"
        assert found.data == {"property": "event_id", "expected": "a string", "alternatives": ["eventId"]}
        assert found.hint is None

    def test_alternatives_in_other_objects(self):
        """An alternative in another object is in the data but not in the message."""
        found = only_violation(changed("page_view", without=["page_type"]))
        assert found.message == "missing required property `page_type` (or `type`)"
        others = ("generatorVersion", "containerVersion", "eventId", "created", "version")
        assert found.data["alternatives"] == ["type", *(f"context.{name}" for name in others)]

    def test_an_alternative_that_is_present_but_invalid(self):
        """An alternative that is present but cannot be read is not called missing."""
        found = only_violation(changed(context={"event_id": "1", "created": "nope"}))
        assert found.message == "missing required property `event_timestamp`"

    def test_of_an_empty_object(self):
        """An object that needs a property of any name is reported as empty."""
        (found,) = validate(full_of("conversion") | {"user": {}}, "conversion")
        assert (found.code, found.pointer) == ("TC801", "/user")
        assert found.message == "expected at least one property, got an empty object"
        assert found.data == {"expected": "at least one property"}

    def test_several(self):
        """Every missing property of an object is reported separately."""
        names = ["currency", "id", "items", "payment_method", "revenue", "status", "type", "value"]
        found = validate(minimal() | {"event_name": "purchase"})
        assert [violation.data["property"] for violation in found] == names
        assert {(violation.code, violation.pointer) for violation in found} == {("TC401", "")}

    @pytest.mark.parametrize("name", ["event_id", "event_timestamp"])
    def test_moved_to_the_root(self, name):
        """If metadata is at the root of a 2.0 event, the hint is to move it into the context."""
        context = minimal()["context"]
        found = only_violation(
            changed(context={key: context[key] for key in context if key != name}, **{name: context[name]})
        )
        assert found.pointer == "/context"
        assert found.hint == f"move `{name}` from the root into `context`"

    def test_did_you_mean(self):
        """A custom property with a name close to that of the missing one is named in the hint."""
        found = only_violation(changed("purchase", without=["payment_method"], payement_method="card"))
        assert found.hint == "`payement_method` is present: did you mean `payment_method`?"
        assert only_violation(changed(without=["user"], usr={})).hint == "`usr` is present: did you mean `user`?"
        assert only_violation(changed("search", without=["search_term"], search="tent")).hint is None

    @pytest.mark.parametrize("name", NAMES)
    def test_standard_properties_are_not_suggested(self, name):
        """A standard property of the event is never taken for a misspelling of a missing one."""
        for missing in set(minimal(name)) - {"event_name"}:
            event = full(name)
            del event[missing]
            assert [found.hint for found in validate(event, version="2.0")] == [None] * len(validate(event))


class TestWrong:
    """Values of the wrong type, and invalid values."""

    @pytest.mark.parametrize(("payload", "code", "pointer", "expected", "actual", "hint"), WRONG)
    def test_properties(self, payload, code, pointer, expected, actual, hint):  # noqa: PLR0913, PLR0917 - a row
        """A wrong value is reported with what is expected, what was found, and how to correct it."""
        found = only_violation(payload)
        assert (found.code, found.pointer) == (code, pointer)
        assert found.data == {"expected": expected, "actual": actual}
        assert found.message == f"expected {expected}, got {got(actual)}"
        assert found.hint == hint

    def test_basis(self):
        """The source is a page of the vendor with the decided rows; the basis may be what its clients do."""
        assert only_violation(user(x_md5="")).source.endswith("/features/sources/sources-catalog/http-tracking-api.md")
        documented = only_violation(context(event_id=5))
        observed = only_violation(changed(context={"eventId": 5, "created": 1718006400000}))
        assert documented.basis is Basis.DOCUMENTED
        assert documented.source.endswith("; K005; K070")
        assert observed.basis is Basis.OBSERVED

    def test_once(self):
        """A value that does not meet several keywords of its schema is reported once."""
        event = bought(currency="euros")
        errors = list(iter_fast_errors(event, EVENT_2_0, "purchase"))
        assert len(errors) > 1
        assert len(build_violations(errors, event, EVENT_2_0)) == 1


ONE_OF_EACH_FAMILY = (
    *("page_view", "purchase", "ad_click"),
    *("video_start", "video_content_start", "video_ad_start", "video_volume"),
)


@pytest.mark.slow
@pytest.mark.parametrize("name", ONE_OF_EACH_FAMILY)
@pytest.mark.parametrize(("version", "made"), [(EVENT_1_0, legacy_full), (EVENT_2_0, full)], ids=["1.0", "2.0"])
def test_every_breach_is_reported(version, made, name):
    """Whatever keyword a value does not meet, the violation has a code, a pointer that resolves, and a source."""
    definition = "".join(map(str.capitalize, name.split("_")))
    broken = list(break_payload(definition, load_schema(version)["$defs"], made(name)))
    assert len(broken) > 50
    for each in broken:
        found = validate(each.payload, version=version.name)
        assert found, each
        for violation in found:
            follow(each.payload, violation.pointer)
            assert violation.code in CODES
            assert violation.source
            assert violation.data["expected"]
            assert "null or null" not in violation.message


PLAIN = "this is an e-mail address in plain text: send its"


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("email_sha256", "ada@shop.example", f"{PLAIN} SHA-256 digest in hexadecimal"),
        ("email_md5", "@", f"{PLAIN} MD5 digest in hexadecimal"),
        ("email_sha256", "0" * 32, "this has the length of MD5: use the property with the suffix `_md5`"),
        ("phone_md5", "F" * 64, "this has the length of SHA-256: use the property with the suffix `_sha256`"),
        ("phone_md5", "f" * 64, "this has the length of SHA-256: use the property with the suffix `_sha256`"),
        ("phone_md5", "g" * 64, None),
        ("phone_md5", "0" * 31, None),
    ],
)
def test_invalid_hashes(name, value, hint):
    """An e-mail address or the other digest in the place of a hash is recognised, and not shown."""
    (violation,) = validate(user(**{name: value}))
    assert (violation.code, violation.hint) == ("TC303", hint)
    assert value not in repr(violation) or value == "@"


STATES = """\
"canceled", "delivered", "in_progress", "partially_delivered", "partially_returned", "partially_shipped", \
"pending_shipment", "returned", "shipped" or "pending"\
"""
LONG = "a string of at most 255 characters"


@pytest.mark.parametrize(
    ("kind", "properties", "pointer", "expected", "actual", "hint"),
    [
        (
            "conversion",
            {"status": "shipeed"},
            "/status",
            STATES,
            '"shipeed"',
            'did you mean "shipped"?',
        ),
        (
            "conversion",
            {"status": "ship"},
            "/status",
            STATES,
            '"ship"',
            None,
        ),
        ("conversion", {"comment": "x" * 1300}, "/comment", LONG, "1,300", None),
        (
            "conversion",
            {"shipping_address": {"full_address": "x" * 256}},
            "/shipping_address/full_address",
            f"{LONG} or null",
            "256",
            None,
        ),
        (
            "conversion",
            {"user": {"consent_categories": ["1", None]}},
            "/user/consent_categories/1",
            "a string or an integer",
            "null",
            None,
        ),
        ("product", {"price": "x"}, "/price", "a number", '"x"', None),
    ],
)
def test_of_other_kinds(kind, properties, pointer, expected, actual, hint):  # noqa: PLR0913, PLR0917 - a row
    """So are limits and closed lists, which only payloads of other kinds have."""
    (found,) = validate(full_of(kind) | properties, kind)
    length_or_value = f"{actual} characters" if LONG in expected else got(actual)
    assert (found.pointer, found.message) == (pointer, f"expected {expected}, got {length_or_value}")
    assert found.data == {"expected": expected, "actual": actual}
    assert found.hint == hint


FULL = [
    *(("event", full(name), None) for name in ("brochure_downloaded", "purchase", "video_start", "video_ad_start")),
    *(("event", legacy_full(name), "1.0") for name in ("brochure_downloaded", "purchase")),
    *((kind, full_of(kind), None) for kind in ("user", "product", "conversion")),
]
ODD = (None, True, "no such word", "", "EUR\n", -1, 1.5, 10**25, [], {}, ["x"], [None], {"a": 1})


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "payload", "version"), FULL, ids=[f"{kind}-{len(each)}" for kind, each, _ in FULL])
def test_every_message_is_built(kind, payload, version):
    """A value of any type at any place of a full payload is valid or gets a message: nothing is ever raised."""
    for path in filter(None, iter_paths(payload)):
        for value in ODD:
            for violation in validate(replace_value(payload, path, value), kind, version):
                assert violation.message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("data", "a payload is at /data: check that, on the command line with --pointer '/data'"),
        ("ada@shop.example", None),
    ],
)
def test_payload_in_an_envelope(name, hint):
    """An object that is only around an event has a hint where the event is, unless that shows a personal name."""
    hints = {each.data.get("property"): each.hint for each in validate({name: minimal()}, "event")}
    assert hints["event_name"] == hint


@pytest.mark.parametrize(
    ("build", "place"),
    [
        (lambda text: {"message": {"data": text, "messageId": "1"}}, "/message/data"),
        (lambda text: {"Records": [{"kinesis": {"data": text}}]}, "/Records/*/kinesis/data"),
        (lambda text: {"ada@shop.example": text}, None),
        (lambda text: {"data": text[:-8]}, None),
        (lambda text: {"data": text + "*"}, None),
        (lambda _: {"data": "eyJhbGciOiJIUzI1NiJ9"}, None),
    ],
)
def test_payload_in_base64(build, place):
    """An object around an event in base64, as message brokers write it, has a hint where that is."""
    text = base64.b64encode(json.dumps(minimal(), indent=1).encode()).decode()
    hints = {each.data.get("property"): each.hint for each in validate(build(text), "event")}
    decode = "decode it first, with base64d and fromjson of jq"
    assert hints["event_name"] == (place and f"a payload is in base64 at {place}: {decode}")


def test_each_code_has_its_limit():
    """So many violations of each code are listed as allowed, and one that stands for the others."""
    found = validate(bought(without=["id", "payment_method"], value="x"), limits=Limits(violations=1))
    assert [(each.code, each.count) for each in found] == [("TC401", 1), ("TC401", 1), ("TC402", 1)]
    assert found[1].message == "and 1 more"


def test_personal_values():
    """A short value that looks personal or secret is not shown, whatever its property."""
    for secret in ("ada@shop.example", "sk_live_4eC39HqLyjWDarjtT1zdp7dc"):
        assert secret not in repr(only_violation(bought(currency=secret)))
