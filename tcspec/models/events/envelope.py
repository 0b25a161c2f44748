"""What every event is made of, whatever its name."""

from typing import Annotated, ClassVar

from pydantic import MISSING, WithJsonSchema

from tcspec.models.constraints import Model
from tcspec.models.context import Context, Metadata
from tcspec.models.objects import User
from tcspec.models.values import Info, Object, Text, about, optional

_OPENAPI = ".gitbook/assets/http_tracking_api_spec.yaml"
_INSPECTOR = "features/sources/live-event-inspector.md"
_TIKTOK = "features/destinations/destinations-catalog/tiktok.md"
_FACEBOOK = "features/destinations/destinations-catalog/facebook/facebook-conversions-api.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"


class Event(Model):
    """What any event may carry; custom properties are legal everywhere.

    Source: developers/tracking/events-reference/README.md#L15
    """

    KIND: ClassVar[str | None] = "event"
    ALIASES: ClassVar[tuple[str, ...]] = ()
    """Other spellings of the name that the vendor's pages show."""

    RULES: ClassVar[tuple[str, ...]] = ()
    """What the vendor's wording asks of the values, without refusing others."""

    event_name: Annotated[Text, about("Name of the event: a standard one, or one of your own.", "brochure_downloaded")]
    user: User | MISSING = MISSING
    context: Annotated[
        Metadata,
        WithJsonSchema({"description": "How the event was sent."}),  # typed by what extends this, once
    ]
    test_code: Annotated[Text, Info(source=_INSPECTOR, rows=("K072",))] | MISSING = optional(
        "Marks a test event, shown by the live inspector without sampling.", "TEST-42"
    )
    partners: Annotated[Object, Info(source=_TIKTOK, rows=("K071",))] | MISSING = optional(
        "Values for one destination only, by the name of the partner.",
        {"tiktok": {"content_type": "product"}},
    )
    integrations: Annotated[Object, Info(source=_FACEBOOK, rows=("K071",))] | MISSING = optional(
        "Older spelling of partners.", {"facebook": {"event_id": "e-7d9a0c44"}}
    )
    url: Annotated[Text, Info(format="url", source=_WEB, rows=("K054",))] | MISSING = optional(
        "Full address of the page; the web container adds it.", "https://shop.example/shoes?sort=price"
    )
    title: Annotated[Text, Info(source=_WEB, rows=("K054",))] | MISSING = optional(
        "Title of the document; the web container adds it.", "Trail shoes - Northwind Outdoor"
    )
    path: Annotated[Text, Info(source=_WEB, rows=("K054",))] | MISSING = optional(
        "Path part of the address; the web container adds it.", "/shoes"
    )
    referrer: Annotated[Text, Info(source=_WEB, rows=("K054",))] | MISSING = optional(
        "Address of the previous page; the web container adds it.", "https://shop.example/"
    )


class SourceEvent(Event):
    """An event that a source sends: it says who did it and how it was sent (K005, K028).

    Source: developers/tracking/events-reference/README.md#L15
    """

    user: Annotated[User, Info(source=_OPENAPI, rows=("K005", "K028"))]
    context: Annotated[Context, Info(source=_OPENAPI, rows=("K005",))]


class CustomEvent(SourceEvent):
    """An event under a name of your own; only the envelope binds it (K055).

    Source: developers/tracking/events-reference/README.md#L39
    """
