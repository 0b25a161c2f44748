"""Classes of one's own: they read what their JSON Schema accepts, and send what they would read."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, NamedTuple, TypeVar, Union
from uuid import UUID

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import (
    AliasChoices,
    BaseModel,
    Field,
    FutureDate,
    Json,
    PositiveInt,
    RootModel,
    SecretStr,
    TypeAdapter,
    ValidationError,
    computed_field,
    create_model,
    field_serializer,
    field_validator,
)
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

import tcspec
from payloads import minimal
from tcspec.errors import InvalidPayload, UnreadablePayload, WrongArgument, WrongKeyword
from tcspec.models import MISSING, Context, Item, Login, SourceEvent, Timestamp, User
from tcspec.models.events import envelope
from tcspec.strategies.values import json_values

if TYPE_CHECKING:
    from collections.abc import Iterator

ANY = TypeVar("ANY")


@pytest.fixture(autouse=True)
def own_events():
    """Forget the classes that a test makes."""
    with forgotten():
        yield


@contextmanager
def forgotten() -> Iterator[None]:
    """Forget the classes that are made meanwhile."""
    known = dict(envelope.OWN_EVENTS)
    yield
    envelope.OWN_EVENTS.clear()
    envelope.OWN_EVENTS.update(known)


class Colour(Enum):
    """Values that are strings."""

    RED = "red"
    BLUE = "blue"


class Level(Enum):
    """Values that are numbers."""

    LOW = 1
    HIGH = 2


class Rank(IntEnum):
    """Values that are integers, and integers themselves."""

    FIRST = 1


class Size(StrEnum):
    """Values that are strings themselves."""

    A4 = "A4"


class Guide(BaseModel):
    """A model of pydantic, which knows nothing of tcspec."""

    name: str
    age: int = 30
    friends: list[Guide] = []


class Cat(BaseModel):
    """One branch of a union."""

    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    """Another one."""

    kind: Literal["dog"]
    loud: bool


@dataclass
class Point:
    """A dataclass."""

    x: int
    y: float = 0.0


class Pair(NamedTuple):
    """An array in JSON."""

    left: int
    right: str


class Options(TypedDict):
    """An object in JSON."""

    gift: bool


class Counts(RootModel[list[int]]):
    """A list with a name."""


TYPES = (
    int,
    float,
    bool,
    str,
    Any,
    None,
    PositiveInt,
    Annotated[int, Field(ge=0, multiple_of=2)],
    int | str,
    int | float,
    bool | int,
    str | None,
    int | None,
    Literal[1, 2],
    Literal[True, "yes"],
    Literal["a", "b"],
    Literal[0] | None,
    Colour,
    Level,
    Rank,
    Size,
    Rank | bool,
    list[int],
    set[int],
    frozenset[str],
    tuple[int, bool],
    tuple[int, ...],
    dict[str, int],
    list[dict[str, bool | None]],
    Guide,
    list[Guide],
    Cat | Dog,
    Annotated[Cat | Dog, Field(discriminator="kind")],
    Point,
    Pair,
    Options,
    Counts,
    Item,
    Timestamp,
    Timestamp | MISSING,
)
"""Types of which JSON Schema says everything."""
TEXTS = (date, datetime, time, timedelta, UUID, FutureDate)
"""Types whose values are strings in JSON, of which `format` alone says more; validators may ignore it."""
VALUES = (
    *(None, True, False, 0, 1, 2, -1, 1.0, 1.5, 2**53 + 1, 1718006400, 1718006400000, 10**40),
    *("", "1", "2", "true", "yes", "1.5", "red", "a", "A4", "1718006400", "2024-06-10", "2024-06-10T08:00:00Z", "PT1H"),
    *(
        [],
        [1],
        [1, 1],
        ["1"],
        ["a", "a"],
        [1, True],
        [1, 1.0],
        [1, "a"],
        [1, False],
        ["1", "a"],
        {},
        {"a": 1},
        {"a": "1"},
    ),
    *({"name": "x"}, {"name": "x", "age": "5"}, {"name": "x", "age": 5.0, "friends": [{"name": "y", "age": True}]}),
    *({"kind": "cat", "lives": 9}, {"kind": "cat", "lives": "9"}, {"kind": "dog", "loud": 1}, {"kind": "bird"}),
    *({"x": 1}, {"x": "1"}, {"x": 1, "y": "2"}, {"left": 1, "right": "a"}, {"gift": True}, {"gift": 1}),
    *({"id": "L1", "quantity": 1, "product": {"id": "S"}}, {"id": "L1", "quantity": "1", "product": {"id": "S"}}),
)
json_like = st.one_of(st.sampled_from(VALUES), json_values(st.sampled_from(("a", "name", "age", "x", "kind", "lives"))))


def make(annotation: object, **config: Any) -> type[SourceEvent]:
    """Return the class of the event `own` with a property `x` of a type."""
    properties: Any = {"event_name": (Literal["own"], "own"), "x": (annotation, MISSING)}
    if config:
        base = type("Configured", (SourceEvent,), {"model_config": config, "__module__": __name__})
    with forgotten():
        return create_model("Own", __base__=base if config else SourceEvent, __module__=__name__, **properties)


def build(event: type[SourceEvent], **properties: Any) -> Any:
    """Return an event with what is required."""
    return event(user=User(), context=Context(event_id="e-1", event_timestamp=1718006400000), **properties)


def is_parsed(event: type[SourceEvent], value: object) -> bool:
    """Return whether `parse` accepts a value as the property of an event."""
    envelope.OWN_EVENTS["own"] = event
    try:
        parsed = tcspec.parse(json.dumps(minimal("own") | {"x": value}))
    except InvalidPayload:
        return False
    assert type(parsed) is event
    # What was read is sent, and read again as the same.
    assert tcspec.parse(parsed.to_json()) == parsed
    return True


CLASSES = [(make(annotation), annotation) for annotation in TYPES]


@pytest.mark.parametrize(("event", "annotation"), CLASSES, ids=map(str, TYPES))
def test_read_what_their_schema_accepts(event, annotation):
    """A class accepts a value of a property where its JSON Schema does, parsed, built, and inside of other types."""
    del annotation
    schema = jsonschema_rs.validator_for(event.model_json_schema())
    adapter = TypeAdapter(list[event])
    for value in VALUES:
        payload = minimal("own") | {"x": value}
        expected = schema.is_valid(payload)
        assert is_parsed(event, value) is expected, value
        if expected:
            adapter.validate_python([payload])
            event.model_validate_json(json.dumps(payload))
        else:
            with pytest.raises(ValidationError):
                adapter.validate_python([payload])
            with pytest.raises(ValidationError):
                build(event, x=value)
            with pytest.raises(ValidationError):
                event.model_validate_json(json.dumps(payload))


@given(st.sampled_from(CLASSES), json_like)
@example((make(dict[str, list[int]]), None), {"a": ["5"]})
def test_agree_with_their_schema(drawn, value):
    """`parse` and the JSON Schema of a class of one's own agree on any value of a property."""
    event, _ = drawn
    with forgotten():
        accepted = jsonschema_rs.is_valid(event.model_json_schema(), minimal("own") | {"x": value})
        assert is_parsed(event, value) is accepted


