"""What is wrong with a payload is told once, in plain words, with who asks for it."""

from __future__ import annotations

import pytest

from breaches import breaches
from payloads import NAMES, full, full_of, legacy_full, minimal
from strategies.events import paths, replaced
from tcspec.codes import CODES
from tcspec.contract.engines import iter_fast_errors
from tcspec.contract.messages import build_violations
from tcspec.contract.schemas import load_schema
from tcspec.errors import Basis
from tcspec.jsontext.pointer import follow
from tcspec.kinds import EVENT_1_0, EVENT_2_0
from tcspec.validation import validate


def changed(name="brochure_downloaded", without=(), **properties):
    """Take a valid event, leave properties out and put others in."""
    event = minimal(name) | properties
    return {key: value for key, value in event.items() if key not in without}


def bought(**properties):
    """Put properties into a valid purchase."""
    return changed("purchase", **properties)


def item(**properties):
    """Put properties into the one item of a valid purchase."""
    return bought(items=[{"id": "L1", "product": {"id": "P1"}, "quantity": 1} | properties])


def played(**properties):
    """Put properties into a valid event of a video."""
    return changed("video_start", **properties)


def user(**properties):
    """Make an event whose user has these properties."""
    return changed(user=properties)


def context(**properties):
    """Put properties into the context of a valid event."""
    return changed(context=minimal()["context"] | properties)


def legacy(name="x", /, properties=None, **root):
    """Make a 1.0 event."""
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

BARE, QUOTED, MS = "write it without quotes", "write it in quotes", "give epoch milliseconds as an integer"
ZONE = "give the time with its zone, or epoch milliseconds as an integer"
TIME = "epoch milliseconds, or another time that names one moment"
MONEY = "three capital letters (ISO 4217)"
MD5, SHA256 = "32 hexadecimal digits", "64 hexadecimal digits"
IDS = "a string or an array or null"
LOCAL = "2024-06-10T08:00:00"
PHONE = "/context/device/ad_tracking_enabled"

