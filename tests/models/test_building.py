"""Models built in Python: keywords, custom properties, times, and classes of one's own."""

from __future__ import annotations

import inspect
import json
import pickle
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal, get_args
from uuid import UUID

import pytest
from pydantic import PositiveInt, ValidationError

import tcspec
from payloads import minimal
from tcspec import models
from tcspec.errors import InvalidPayload, UnreadablePayload, WrongArgument, WrongKeyword
from tcspec.models import (
    MISSING,
    CatalogProduct,
    Context,
    CustomEvent,
    Item,
    Lifecycle,
    Login,
    MatchingKeys,
    Person,
    Product,
    Purchase,
    SourceEvent,
    User,
    events,
)
from tcspec.models.events import EVENTS, envelope, event_class
from tcspec.models.properties import PAYMENT_METHODS

NOON = datetime(2024, 6, 10, 12, 0, 0, 1500, tzinfo=UTC)
NOON_MS = 1718020800001


@pytest.fixture
def own_events():
    """Forget the classes that a test makes."""
    known = dict(envelope.OWN_EVENTS)
    yield
    envelope.OWN_EVENTS.clear()
    envelope.OWN_EVENTS.update(known)


def purchase(**changes):
    """Return a purchase with what is required, and changes."""
    required = {
        "user": User(id="C-1"),
        "context": Context(event_id="e-1", event_timestamp=NOON_MS),
        "id": "T-1",
        "type": "online",
        "value": 12,
        "revenue": 10.5,
        "payment_method": "card",
        "currency": "EUR",
        "status": "in_progress",
        "items": [Item(id="L1", quantity=1, product=Product(id="SKU-1"))],
    }
    return Purchase(**required | changes)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Purchase(curency="EUR"), "Purchase: unknown property `curency` (did you mean `currency`?)"),
        (lambda: Login(metod="card"), "Login: unknown property `metod` (did you mean `method`?)"),
        (lambda: User(idd="C-1"), "User: unknown property `idd` (did you mean `id`?)"),
        (lambda: User(Email="x"), "User: unknown property `Email` (did you mean `email`?)"),
        (lambda: Context(event_Id="x"), "Context: unknown property `event_Id` (did you mean `event_id`?)"),
        (lambda: Product(colours=["x"]), "Product: unknown property `colours` (did you mean `colors`?)"),
        (
            lambda: Purchase(brochure="B-7"),
            "Purchase: unknown property `brochure` (pass custom properties as custom={'brochure': ...})",
        ),
        (
            lambda: User(phone_sha256="0" * 64),
            "User: unknown property `phone_sha256` (pass custom properties as custom={'phone_sha256': ...})",
        ),
        (
            lambda: User(shop=1, emial="x"),
            (
                "User: unknown property `emial` (did you mean `email`?), "
                "unknown property `shop` (pass custom properties as custom={'shop': ...})"
            ),
        ),
        (
            lambda: User(custom={"email": "x"}),
            "User: `email` in custom is a standard property (pass it as a keyword)",
        ),
        (lambda: Person(tier=1), "Person: unknown property `tier` (pass custom properties as custom={'tier': ...})"),
    ],
)
def test_misspelt_keywords(build, message):
    """A keyword that is no property, or a custom property that is one, is a TypeError that names what is meant."""
    with pytest.raises(WrongKeyword) as caught:
        build()
    assert str(caught.value) == message
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"value": "12"}, ("value",), "Input should be a number"),
        ({"value": True}, ("value",), "Input should be a number"),
        ({"currency": "eur"}, ("currency",), "String should match pattern '^[A-Z]{3}$'"),
        ({"currency": None}, ("currency",), "Input should be a valid string"),
        ({"coupon": 3}, ("coupon",), "Input should be a valid string"),
        ({"status": 3}, ("status",), "Input should be a valid string"),
        ({"currency": MISSING}, ("currency",), "Input should be a valid string"),
        ({"user": "C-1"}, ("user",), "Input should be a valid dictionary or instance of User"),
        ({"items": [Product(id="SKU-1")]}, ("items", 0), "Input should be a valid dictionary or instance of Item"),
        ({"items": Item(id="L1", quantity=1, product=Product(id="S"))}, ("items",), "Input should be a valid list"),
        ({"event_name": "search"}, ("event_name",), "Input should be 'purchase'"),
    ],
)
def test_wrong_values(changes, place, message):
    """A value of a wrong type is an error of pydantic at its property, which does not show the value."""
    with pytest.raises(ValidationError) as caught:
        purchase(**changes)
    error = caught.value.errors()[0]
    assert (error["loc"][: len(place)], error["msg"]) == (place, message)
    assert "input_value" not in str(caught.value)


