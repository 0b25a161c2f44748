"""The 1.0 format: the same events inside `properties`, in the spellings of every year, with nothing asked.

What the vendor required of a property changed over the years, so 1.0 keeps the types of 2.0 and drops the
requirements. What stands inside `properties` is derived from the models of 2.0 by `without_requirements`.
"""

from collections.abc import Mapping
from functools import cache
from inspect import get_annotations
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import MISSING, Field, Strict, WithJsonSchema, create_model

from tcspec.models.constraints import Law, Lawful, OneOf
from tcspec.models.context import Page
from tcspec.models.datetimes import Timestamp
from tcspec.models.device import App, Device, Lifecycle
from tcspec.models.events import EVENTS, Event
from tcspec.models.introspection import own_fields
from tcspec.models.objects import Item, Product, User
from tcspec.models.values import Anything, Text, TextOrInteger, TextOrNumber, about, optional


def without_requirements(
    model: type[Lawful], fields: Mapping[str, Any], *, name: str | None = None, parent: type[Lawful] = Lawful
) -> type[Any]:
    """Derive a model that types its fields as another does, unless told otherwise, and asks for none of them.

    Args:
        model: the model whose own fields are taken.
        fields: the types of fields that come on top or are typed in another way; `None` leaves a field out.
        name: the name of the new model, by default the same.
        parent: the model that the new one extends.
    """
    taken: dict[str, Any] = {}
    for field in own_fields(model):
        known = model.model_fields[field]
        annotation = get_annotations(model)[field]
        default = Field(MISSING, description=known.description, examples=known.examples)
        taken[field] = (annotation | MISSING if known.is_required() else annotation, default)
    told: dict[str, Any] = {field: (kind | MISSING, MISSING) for field, kind in fields.items() if kind is not None}
    kept = {field: how for field, how in taken.items() if field not in fields}
    fields_of_both: dict[str, Any] = kept | told
    derived: type[Lawful] = create_model(
        name or model.__name__, __base__=parent, __doc__=model.__doc__, **fields_of_both
    )
    return derived


_COUNTED = Annotated[TextOrInteger, about("A number, as text in early mobile releases.", 5, "5")]
if TYPE_CHECKING:  # to a type checker, a derived model is the one it is derived from
    LegacyDevice = Device
    LegacyItem = Item
else:
    LegacyDevice = without_requirements(
        Device,
        {
            "lifecycle": without_requirements(Lifecycle, {"visit_number": _COUNTED, "session_number": _COUNTED}),
            "userAgent": Annotated[Text, about("First spelling of user_agent.", "Mozilla/5.0 (X11) Example/1.0")],
            "cookies": Annotated[Text, about("First spelling of cookie.", "lang=fr; theme=dark")],
        },
    )
    LegacyItem = without_requirements(Item, {"product": without_requirements(Product, {})})
_RETYPED: Mapping[str, Any] = MappingProxyType(
    {
        "items": Annotated[
            list[LegacyItem],
            Strict(),
            about("Lines concerned by the event.", [{"product": {"id": "SKU-4711"}}]),
        ],
        "id": Annotated[TextOrNumber, about("Key of the transaction or lead; a number in one guide.", "T-42", 42)],
    }
)


@cache
def properties_of(event: type[Event]) -> type[Lawful]:
    """Derive what 1.0 holds under `properties` for an event of 2.0."""
    own = own_fields(event)
    if event is Event:
        elsewhere = {"event_name": None, "context": None}
        return without_requirements(event, elsewhere, name="EventProperties")
    parent = properties_of(event.__base__)
    if not set(own) - {"event_name", "context", "user"}:
        return parent
    changed = {name: kind for name, kind in _RETYPED.items() if name in own} | {"event_name": None}
    return without_requirements(event, changed, name=f"{event.__name__}Properties", parent=parent)


if TYPE_CHECKING:
    EventProperties = Lawful
else:
    EventProperties = properties_of(Event)


class LegacyEvent(Lawful):
    """An event in the 1.0 format: properties and user inside `properties`, metadata at the root.

    The name is asked for, as `event_name` or in the first spelling `event`. The vendor ended support of the
    format on 2023-08-31 (K013).

    Source: features/sources/sources-catalog/http-tracking-api/http-tracking-api1_0.md
    """

    LAWS: ClassVar[tuple[Law, ...]] = (OneOf("event_name", "event"),)

    event_name: Text | MISSING = optional("Name of the event.", "brochure_downloaded")
    event: Text | MISSING = optional("First spelling of event_name, kept by the web container.", "brochure_downloaded")
    properties: Annotated[
        EventProperties,
        WithJsonSchema({"description": "The properties of the event, and its user."}),  # typed by what extends this
    ]
    user: User | MISSING = MISSING
    """The user, at the root in early Android releases of the present SDK."""
    event_id: Text | MISSING = optional("Unique identifier of the event.", "e-7d9a0c44")
    event_Id: Text | MISSING = optional("Spelling of event_id for a few hours of 2021.", "e-7d9a0c44")  # noqa: N815 - wire name
    eventId: Text | MISSING = optional("First spelling of event_id, kept by the web container.", "e-7d9a0c44")  # noqa: N815 - wire name
    event_timestamp: Timestamp | MISSING = MISSING
    eventTimestamp: Timestamp | MISSING = MISSING  # noqa: N815 - wire name
    version: Anything | MISSING = optional("Version of the format, as the web container sends it.", 1)
    source: Anything | MISSING = optional("Library that sent the event, in a draft of 2021.", {"name": "curl"})
    page: Page | MISSING = MISSING
    device: LegacyDevice | MISSING = MISSING
    app: App | MISSING = MISSING
    locale: Text | MISSING = optional("Language of the browser, in early web events.", "fr-CH")
    userAgent: Text | MISSING = optional("User agent, in early web events.", "Mozilla/5.0 (X11) Example/1.0")  # noqa: N815 - wire name
    ip: Text | MISSING = optional("Address of the client.", "203.0.113.7")
    generatorVersion: Text | MISSING = optional("Version of the generator of the web container.", "68.1")  # noqa: N815 - wire name
    containerVersion: Text | MISSING = optional("Version of the web container.", "3.1")  # noqa: N815 - wire name


class CustomEvent(LegacyEvent):
    """A 1.0 event under a name of your own (K055).

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
            properties=(properties_of(event), ...),
        )
        for name, event in EVENTS.items()
    }
)


def legacy_event_class(payload: Mapping[str, object]) -> type[LegacyEvent]:
    """Give the class of a 1.0 event by its `event_name`, or else by its `event`."""
    name = payload.get("event_name", payload.get("event"))
    return LEGACY_EVENTS.get(name, CustomEvent) if isinstance(name, str) else CustomEvent