@pytest.mark.parametrize("annotation", TEXTS, ids=str)
def test_dates_and_ids_are_strings(annotation):
    """What is a string with a format to the schema is read from no number, nor from the text of one."""
    event = make(annotation)
    schema = jsonschema_rs.validator_for(event.model_json_schema(), validate_formats=True)
    for value in VALUES:
        if is_parsed(event, value):
            assert isinstance(value, str)
            assert not value.isdecimal()
        else:
            assert (
                not (isinstance(value, str) and schema.is_valid(minimal("own") | {"x": value})) or value == "2024-06-10"
            )


@pytest.mark.parametrize("config", [{"strict": True}, {"strict": False}, {"extra": "forbid"}])
def test_whatever_the_configuration(config):
    """A class that is configured as strict reads dates and objects too, and none is lax by its configuration."""
    event = make(datetime | Guide | int, **config)
    assert is_parsed(event, "2024-06-10T08:00:00Z")
    assert is_parsed(event, {"name": "Ada"})
    assert is_parsed(event, 5)
    assert not is_parsed(event, True)


def test_may_be_lax_on_purpose():
    """A property that is declared as not strict, and one with a validator before it, read what their author wants."""
    assert is_parsed(make(Annotated[int, Field(strict=False)]), "5")

    class Counted(SourceEvent):
        """Something was counted."""

        event_name: Literal["counted"] = "counted"
        x: int

        @field_validator("x", mode="before")
        @classmethod
        def _read(cls, value: object) -> object:
            return int(value) if isinstance(value, str) else value

    assert tcspec.parse(minimal("counted") | {"x": "5"}).x == 5