def test_what_is_required():
    """Every required property that is not given is named at once."""
    with pytest.raises(ValidationError) as caught:
        Purchase(user=User(), context=Context.new(), id="T-1", type="online", items=[])
    missing = {error["loc"][0] for error in caught.value.errors() if error["type"] == "missing"}
    assert missing == {"value", "revenue", "payment_method", "currency", "status"}


@pytest.mark.parametrize(
    ("custom", "message"),
    [
        ([], "expected `custom` as a mapping of custom properties, got an array"),
        (None, "expected `custom` as a mapping of custom properties, got null"),
        ({1: 2}, "expected a string as the name of a custom property, got an integer"),
    ],
)
def test_custom_is_a_mapping_of_names(custom, message):
    """Custom properties are a mapping, and their names are strings."""
    with pytest.raises(WrongArgument) as caught:
        User(custom=custom)
    assert str(caught.value) == message


def test_names_in_messages_are_masked():
    """A keyword that may describe a person, as when a row is passed as keywords, is not printed."""
    with pytest.raises(WrongKeyword) as caught:
        User(**{"ada@shop.example": 1})
    assert "ada@" not in str(caught.value)


def test_custom_properties_are_merged():
    """Custom properties stand beside the others on the wire, at every level, and are read apart."""
    event = purchase(
        custom={"brochure": "B-7", "custom": {"nested": None}},
        user=User(id="C-1", custom={"tier": "gold", "phone_md5": "0" * 32}),
    )
    sent = event.to_payload()
    assert (sent["brochure"], sent["custom"], sent["user"]["tier"]) == ("B-7", {"nested": None}, "gold")
    assert event.custom == {"brochure": "B-7", "custom": {"nested": None}}
    assert purchase().custom == {}
    assert list(sent)[-2:] == ["brochure", "custom"]
    with pytest.raises(ValidationError, match="phone_md5"):
        User(custom={"phone_md5": "x"})


def test_custom_properties_are_replaced_as_a_whole():
    """Custom properties that were read cannot be changed; others can take their place, under the same constraints."""
    user = User(id="C-1", custom={"tier": "gold"})
    with pytest.raises(TypeError):
        user.custom["tier"] = "silver"
    user.custom = {**user.custom, "shop": 3}
    assert user.to_payload() == {"id": "C-1", "tier": "gold", "shop": 3}
    with pytest.raises(WrongKeyword, match="`email` in custom"):
        user.custom = {"email": "x"}
    with pytest.raises(ValidationError, match="phone_md5"):
        user.custom = {"phone_md5": "x"}
    with pytest.raises(WrongKeyword, match="did you mean `email`"):
        user.emial = "x"
    assert user.to_payload() == {"id": "C-1", "tier": "gold", "shop": 3}


def test_custom_of_the_data_apis():
    """Where the vendor has a property `custom`, the keyword and the attribute are that property."""
    product = CatalogProduct(id="SKU-1", custom={"warehouse": "Bern"})
    assert product.to_payload() == {"id": "SKU-1", "custom": {"warehouse": "Bern"}}
    assert product.custom == {"warehouse": "Bern"}
    product.custom = {"warehouse": "Thun"}
    assert product.to_payload()["custom"] == {"warehouse": "Thun"}
    assert MatchingKeys(custom={"crm": "C-1"}).to_payload() == {"crm": "C-1"}


def test_payloads_from_the_wire_keep_any_name():
    """A payload that is parsed keeps a misspelt and a custom property, and one that is named `custom`."""
    payload = minimal("login") | {"metod": "card", "custom": 5, "user": {"emial": "x"}}
    assert tcspec.parse(payload).to_payload() == payload
    assert tcspec.parse(payload).custom == {"metod": "card", "custom": 5}
    assert Login.model_validate(payload) == tcspec.parse(payload)