WRONG = [
    (bought(value="12.5"), "TC402", "/value", "a number", '"12.5"', BARE),
    (bought(value="1e3"), "TC402", "/value", "a number", '"1e3"', BARE),
    (bought(value="12,5"), "TC402", "/value", "a number", '"12,5"', None),
    (bought(value="NaN"), "TC402", "/value", "a number", '"NaN"', None),
    (bought(value="[" * 40), "TC402", "/value", "a number", f'"{"[" * 40}"', None),
    (bought(value="1" * 41), "TC402", "/value", "a number", "a string", BARE),
    (bought(value="[" * 5000), "TC402", "/value", "a number", "a string", None),
    (bought(value=None), "TC402", "/value", "a number", "null", None),
    (bought(value=True), "TC402", "/value", "a number", "true", None),
    (bought(status=1), "TC402", "/status", "a string", "1", QUOTED),
    (bought(status=1.5), "TC402", "/status", "a string", "1.5", QUOTED),
    (bought(status=10**20), "TC402", "/status", "a string", "an integer", QUOTED),
    (bought(items="[]"), "TC402", "/items", "an array", "a string", None),
    (bought(items={}), "TC402", "/items", "an array", "an object", None),
    (bought(items=[1]), "TC402", "/items/0", "an object", "1", None),
    (item(quantity="2"), "TC402", "/items/0/quantity", "a number", '"2"', BARE),
    (bought(currency="eur"), "TC403", "/currency", MONEY, '"eur"', "write EUR"),
    (bought(currency=" EUR\n"), "TC403", "/currency", MONEY, '" EUR\\n"', "write EUR"),
    (bought(currency="euro"), "TC403", "/currency", MONEY, '"euro"', None),
    (bought(currency="€"), "TC403", "/currency", MONEY, '"\\u20ac"', None),
    (bought(currency="978"), "TC403", "/currency", MONEY, '"978"', None),
    (bought(currency=978), "TC402", "/currency", MONEY, "978", QUOTED),
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
    (changed(test_code=5), "TC102", "/test_code", "a string", "5", QUOTED),
    (user(email=5), "TC302", "/user/email", "a string", "an integer", QUOTED),
    (user(email_md5="ab"), "TC303", "/user/email_md5", MD5, "a string", None),
    (user(**{"x/y_sha256": "a" * 63 + "g"}), "TC303", "/user/x~1y_sha256", SHA256, "a string", None),
    (user(x_md5="a" * 32 + "\n"), "TC303", "/user/x_md5", MD5, "a string", None),
    (context(event_id=5), "TC202", "/context/event_id", "a string", "5", QUOTED),
    (context(site_id=True), "TC202", "/context/site_id", "a string or an integer", "true", None),
    (context(page={"title": []}), "TC202", "/context/page/title", "a string", "an array", None),
    (context(device={"ad_tracking_enabled": "no"}), "TC203", PHONE, 'a boolean or "true" or "false"', "a string", None),
    (context(device={"ad_tracking_enabled": 5}), "TC202", PHONE, "a boolean or a string", "an integer", QUOTED),
    (context(event_timestamp=LOCAL), "TC203", "/context/event_timestamp", TIME, f'"{LOCAL}"', ZONE),
    (context(event_timestamp=-1), "TC203", "/context/event_timestamp", TIME, "-1", MS),
    (context(event_timestamp=[]), "TC203", "/context/event_timestamp", TIME, "an array", MS),
    (legacy(event_timestamp="now"), "TC203", "/event_timestamp", TIME, '"now"', MS),
    (legacy(eventTimestamp=True), "TC203", "/eventTimestamp", TIME, "true", MS),
    (legacy(event_id=7), "TC202", "/event_id", "a string", "7", QUOTED),
    (legacy(app=7), "TC202", "/app", "an object", "7", None),
    (legacy(device={"userAgent": 7}), "TC202", "/device/userAgent", "a string", "an integer", QUOTED),
    (legacy(locale=7), "TC202", "/locale", "a string", "an integer", QUOTED),
    (legacy(properties=[]), "TC102", "/properties", "an object", "an array", None),
    (legacy(properties={"user": []}), "TC102", "/properties/user", "an object", "an array", None),
    (legacy(properties={"user": {"x_md5": ""}}), "TC303", "/properties/user/x_md5", MD5, "a string", None),
    (legacy("refund", {"currency": "eur"}), "TC403", "/properties/currency", MONEY, '"eur"', "write EUR"),
    (legacy("video_start", {"cursor_position": -1}), "TC503", "/properties/cursor_position", "at least 0", "-1", None),
    ({"event": 5, "properties": {}}, "TC102", "/event", "a string", "5", QUOTED),
]


def told(payload):
    """Give the one thing that is wrong with an event of the format that its shape shows."""
    [violation] = validate(payload, version="2.0" if "context" in payload or "user" in payload else "1.0")
    return violation


