"""The context of an event: identifier, timestamp, page, device, app, and what the platform adds."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Self
from uuid import uuid4

from pydantic import Strict
from pydantic_core import MISSING

from tcspec.models.constraints import AnyOf, Constraint, Model, Present
from tcspec.models.datetimes import Timestamp
from tcspec.models.device import App, Device
from tcspec.models.values import (
    Anything,
    Info,
    Integer,
    Text,
    TextOrInteger,
    TextOrNull,
    TextOrObject,
    optional,
)

_FACEBOOK = "features/destinations/destinations-catalog/facebook/facebook-conversions-api.md"
_ADOBE = "features/destinations/destinations-catalog/adobe/adobe-analytics-data-insertion-api.md"
_MOBILE = "developers/tracking/about-events/mobile-sdk-event-specificity.md"
_WEB = "developers/tracking/about-events/js-sdk-event-specificity.md"
_AUDIENCES = "features/destinations/destination-builder/javascript-destination-builder/README.md"
_RELEASES = "platform-updates/releases-notes.md"


class Viewport(Model):
    """The visible area of a page.

    Source: .gitbook/assets/http_tracking_api_spec.yaml
    """

    width: Annotated[Integer, Info(unit="px")] | MISSING = optional("Width of the area.", 1280)
    height: Annotated[Integer, Info(unit="px")] | MISSING = optional("Height of the area.", 720)


class Page(Model):
    """The page on which the event happened.

    Source: .gitbook/assets/http_tracking_api_spec.yaml
    """

    PERSONAL: ClassVar[bool] = True

    title: Text | MISSING = optional("Title of the document.", "Trail shoes - Northwind Outdoor")
    url: Annotated[Text, Info(format="url", rows=("K068",))] | MISSING = optional(
        "URL of the page.", "https://shop.example/shoes?sort=price"
    )
    lang: Text | MISSING = optional("Language of the page.", "fr")
    referrer: Annotated[TextOrNull, Info(format="url", expected="string", rows=("K119",))] | MISSING = optional(
        "URL of the previous page; null on a direct visit.", "https://shop.example/", None
    )
    viewport: Viewport | MISSING = MISSING
    location: (
        Annotated[TextOrObject, Info(deprecated=True, replaced_by="url", source=_FACEBOOK, rows=("K068",))] | MISSING
    ) = optional("URL in the 1.0 format, as a string or as an object of its parts.", "https://shop.example/shoes")


class Enrichment(Model):
    """The result of the platform's enrichment of the event.

    Source: platform-updates/releases-notes.md
    """

    status: Text | MISSING = optional("Whether enrichment worked.", "ok")


class EnrichmentWarnings(Model):
    """Why the platform could not enrich the event.

    Source: platform-updates/releases-notes.md
    """

    detail: Text | MISSING = optional("Reason of the failure.", "no_data")


class DataQuality(Model):
    """What the platform found wrong according to the workspace's own event specification.

    Source: platform-updates/releases-notes.md
    """

    violations: Annotated[list[Any], Strict()] | MISSING = optional(
        "Violations of the specification.", [{"property": "coupon"}]
    )


class Metadata(Model):
    """The properties of a context, none of them required.

    Source: .gitbook/assets/http_tracking_api_spec.yaml
    """

    event_id: Annotated[Text, Info(missing="error", rows=("K005", "K070"))] | MISSING = optional(
        "Unique identifier of the event; many destinations deduplicate by it.", "e-7d9a0c44"
    )
    eventId: Annotated[Text, Info(basis="observed", replaced_by="event_id")] | MISSING = optional(  # noqa: N815 - wire name
        "Name of event_id in the vendor's web container.", "e-7d9a0c44"
    )
    event_timestamp: Annotated[Timestamp | MISSING, Info(missing="error", rows=("K001", "K002", "K005"))] = MISSING
    # Any type: an unreadable one is no error beside a readable `event_timestamp`.
    created: Annotated[Anything | MISSING, Info(basis="observed")] = optional(
        "When the vendor's web container made the event; replaces event_timestamp if readable.",
        "1718000000000",
    )
    version: Annotated[Anything | MISSING, Info(basis="observed")] = optional(
        "Version of the format, as the vendor's web container sends it.", 2
    )
    page: Page | MISSING = MISSING
    device: Device | MISSING = MISSING
    app: Annotated[App, Info(source=_MOBILE)] | MISSING = MISSING
    generatorVersion: Annotated[Text, Info(source=_WEB, rows=("K066",))] | MISSING = optional(  # noqa: N815 - wire name
        "Version of the generator of the web container.", "91.2"
    )
    containerVersion: Annotated[Text, Info(source=_WEB, rows=("K066",))] | MISSING = optional(  # noqa: N815 - wire name
        "Version of the web container.", "12.4"
    )
    cookie: (
        Annotated[Text, Info(personal=True, replaced_by="device.cookie", source=_FACEBOOK, rows=("K069",))] | MISSING
    ) = optional("Cookies, under a name that only one destination page shows.", "lang=fr; theme=dark")
    site_id: Annotated[TextOrInteger, Info(personal=True, source=_ADOBE)] | MISSING = optional(
        "Number of the site, added by the platform.", 3315
    )
    segment_id: Annotated[Integer, Info(source=_AUDIENCES)] | MISSING = optional(
        "Number of the segment, added by the platform.", 18
    )
    segment_name: Annotated[Text, Info(source=_AUDIENCES)] | MISSING = optional(
        "Name of the segment, added by the platform.", "Loyal hikers"
    )
    enrichment: Annotated[Enrichment, Info(source=_RELEASES)] | MISSING = MISSING
    warnings: Annotated[EnrichmentWarnings, Info(source=_RELEASES)] | MISSING = MISSING
    dataquality: Annotated[DataQuality, Info(source=_RELEASES)] | MISSING = MISSING


class Context(Metadata, defer_build=False):
    """The context of an event: its identifier, its timestamp, and the page, device or app it comes from.

    An identifier is required, as `event_id` or as `eventId`, its name in the web container, and a timestamp, as
    `event_timestamp` or as a readable `created`.

    Source: .gitbook/assets/http_tracking_api_spec.yaml
    """

    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (
        AnyOf("event_id", "eventId"),
        AnyOf("event_timestamp", Present("created", valid_as=Timestamp)),
    )

    @classmethod
    def new(
        cls,
        *,
        page: Page | MISSING = MISSING,
        device: Device | MISSING = MISSING,
        app: App | MISSING = MISSING,
        custom: Mapping[str, Any] = MappingProxyType({}),
    ) -> Self:
        """Return the context of an event that happens now: `event_id` is a new UUID, `event_timestamp` the time."""
        return cls(
            event_id=str(uuid4()),
            event_timestamp=time.time_ns() // 10**6,
            page=page,
            device=device,
            app=app,
            custom=custom,
        )