def test_signatures():
    """The signature of a class has its properties as keywords with plain types, the required ones first."""
    signature = inspect.signature(Purchase)
    parameters = signature.parameters
    assert {each.kind for each in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert list(parameters)[:2] == ["user", "context"]
    assert list(parameters)[-1] == "custom"
    assert parameters["currency"].annotation is str
    assert parameters["currency"].default is inspect.Parameter.empty
    assert parameters["value"].annotation == int | float
    assert (parameters["coupon"].annotation, parameters["coupon"].default) == (str, MISSING)
    assert parameters["items"].annotation == list[Item]
    assert get_args(parameters["payment_method"].annotation) == PAYMENT_METHODS
    assert inspect.signature(Context).parameters["event_timestamp"].annotation == int | float | str | datetime
    for event in EVENTS.values():
        assert {*inspect.signature(event).parameters} == {*event.model_fields, "custom"}
    purchase()
    assert inspect.signature(Purchase) == signature
    assert not hasattr(purchase(), "__signature__")


def test_closed_lists_are_open_to_what_is_parsed():
    """A value that the vendor does not list is only a warning, so a model takes it."""
    assert purchase(payment_method="barter").payment_method == "barter"
    with pytest.raises(ValidationError, match="payment_method"):
        purchase(payment_method=3)


@pytest.mark.parametrize(
    "moment",
    [NOON, NOON.astimezone(timezone(timedelta(hours=5, minutes=30))), NOON_MS],
)
def test_datetimes_are_sent_as_milliseconds(moment):
    """A datetime with a time zone is sent as integer milliseconds, cut toward the past."""
    context = Context(event_id="e-1", event_timestamp=moment)
    assert context.to_payload()["event_timestamp"] == NOON_MS
    assert context == Context(event_id="e-1", event_timestamp=NOON_MS)
    context.event_timestamp = moment + timedelta(seconds=1) if isinstance(moment, datetime) else moment + 1000
    assert context.event_timestamp == NOON_MS + 1000
    lifecycle = Lifecycle(first_visit=moment, last_session_start=0)
    assert lifecycle.to_payload() == {"first_visit": NOON_MS, "last_session_start": 0}


def test_datetimes_of_the_data_apis():
    """The data APIs take no milliseconds: a datetime is sent as RFC 3339 in UTC."""
    product = CatalogProduct(id="SKU-1", availability_date=NOON.astimezone(timezone(timedelta(hours=2))))
    assert product.availability_date == "2024-06-10T12:00:00.001+00:00"
    assert tcspec.validate(product) == []


@pytest.mark.parametrize("moment", [NOON.replace(tzinfo=None), NOON.date(), "noon", datetime(1, 1, 1, tzinfo=UTC)])
def test_other_times_are_refused(moment):
    """A datetime without a time zone, a date, and a time that is out of range are refused at their property."""
    with pytest.raises(ValidationError, match=r"event_timestamp(?s:.*)with a time zone"):
        Context(event_id="e-1", event_timestamp=moment)
    if moment.__class__ is not datetime or moment.tzinfo is None:
        with pytest.raises(ValidationError, match=r"expiration_date(?s:.*)with a time zone"):
            CatalogProduct(id="SKU-1", expiration_date=moment)
        with pytest.raises(ValidationError, match=r"first_visit(?s:.*)with a time zone"):
            Lifecycle(first_visit=moment)


class Nowhere(tzinfo):
    """A zone that knows no offset."""

    def utcoffset(self, _):
        """Return nothing."""


@pytest.mark.parametrize(
    "moment",
    [
        NOON.replace(tzinfo=Nowhere()),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=5))),
    ],
)
def test_datetimes_without_a_time_in_utc_are_refused(moment):
    """A datetime whose zone has no offset, or that is beyond the calendar in UTC, is refused at its property."""
    with pytest.raises(ValidationError, match=r"event_timestamp(?s:.*)with a time zone"):
        Context(event_id="e-1", event_timestamp=moment)
    with pytest.raises(ValidationError, match=r"expiration_date(?s:.*)with a time zone"):
        CatalogProduct(id="SKU-1", expiration_date=moment)