class TestMissing:
    """What is not there."""

    @pytest.mark.parametrize(("payload", "code", "pointer", "name", "rows"), MISSING)
    def test_properties(self, payload, code, pointer, name, rows):
        """What is missing is told at the object that lacks it, by its name, with the page and the rows that ask."""
        found = told(payload)
        assert (found.code, found.pointer, found.data["property"]) == (code, pointer, name)
        assert found.message == f"`{name}` is missing"
        page, *cited = found.source.split("; ")
        assert "/" in page
        assert cited == rows

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("items", "an array"), ("value", "a number"), ("status", "a string"), ("user", "an object")],
    )
    def test_tell_the_type(self, name, expected):
        """What is missing is told with the type that it should have."""
        assert told(bought(without=[name])).data == {"property": name, "expected": expected}

    def test_tell_every_type(self):
        """What is missing and may be of several types is told with all of them."""
        assert told(played(without=["content_asset_id"])).data["expected"] == IDS

    def test_alternatives(self):
        """Where one of several would do, the first is told as missing and the others with it."""
        found = told(changed(context={"event_timestamp": 1718006400000}))
        assert (found.code, found.pointer) == ("TC201", "/context")
        assert found.message == "`event_id` is missing, and so is `eventId`"
        assert found.data == {"property": "event_id", "expected": "a string", "alternatives": ["eventId"]}
        assert found.hint is None

    def test_alternatives_in_other_objects(self):
        """What would do in another object is in the data, and does not lengthen the message."""
        found = told(changed("page_view", without=["page_type"]))
        assert found.message == "`page_type` is missing, and so is `type`"
        others = ("generatorVersion", "containerVersion", "eventId", "created", "version")
        assert found.data["alternatives"] == ["type", *(f"context.{name}" for name in others)]

    def test_an_alternative_that_is_there_but_will_not_do(self):
        """An alternative that is there and cannot be read is not called missing."""
        found = told(changed(context={"event_id": "1", "created": "nope"}))
        assert found.message == "`event_timestamp` is missing"

    def test_of_an_empty_object(self):
        """An object that may hold anything, but not nothing, is told as empty."""
        (found,) = validate(full_of("conversion") | {"user": {}}, "conversion")
        assert (found.code, found.pointer, found.message) == ("TC801", "/user", "there is no property in it")
        assert found.data == {"expected": "at least one property"}

    def test_several(self):
        """Each missing property of an object is told for itself."""
        names = ["currency", "id", "items", "payment_method", "revenue", "status", "type", "value"]
        found = validate(minimal() | {"event_name": "purchase"})
        assert [violation.data["property"] for violation in found] == names
        assert {(violation.code, violation.pointer) for violation in found} == {("TC401", "")}

    @pytest.mark.parametrize("name", ["event_id", "event_timestamp"])
    def test_moved_to_the_root(self, name):
        """Metadata that stands at the root of a 2.0 event is told where it belongs."""
        context = minimal()["context"]
        found = told(changed(context={key: context[key] for key in context if key != name}, **{name: context[name]}))
        assert found.pointer == "/context"
        assert found.hint == f"move `{name}` from the root into `context`"

    def test_did_you_mean(self):
        """A property that is spelt nearly like the missing one is named."""
        found = told(changed("purchase", without=["payment_method"], payement_method="card"))
        assert found.hint == "did you mean `payment_method` by `payement_method`?"
        assert told(changed(without=["user"], usr={})).hint == "did you mean `user` by `usr`?"
        assert told(changed("search", without=["search_term"], search="tent")).hint is None

    @pytest.mark.parametrize("name", NAMES)
    def test_nothing_else_is_meant(self, name):
        """A property that the event has a use for is never taken for another that is missing."""
        for missing in set(minimal(name)) - {"event_name"}:
            event = full(name)
            del event[missing]
            assert [found.hint for found in validate(event, version="2.0")] == [None] * len(validate(event))


class TestWrong:
    """What is there and should be different."""

    @pytest.mark.parametrize(("payload", "code", "pointer", "expected", "actual", "hint"), WRONG)
    def test_properties(self, payload, code, pointer, expected, actual, hint):  # noqa: PLR0913, PLR0917 - a row
        """What is wrong is told at its place: what is expected, what is there, and how it could be mended."""
        found = told(payload)
        assert (found.code, found.pointer) == (code, pointer)
        assert found.data == {"expected": expected, "actual": actual}
        assert found.message == f"expected {expected}, found {actual}"
        assert found.hint == hint

    def test_basis(self):
        """Who asks is told: a page of the vendor with the rows that were decided, or what its clients do."""
        assert told(user(x_md5="")).source == "features/sources/sources-catalog/http-tracking-api.md"
        asked = told(context(event_id=5))
        done = told(changed(context={"eventId": 5, "created": 1718006400000}))
        assert asked.basis is Basis.DOCUMENTED
        assert asked.source.endswith("; K005; K070")
        assert done.basis is Basis.OBSERVED

    def test_once(self):
        """One value that breaks several keywords of its schema is told once."""
        event = bought(currency="euros")
        failures = list(iter_fast_errors(event, EVENT_2_0, "purchase"))
        assert len(failures) > 1
        assert len(build_violations(failures, event, EVENT_2_0)) == 1


