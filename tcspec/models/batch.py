"""Several events in one call."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import PlainValidator, SerializeAsAny, Strict, WithJsonSchema
from typing_extensions import TypeAliasType

from tcspec.models.constraints import Model
from tcspec.models.events import CustomEvent, Event, event_class
from tcspec.models.events.common import Login
from tcspec.models.introspection import build_example
from tcspec.models.values import about

_EVENTS = [
    build_example(Login),
    build_example(CustomEvent) | {"context": {"event_id": "e-7d9a0c45", "event_timestamp": 1718000001500}},
]


def _read(event: object) -> Event:
    if isinstance(event, Event):
        return event
    return event_class(event.get("event_name") if isinstance(event, Mapping) else None).model_validate(event)


AnyEvent = TypeAliasType(
    "AnyEvent",
    Annotated[
        # Otherwise pydantic would write only what `Event` declares.
        SerializeAsAny[Event],
        PlainValidator(_read),
        WithJsonSchema(
            {"type": "object", "description": "An event of any name; its name selects its definition."}
        ),  # published as a dispatch
    ],
)


class BatchEnvelope(Model):
    """The envelope of a batch: the object around its events.

    Source: features/sources/sources-catalog/http-tracking-api.md
    """

    KIND: ClassVar[str | None] = "batch"

    # Any, because events are validated one by one, each by its own definition.
    batch: Annotated[list[Any], Strict(), about("Events in the 2.0 format, in order.", _EVENTS)]


class Batch(BatchEnvelope):
    """Events that are sent in one call; only the size of the body limits their number.

    Source: features/sources/sources-catalog/http-tracking-api.md
    """

    batch: Annotated[list[AnyEvent], Strict(), about("Events in the 2.0 format, in order.", _EVENTS)]