def test_new_contexts():
    """`Context.new` makes an identifier and takes the time; without it both are required."""
    before = time.time_ns() // 10**6
    one, other = Context.new(), Context.new(page=models.Page(lang="fr"), custom={"shop": 3})
    assert UUID(one.event_id).version == 4
    assert one.event_id != other.event_id
    assert before <= one.event_timestamp <= other.event_timestamp <= time.time_ns() // 10**6
    assert other.to_payload() == {
        "event_id": other.event_id,
        "event_timestamp": other.event_timestamp,
        "page": {"lang": "fr"},
        "shop": 3,
    }
    with pytest.raises(ValidationError, match="event_id, eventId"):
        Context()


def test_the_wire_form():
    """`to_json` returns the compact JSON of `to_payload` as bytes; what is not JSON is refused."""
    event = purchase(custom={"city": "Zürich"})
    assert json.loads(event.to_json()) == event.to_payload()
    assert b'"city":"Z\xc3\xbcrich"' in event.to_json()
    assert b" " not in event.to_json()
    assert tcspec.payload_size(event) == len(event.to_json())
    with pytest.raises(UnreadablePayload, match="TC010 error at /when"):
        purchase(custom={"when": NOON}).to_json()


def test_what_events_share_is_built_once():
    """The user and the context are complete before any event is, so that no event builds them again."""
    code = "from tcspec.models import *; print(*[each.__pydantic_complete__ for each in (User, Context, Login)])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "False"]


def test_models_are_copied_and_pickled():
    """A model with custom properties is equal to its copy, and to itself after pickling."""
    event = purchase(custom={"brochure": "B-7"})
    assert event.model_copy(deep=True) == pickle.loads(pickle.dumps(event)) == event  # noqa: S301 - our own


