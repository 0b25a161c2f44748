"""The properties of every event, whatever its name."""

import os
import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic_core import MISSING
from typing_extensions import TypeAliasType

from tcspec.errors import WrongArgument
from tcspec.models.constraints import Model
from tcspec.models.context import Context, Metadata
from tcspec.models.objects import User
from tcspec.models.values import Info, Object, Text, about, optional

OWN_EVENTS: dict[str, type["Event"]] = {}
"""The classes by the names of their events that were made outside tcspec, by subclassing."""
if TYPE_CHECKING:
    EventName: TypeAlias = Any  # of the subclasses, in which a type checker lets no other type than Any become narrower
else:
    EventName = Annotated[Text, about("Name of the event: a standard name or a custom one.", "brochure_downloaded")]
_OPENAPI = ".gitbook/assets/http_tracking_api_spec.yaml"
_INSPECTOR = "features/sources/live-event-inspector.md"
_TIKTOK = "features/destinations/destinations-catalog/tiktok.md"
_FACEBOOK = "features/destinations/destinations-catalog/facebook/facebook-conversions-api.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"


class Event(Model):
    """The properties that any event may have; custom properties are legal everywhere.

    Source: developers/tracking/events-reference/README.md#L15
    """

    KIND: ClassVar[str | None] = "event"
    ALIASES: ClassVar[tuple[str, ...]] = ()
    """Other names of the event on the vendor's pages."""

    RULES: ClassVar[tuple[str, ...]] = ()
    """What the vendor's pages state about the values, without refusing others."""

    event_name: EventName
    user: User | MISSING = MISSING
    context: Annotated[
        Metadata,
        WithJsonSchema({"description": "Context of the event."}),  # the subclasses add the type
    ]
    test_code: Annotated[Text, Info(personal=True, source=_INSPECTOR, rows=("K072",))] | MISSING = optional(
        "Marks a test event; the live inspector displays it without sampling.", "TEST-42"
    )
    partners: Annotated[Object, Info(source=_TIKTOK, rows=("K071",))] | MISSING = optional(
        "Values for a single destination, by the name of the partner.",
        {"tiktok": {"content_type": "product"}},
    )
    integrations: Annotated[Object, Info(source=_FACEBOOK, rows=("K071",))] | MISSING = optional(
        "Older name of partners.", {"facebook": {"event_id": "e-7d9a0c44"}}
    )
    url: Annotated[Text, Info(format="url", personal=True, source=_WEB, rows=("K054",))] | MISSING = optional(
        "URL of the page; the web container adds it.", "https://shop.example/shoes?sort=price"
    )
    title: Annotated[Text, Info(personal=True, source=_WEB, rows=("K054",))] | MISSING = optional(
        "Title of the document; the web container adds it.", "Trail shoes - Northwind Outdoor"
    )
    path: Annotated[Text, Info(personal=True, source=_WEB, rows=("K054",))] | MISSING = optional(
        "Path of the URL; the web container adds it.", "/shoes"
    )
    referrer: Annotated[Text, Info(personal=True, source=_WEB, rows=("K054",))] | MISSING = optional(
        "URL of the previous page; the web container adds it.", "https://shop.example/"
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - as in pydantic
        super().__pydantic_init_subclass__(**kwargs)
        # Those of tcspec are found by their modules, most of which are never imported.
        if not cls.__module__.startswith("tcspec."):
            for name in _names_of(cls):
                _register(name, cls)


def _names_of(event: type[Event]) -> Iterable[str]:
    """Return the names that an event may have, if they are fixed: by its type, with or without a default, or by it."""
    if "event_name" not in event.model_fields:
        raise WrongArgument(f"a type of `event_name` of {event.__name__}, `Literal[...]`", "a class variable")
    # The parameters of a generic class show in no payload.
    if event.__pydantic_generic_metadata__["origin"] is not None:
        return []
    field = event.model_fields["event_name"]
    names = [each.value if isinstance(each, Enum) else each for each in _fixed_values(field.annotation)]
    return [name for name in names or [field.default] if isinstance(name, str)]


def _fixed_values(annotation: Any) -> Iterator[object]:  # noqa: ANN401 - any type
    """Yield the values of a type that is one of some literals, an enumeration, or a union of them."""
    if isinstance(annotation, TypeAliasType):
        yield from _fixed_values(annotation.__value__)
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from annotation
    elif get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in {Union, UnionType, Annotated}:
        for each in get_args(annotation):
            yield from _fixed_values(each)


def _register(name: str, event: type[Event]) -> None:
    known = OWN_EVENTS.setdefault(name, event)
    # A class that is made again, as in a notebook, and a subclass take the place of the one before.
    if _origin(event) != _origin(known) and not issubclass(event, known):
        raise WrongArgument(f"one class for the event `{name}`", f"{_path(event)} beside {_path(known)}")
    OWN_EVENTS[name] = event


def _origin(event: type[Event]) -> tuple[str, str]:
    """Return the file and the name of a class: a program that is imported too makes it twice, also as `__main__`."""
    file = getattr(sys.modules.get(event.__module__), "__file__", None)
    return os.path.realpath(file) if file else event.__module__, event.__qualname__


def _path(event: type[Event]) -> str:
    return f"{event.__module__}.{event.__qualname__}"


class SourceEvent(Event):
    """An event that a source sends, with its user and its context (K005, K028).

    Source: developers/tracking/events-reference/README.md#L15
    """

    user: Annotated[User, Info(source=_OPENAPI, rows=("K005", "K028"))]
    context: Annotated[Context, Info(source=_OPENAPI, rows=("K005",))]


class CustomEvent(SourceEvent):
    """An event with a custom name; only the requirements on every event apply (K055).

    Source: developers/tracking/events-reference/README.md#L39
    """

    if TYPE_CHECKING:
        event_name: str