ONE_OF_EACH_FAMILY = (
    *("page_view", "purchase", "ad_click"),
    *("video_start", "video_content_start", "video_ad_start", "video_volume"),
)


@pytest.mark.parametrize("name", ONE_OF_EACH_FAMILY)
@pytest.mark.parametrize(("version", "made"), [(EVENT_1_0, legacy_full), (EVENT_2_0, full)], ids=["1.0", "2.0"])
def test_every_breach_is_told(version, made, name):
    """Whatever keyword of a schema is broken, it is told with a code, a place, words and a source."""
    definition = "".join(map(str.capitalize, name.split("_")))
    broken = list(breaches(definition, load_schema(version)["$defs"], made(name)))
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


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("email_sha256", "ada@shop.example", "this is an e-mail in plain: send its SHA-256 hash here, in hexadecimal"),
        ("email_md5", "@", "this is an e-mail in plain: send its MD5 hash here, in hexadecimal"),
        ("email_sha256", "0" * 32, "this has the length of MD5, send it under that name"),
        ("phone_md5", "F" * 64, "this has the length of SHA-256, send it under that name"),
        ("phone_md5", "f" * 64, "this has the length of SHA-256, send it under that name"),
        ("phone_md5", "g" * 64, None),
        ("phone_md5", "0" * 31, None),
    ],
)
def test_hashes_that_are_none(name, value, hint):
    """A plain e-mail where a hash should be, or a hash of the other sort, is recognised, and not shown."""
    (violation,) = validate(user(**{name: value}))
    assert (violation.code, violation.hint) == ("TC303", hint)
    assert value not in repr(violation) or value == "@"


STATES = "canceled, delivered, in_progress, partially_delivered, partially_returned, partially_shipped"
LONG = "a text of at most 255 characters"


@pytest.mark.parametrize(
    ("kind", "properties", "pointer", "expected", "actual", "hint"),
    [
        (
            "conversion",
            {"status": "shipeed"},
            "/status",
            f"one of {STATES}, pending_shipment, returned, shipped, pending",
            '"shipeed"',
            "did you mean shipped?",
        ),
        (
            "conversion",
            {"status": "ship"},
            "/status",
            f"one of {STATES}, pending_shipment, returned, shipped, pending",
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
    """So is what is wrong with payloads of other kinds, with the limits and the lists that only these have."""
    (found,) = validate(full_of(kind) | properties, kind)
    assert (found.pointer, found.message) == (pointer, f"expected {expected}, found {actual}")
    assert found.data == {"expected": expected, "actual": actual}
    assert found.hint == hint


FULL = [
    *(("event", full(name), None) for name in ("brochure_downloaded", "purchase", "video_start", "video_ad_start")),
    *(("event", legacy_full(name), "1.0") for name in ("brochure_downloaded", "purchase")),
    *((kind, full_of(kind), None) for kind in ("user", "product", "conversion")),
]
ODD = (None, True, "no such word", "", "EUR\n", -1, 1.5, 10**25, [], {}, ["x"], [None], {"a": 1})


@pytest.mark.parametrize(("kind", "payload", "version"), FULL, ids=[f"{kind}-{len(each)}" for kind, each, _ in FULL])
def test_whatever_is_wrong_is_told(kind, payload, version):
    """A value of any type at any place of a full payload is told in words, or is right: nothing is ever raised."""
    for path in filter(None, paths(payload)):
        for value in ODD:
            for violation in validate(replaced(payload, path, value), kind, version):
                assert violation.message