@pytest.mark.usefixtures("own_events")
class TestOwnEvents:
    """Classes of one's own events."""

    def test_are_parsed(self):
        """An event with the name of a class of one's own becomes an object of the class, in a batch too."""

        class BrochureDownloaded(SourceEvent):
            """A brochure was downloaded."""

            event_name: Literal["brochure_downloaded"] = "brochure_downloaded"
            brochure: str
            pages: int | MISSING = MISSING

        event = BrochureDownloaded(user=User(), context=Context.new(), brochure="B-7", custom={"shop": 3})
        assert type(tcspec.parse(event)) is BrochureDownloaded
        assert tcspec.parse(event.to_json()) == event
        assert tcspec.validate(event) == []
        assert tcspec.parse({"batch": [event.to_payload()]}).batch == [event]
        assert type(tcspec.parse(minimal("brochure_read"))) is CustomEvent
        with pytest.raises(WrongKeyword, match="did you mean `brochure`"):
            BrochureDownloaded(brochur="B-7")

    @pytest.mark.parametrize(
        ("properties", "code", "pointer", "message"),
        [
            ({}, "TC101", "", "BrochureRead: missing required property `brochure`"),
            ({"brochure": 3}, "TC102", "/brochure", "BrochureRead: Input should be a valid string"),
            ({"brochure": "x", "pages": [1, -1]}, "TC103", "/pages/1", "BrochureRead: Input should be greater than 0"),
            ({"brochure": "x", "size": "A9"}, "TC103", "/size", "BrochureRead: Input should be 'A4' or 'A5'"),
        ],
    )
    def test_are_refused(self, properties, code, pointer, message):
        """An event that its class refuses is invalid, with a violation at its place, and line and column in text."""

        class BrochureRead(SourceEvent):
            """A brochure was read."""

            event_name: Literal["brochure_read"] = "brochure_read"
            brochure: str
            pages: list[PositiveInt] | MISSING = MISSING
            size: Literal["A4", "A5"] | MISSING = MISSING

        payload = minimal("brochure_read") | properties
        assert tcspec.validate(payload) == []
        with pytest.raises(InvalidPayload) as caught:
            tcspec.parse(json.dumps(payload))
        (violation,) = caught.value.violations
        assert (violation.code, violation.pointer, violation.message) == (code, pointer, message)
        assert violation.line == 1
        assert violation.basis == "inferred"

    def test_extend_standard_events(self):
        """A subclass of a standard event takes its place; a subclass of that one takes its place in turn."""

        class ShopLogin(Login):
            """Someone signed in at a shop."""

            shop: str | MISSING = MISSING

        assert type(tcspec.parse(minimal("login") | {"shop": "Bern"})) is ShopLogin

        class KioskLogin(ShopLogin):
            """Someone signed in at a kiosk."""

            kiosk: int | MISSING = MISSING

        assert type(tcspec.parse(minimal("login"))) is KioskLogin

    def test_are_one_a_name(self):
        """A second class for the same event is refused; the same class again, as in a notebook, is not."""

        def define():
            class Visit(SourceEvent):
                """Someone came."""

                event_name: Literal["visit"] = "visit"

            return Visit

        again = [define(), define()][-1]
        assert type(tcspec.parse(minimal("visit"))) is again
        with pytest.raises(WrongArgument, match="one class for the event `visit`"):

            class Entrance(SourceEvent):
                """Someone came, in other words."""

                event_name: Literal["visit"] = "visit"

    def test_may_be_those_of_a_program_that_is_imported_too(self, tmp_path):
        """A module that runs as a program, and is imported by what it imports, has its classes twice, as in Python."""
        (tmp_path / "visits.py").write_text(
            "import sys\n"
            "from typing import Literal\n"
            "from tcspec.models import SourceEvent\n"
            "class Visit(SourceEvent):\n"
            "    event_name: Literal['visit'] = 'visit'\n"
            "if __name__ == '__main__':\n"
            "    import visits\n"
            "    print(visits.Visit is not Visit)\n",
            encoding="utf-8",
        )
        for arguments in (["-m", "visits"], ["visits.py"]):
            done = subprocess.run(
                [sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert (done.stdout, done.stderr) == ("True\n", "")

    def test_may_have_several_names_and_need_no_default(self):
        """The type of the name says which events a class is of, also when it has no default or several names."""

        class Closed(SourceEvent):
            """A shop was closed."""

            event_name: Literal["shop_closed"]
            shop: str

        class Moved(SourceEvent):
            """A shop was opened or moved."""

            event_name: Literal["shop_opened", "shop_moved"] = "shop_opened"
            shop: str

        for name, expected in (("shop_closed", Closed), ("shop_opened", Moved), ("shop_moved", Moved)):
            event = minimal("login") | {"event_name": name, "shop": "Bern"}
            assert type(tcspec.parse(event)) is expected
            with pytest.raises(InvalidPayload, match=r"TC101 error at the root: .*: missing required property `shop`"):
                tcspec.parse(minimal("login") | {"event_name": name})

    def test_without_a_name_are_for_subclasses(self):
        """A class without a fixed name is a base of others, and no event of its own."""

        class ShopEvent(SourceEvent):
            """Any event of a shop."""

            shop: str

        assert ShopEvent not in envelope.OWN_EVENTS.values()
        assert type(tcspec.parse(minimal())) is CustomEvent


class TestNames:
    """The names of `tcspec.models`."""

    def test_resolve(self):
        """Every name is the object of its module, and every standard event and its objects are there."""
        for name in models.__all__:
            assert getattr(models, name) is getattr(sys.modules[models.MODULES[name]], name)
        assert {event.__name__ for event in EVENTS.values()} < set(models.__all__)
        assert dir(models) == sorted(models.__all__)
        with pytest.raises(AttributeError, match="no attribute 'Purchse'"):
            models.Purchse  # noqa: B018 - the access is the test

    def test_are_those_of_their_events(self):
        """The class of a standard event is found by the name of the event, and by no other spelling of it."""
        for name, event in EVENTS.items():
            assert event_class(name) is getattr(events, event.__name__) is event
            assert event_class(event.__name__) is CustomEvent
        for name in ("custom_event", "source_event", "platform_event", "event", "EVENTS"):
            assert event_class(name) is CustomEvent
        with pytest.raises(AttributeError, match="no attribute 'Purchse'"):
            events.Purchse  # noqa: B018 - the access is the test

    @pytest.mark.parametrize("name", ["Person", "CatalogProduct", "User", "Purchase", "SourceEvent"])
    def test_are_imported_when_used(self, name):
        """Importing one model imports neither the models of other kinds nor those of other events."""
        code = (
            f"import sys; from tcspec.models import {name}; print(*(each for each in sys.modules if 'tcspec' in each))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        imported = set(done.stdout.split())
        others = {"legacy", "pixel", "batch", "publishing", "events.common", "events.video", "events.platform"}
        assert not imported & {f"tcspec.models.{each}" for each in others}
        assert ("tcspec.models.events.ecommerce" in imported) is (name == "Purchase")
        assert ("tcspec.models.events" in imported) is (name in {"Purchase", "SourceEvent"})
