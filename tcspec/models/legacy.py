"""The 1.0 format: the events of 2.0 inside `properties`, with the property names of every year and few requirements.

What the vendor required of a property changed over the years, so the models of 1.0 keep the types of 2.0 and drop the
requirements: `without_requirements` derives the content of `properties` from the models of 2.0.
"""

from collections.abc import Mapping
from functools import cache
from inspect import get_annotations
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, Strict, WithJsonSchema, create_model
from pydantic_core import MISSING

from tcspec.models.constraints import AnyOf, Constraint, Model
from tcspec.models.context import Page
from tcspec.models.datetimes import ReadableTimestamp
from tcspec.models.device import App, Device, Lifecycle
from tcspec.models.events import EVENTS, Event
from tcspec.models.introspection import declared_fields
from tcspec.models.objects import Item, Product, User
from tcspec.models.values import Anything, NumberOrNull, Text, TextOrInteger, TextOrNumber, about, optional


def without_requirements(
    model: type[Model], fields: Mapping[str, Any], *, name: str | None = None, base: type[Model] = Model
) -> type[Any]:
    """Derive a model with the fields that another one declares, all of them optional.

    Args:
        model: the model whose declared fields are copied.
        fields: types of fields to add or to replace; `None` removes a field.
        name: the name of the new model, by default the same.
        base: the base class of the new model.
    """
    derived: dict[str, Any] = {}
    for field_name in declared_fields(model):
        if field_name not in fields:
            field = model.model_fields[field_name]
            annotation = get_annotations(model)[field_name]
            # The default replaces the whole field, and with it what described it.
            default = Field(MISSING, description=field.description, examples=field.examples)
            derived[field_name] = (annotation | MISSING if field.is_required() else annotation, default)
    derived |= {field_name: (each | MISSING, MISSING) for field_name, each in fields.items() if each is not None}
    created: type[Model] = create_model(name or model.__name__, __base__=base, __doc__=model.__doc__, **derived)
    return created


_COUNT = Annotated[TextOrInteger, about("A number; a string in early mobile releases.", 5, "5")]
if TYPE_CHECKING:  # for a type checker a derived model is the one that it is derived from
    LegacyDevice = Device
    LegacyItem = Item
else:
    LegacyDevice = without_requirements(
        Device,
        {
            "lifecycle": without_requirements(Lifecycle, {"visit_number": _COUNT, "session_number": _COUNT}),
            "userAgent": Annotated[Text, about("First name of user_agent.", "Mozilla/5.0 (X11) Example/1.0")],
            "cookies": Annotated[Text, about("First name of cookie.", "lang=fr; theme=dark")],
        },
    )
    LegacyItem = without_requirements(
        Item,
        {
            "id": Annotated[TextOrNumber, about("Identifier of the item; a number in early events.", "L1", 1)],
            "product": without_requirements(
                Product,
                {"id": Annotated[TextOrNumber, about("Identifier of the product; also a number.", "SKU-4711", 4711)]},
            ),
            "quantity": Annotated[NumberOrNull, about("Quantity of the product.", 2)],
        },
    )
_CHANGED: Mapping[str, Any] = MappingProxyType(
    {
        "items": Annotated[
            list[LegacyItem],
            Strict(),
            about("Items of the event.", [{"product": {"id": "SKU-4711"}}]),
        ],
        "id": Annotated[
            TextOrNumber, about("Identifier of the transaction or lead; a number in one guide.", "T-42", 42)
        ],
    }
)
"""The properties of events that have another type in 1.0."""


@cache
def derive_properties(event: type[Event]) -> type[Model]:
    """Derive the model of `properties` in a 1.0 event from the 2.0 event."""
    declared = declared_fields(event)
    if event is Event:
        return without_requirements(event, {"event_name": None, "context": None}, name="EventProperties")
    base = derive_properties(event.__base__)
    # An event that adds nothing to its base has the same properties.
    if not set(declared) - {"event_name", "context", "user"}:
        return base
    changed = {name: each for name, each in _CHANGED.items() if name in declared} | {"event_name": None}
    return without_requirements(event, changed, name=f"{event.__name__}Properties", base=base)


if TYPE_CHECKING:
    EventProperties = Model
else:
    EventProperties = derive_properties(Event)


class LegacyEvent(Model):
    """An event in the 1.0 format: properties and user inside `properties`, metadata at the root.

    A name is required, as `event_name` or as `event`, its first name. The vendor ended support of the format on
    2023-08-31 (K013).

    Source: features/sources/sources-catalog/http-tracking-api/http-tracking-api1_0.md
    """

    KIND: ClassVar[str | None] = "event"
    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (AnyOf("event_name", "event"),)

    event_name: Text | MISSING = optional("Name of the event.", "brochure_downloaded")
    event: Text | MISSING = optional("First name of event_name, kept by the web container.", "brochure_downloaded")
    properties: Annotated[
        EventProperties,
        WithJsonSchema({"description": "Properties of the event, and its user."}),  # the subclasses add the type
    ]
    user: User | MISSING = Field(
        MISSING, description="The user, at the root in early Android releases of the current SDK."
    )
    event_id: Text | MISSING = optional("Unique identifier of the event.", "e-7d9a0c44")
    event_Id: Text | MISSING = optional("Name of event_id for a few hours of 2021.", "e-7d9a0c44")  # noqa: N815 - wire name
    eventId: Text | MISSING = optional("First name of event_id, kept by the web container.", "e-7d9a0c44")  # noqa: N815 - wire name
    event_timestamp: ReadableTimestamp | MISSING = MISSING
    eventTimestamp: ReadableTimestamp | MISSING = MISSING  # noqa: N815 - wire name
    version: Anything | MISSING = optional("Version of the format, as the web container sends it.", 1)
    source: Anything | MISSING = optional("Library that sent the event, in a draft of 2021.", {"name": "curl"})
    page: Page | MISSING = MISSING
    device: LegacyDevice | MISSING = MISSING
    app: App | MISSING = MISSING
    locale: Text | MISSING = optional("Language of the browser, in early web events.", "fr-CH")
    userAgent: Text | MISSING = optional("User agent, in early web events.", "Mozilla/5.0 (X11) Example/1.0")  # noqa: N815 - wire name
    ip: Text | MISSING = optional("IP address of the client.", "203.0.113.7")
    generatorVersion: Text | MISSING = optional("Version of the generator of the web container.", "68.1")  # noqa: N815 - wire name
    containerVersion: Text | MISSING = optional("Version of the web container.", "3.1")  # noqa: N815 - wire name


class CustomEvent(LegacyEvent):
    """A 1.0 event with a custom name (K055).

    Source: features/sources/sources-catalog/http-tracking-api/http-tracking-api1_0.md
    """

    properties: EventProperties


LEGACY_EVENTS: Mapping[str, type[LegacyEvent]] = MappingProxyType(
    {
        name: create_model(
            event.__name__,
            __base__=LegacyEvent,
            __doc__=event.__doc__,
            event_name=(Text | MISSING, optional("Name of the event.", name)),
            properties=(derive_properties(event), ...),
        )
        for name, event in EVENTS.items()
    }
)


def legacy_event_class(payload: Mapping[str, object]) -> type[LegacyEvent]:
    """Return the class of a 1.0 event by its `event_name` or, without one, by its `event`."""
    name = payload.get("event_name", payload.get("event"))
    return LEGACY_EVENTS.get(name, CustomEvent) if isinstance(name, str) else CustomEvent