@pytest.mark.parametrize(
    ("annotation", "value", "sent"),
    [
        (Colour, Colour.RED, "red"),
        (list[Rank], [Rank.FIRST], [1]),
        (Decimal, Decimal("1.50"), "1.50"),
        (datetime, datetime(2024, 6, 10, tzinfo=UTC), "2024-06-10T00:00:00Z"),
        (date, date(2024, 6, 10), "2024-06-10"),
        (timedelta, timedelta(hours=1), "PT1H"),
        (UUID, UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (set[int], {1}, [1]),
        (tuple[int, str], (1, "a"), [1, "a"]),
        (dict[int, str], {1: "a"}, {"1": "a"}),
        (Guide, Guide(name="Ada"), {"name": "Ada", "age": 30, "friends": []}),
        (list[Point], [Point(1, 2.5)], [{"x": 1, "y": 2.5}]),
        (Pair, Pair(1, "a"), [1, "a"]),
        (Counts, Counts([1]), [1]),
        (Json[dict[str, int]], '{"a": 1}', '{"a":1}'),
        (Timestamp, datetime(2024, 6, 10, tzinfo=UTC), 1717977600000),
        (int, 2**80, 2**80),
    ],
    ids=str,
)
def test_send_what_pydantic_writes(annotation, value, sent):
    """A property of any type that pydantic writes as JSON is sent so, and read again."""
    event = build(make(annotation), x=value)
    assert event.to_payload()["x"] == sent
    assert tcspec.validate(event) == []
    assert json.loads(tcspec.guard(event))["x"] == sent
    envelope.OWN_EVENTS["own"] = type(event)
    assert tcspec.parse(event.to_json()) == event


@pytest.mark.parametrize(
    ("annotation", "value"), [(SecretStr, "x"), (bytes, b"\xff"), (Any, [object()]), (float, float("nan"))]
)
def test_refuse_to_send_what_has_no_json_form(annotation, value):
    """A secret, bytes that are no text, and an object that pydantic cannot write are violations at their property."""
    with pytest.raises(UnreadablePayload, match=r"TC01[01] error at /x"):
        build(make(annotation), x=value).to_json()


def test_serializers():
    """A serializer of a class writes its property, a standard one too, and its failure is an error."""

    class ShopLogin(Login):
        """Someone signed in at a shop."""

        shop: str

        @field_serializer("shop", "method")
        def _write(self, value: str) -> str:
            return value.upper().encode("ascii").decode()

    event = build(ShopLogin, shop="Bern", method="card")
    assert (event.to_payload()["shop"], event.to_payload()["method"]) == ("BERN", "CARD")
    event.shop = "Zürich"
    with pytest.raises(ValueError, match="ascii"):
        event.to_payload()


class TestAliases:
    """Names on the wire that are no names in Python."""

    def test_are_read_and_sent(self):
        """A property with an alias has it on the wire only; in Python it is passed by either name."""

        class Booked(SourceEvent):
            """A tour was booked."""

            event_name: Literal["booked"] = "booked"
            tour: str = Field(alias="tour-name")
            grade: int | MISSING = Field(MISSING, alias="class")

        event = build(Booked, tour="Ridge", grade=3)
        assert event == build(Booked, **{"tour-name": "Ridge", "class": 3})
        assert list(event.to_payload())[-2:] == ["tour-name", "class"]
        assert tcspec.parse(event.to_json()) == event
        assert {"tour-name", "class"} < Booked.model_json_schema()["properties"].keys()
        with pytest.raises(InvalidPayload, match="missing required property `tour-name`"):
            tcspec.parse(minimal("booked") | {"tour": "Ridge"})
        with pytest.raises(WrongKeyword, match="did you mean `tour`"):
            build(Booked, tuor="Ridge")
        with pytest.raises(WrongKeyword, match="`tour` and `tour-name` are one property"):
            build(Booked, tour="Ridge", **{"tour-name": "Ridge"})
        with pytest.raises(WrongKeyword, match="`tour-name` in custom"):
            build(Booked, tour="Ridge", custom={"tour-name": "Ridge"})
        assert build(Booked, tour="Ridge", custom={"tour": 1}).to_payload()["tour"] == 1

    @pytest.mark.parametrize(
        ("name", "field", "message"),
        [
            ("x", Field(validation_alias="a", serialization_alias="b"), "one alias of the property `x` of Own"),
            ("x", Field(validation_alias=AliasChoices("a", "b")), "one alias of the property `x` of Own"),
            ("x", Field(serialization_alias="b"), "one alias of the property `x` of Own"),
            ("x", Field(alias="user"), "the property `user` of Own once, got an alias of `x` too"),
            ("test_code", Field(alias="code"), "the property `test_code` of Own by its own name, got the alias `code`"),
        ],
    )
    def test_are_one_a_property(self, name, field, message):
        """A property that is read by another name than it is sent by, and a standard one with an alias, are refused."""
        with pytest.raises(WrongArgument, match=message):
            create_model("Own", __base__=SourceEvent, __module__=__name__, **{name: (str, field)})

    def test_are_not_generated(self):
        """A generator of aliases would rename the standard properties, and is refused."""
        with pytest.raises(WrongArgument, match="an alias_generator"):
            make(int, alias_generator=to_camel)


def test_computed_properties_are_sent():
    """A computed property is sent, is no custom property when it comes back, and cannot be passed."""

    class Counted(SourceEvent):
        """Something was counted."""

        event_name: Literal["counted"] = "counted"
        left: int
        right: int

        @computed_field
        @property
        def total(self) -> int:
            """Return the sum."""
            return self.left + self.right

    event = build(Counted, left=1, right=2, custom={"shop": 3})
    assert event.to_payload()["total"] == 3
    assert tcspec.parse(event.to_json()) == event
    assert tcspec.parse(event.to_json()).custom == {"shop": 3}
    with pytest.raises(WrongKeyword, match="property `total` is computed"):
        build(Counted, left=1, right=2, total=4)
    with pytest.raises(WrongKeyword, match="`total` in custom is a property that is computed"):
        build(Counted, left=1, right=2, custom={"total": 4})


def test_frozen_classes():
    """A frozen event takes neither a property nor custom properties, and its error shows no value."""
    event = build(make(int, frozen=True), x=1)
    for name, value in (("x", 4711), ("custom", {"a": 4711})):
        with pytest.raises(ValidationError, match="frozen") as caught:
            setattr(event, name, value)
        assert "4711" not in str(caught.value)
    assert event.to_payload()["x"] == 1


class TestNames:
    """The names of the events of a class."""

    @pytest.mark.parametrize(
        "annotation",
        [
            Literal["one", "two"],
            Union[Literal["one"], Literal["two"]],  # noqa: PYI030, UP007 - as people write it
            Annotated[Literal["one", "two"], Field(description="Either.")],
            Enum("Names", {"ONE": "one", "TWO": "two"}),
            StrEnum("Names", {"ONE": "one", "TWO": "two"}),
        ],
        ids=str,
    )
    def test_may_be_any_closed_type(self, annotation):
        """A literal, a union of them and an enumeration say which names a class is for."""
        event = create_model(
            "Own", __base__=SourceEvent, __module__=__name__, event_name=(annotation, ...), x=(int, ...)
        )
        for name in ("one", "two"):
            parsed = tcspec.parse(minimal(name) | {"x": 1})
            assert type(parsed) is event
            assert parsed.to_payload()["event_name"] == name

    def test_need_a_type(self):
        """A name that is a class variable, which pydantic does not read, is refused."""
        from typing import ClassVar  # noqa: PLC0415 - the annotation is evaluated here

        with pytest.raises(
            WrongArgument, match=r"a type of `event_name` of Own, `Literal\[...\]`, got a class variable"
        ):
            type("Own", (SourceEvent,), {"__annotations__": {"event_name": ClassVar[str]}, "event_name": "own"})

    def test_of_generic_classes(self):
        """A generic class is one class, whatever its parameters; a subclass of one with parameters takes its place."""

        class Wrapped(SourceEvent, Generic[ANY]):
            """Anything in an event."""

            event_name: Literal["wrapped"] = "wrapped"
            x: ANY

        assert build(Wrapped[int], x=5).to_payload()["x"] == 5
        assert build(Wrapped[str], x="5").to_payload()["x"] == "5"
        assert type(tcspec.parse(minimal("wrapped") | {"x": []})) is Wrapped

        class WrappedInteger(Wrapped[int]):
            """An integer in an event."""

        assert type(tcspec.parse(minimal("wrapped") | {"x": 5})) is WrappedInteger
        with pytest.raises(InvalidPayload, match="valid integer"):
            tcspec.parse(minimal("wrapped") | {"x": "5"})


def test_types_that_are_declared_later():
    """A property of a class that is declared after the event is as strict as any other."""
    code = """
from __future__ import annotations
from typing import Literal
import tcspec
from pydantic import BaseModel
from tcspec.models import SourceEvent
class Booked(SourceEvent):
    event_name: Literal["booked"] = "booked"
    guide: Guide
class Guide(BaseModel):
    age: int
context = {"event_id": "e", "event_timestamp": 1718006400000}
try:
    tcspec.parse({"event_name": "booked", "user": {}, "context": context, "guide": {"age": "5"}})
except tcspec.InvalidPayload as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "TC102 error at /guide/age: Booked: Input should be a valid integer\n"


@pytest.mark.parametrize(
    ("annotation", "value", "message"),
    [
        (tuple[int, str], [1], "TC103 error at /x: Own: missing required item `1`"),
        (
            Annotated[Cat | Dog, Field(discriminator="kind")],
            {"kind": "ada@shop.example"},
            "TC103 error at /x: Own: Input should have one of 'cat', 'dog' as 'kind'",
        ),
        (set[int], [1, 1], "TC103 error at /x: Own: Input should have no item twice"),
    ],
)
def test_messages(annotation, value, message):
    """A violation of a class names what is expected, and never the value."""
    envelope.OWN_EVENTS["own"] = make(annotation)
    with pytest.raises(InvalidPayload) as caught:
        tcspec.parse(minimal("own") | {"x": value})
    assert str(caught.value) == message
