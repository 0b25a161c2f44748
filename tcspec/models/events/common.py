"""The events that any site or app may send."""

from typing import Annotated, ClassVar, Literal

from pydantic_core import MISSING

from tcspec.models.constraints import AnyOf, Constraint, Present
from tcspec.models.events.envelope import SourceEvent
from tcspec.models.properties import (
    ContentType,
    FormerPageType,
    Method,
    PageName,
    PageTitle,
    PageType,
    PageUrl,
    Path,
    PickedId,
    Referrer,
    SearchTerm,
)
from tcspec.models.values import Info

FAMILY = "common"

_ADDED = "developers/tracking/events-reference/README.md#L1044"

WEB_SIGNS = ("generatorVersion", "containerVersion", "eventId", "created", "version")
"""Properties that only the vendor's web container adds to the context."""


class Login(SourceEvent):
    """The user signed in.

    Source: developers/tracking/events-reference/README.md#L948, #L954
            developers/tracking/events-reference/common-events.md#L88, #L94
    """

    event_name: Literal["login"] = "login"
    method: Method | MISSING = MISSING


class PageView(SourceEvent):
    """A page was seen.

    Its category is required, under its current or its former name (K052), except from the web container, which adds
    it before it sends the event (K053).

    Source: developers/tracking/events-reference/README.md#L1034, #L1040
            developers/tracking/events-reference/common-events.md#L3, #L9
    """

    CONSTRAINTS: ClassVar[tuple[Constraint, ...]] = (
        AnyOf("page_type", "type", *(Present("context", sign) for sign in WEB_SIGNS)),
    )
    RULES: ClassVar[tuple[str, ...]] = ("page_type is filled by web containers since 90.5",)

    event_name: Literal["page_view"] = "page_view"
    page_type: Annotated[PageType | MISSING, Info(missing="error")] = MISSING
    page_name: PageName | MISSING = MISSING
    type: FormerPageType | MISSING = MISSING
    title: Annotated[PageTitle, Info(source=_ADDED)] | MISSING = MISSING
    url: Annotated[PageUrl, Info(source=_ADDED)] | MISSING = MISSING
    path: Annotated[Path, Info(source=_ADDED)] | MISSING = MISSING
    referrer: Annotated[Referrer, Info(source=_ADDED)] | MISSING = MISSING


class Search(SourceEvent):
    """A search was made.

    Source: developers/tracking/events-reference/README.md#L1695, #L1701
            developers/tracking/events-reference/common-events.md#L162, #L168
    """

    event_name: Literal["search"] = "search"
    search_term: SearchTerm


class SelectContent(SourceEvent):
    """A piece of content was selected.

    Source: developers/tracking/events-reference/README.md#L1776, #L1782
            developers/tracking/events-reference/common-events.md#L232, #L238
    """

    event_name: Literal["select_content"] = "select_content"
    content_type: ContentType | MISSING = MISSING
    item_id: PickedId | MISSING = MISSING


class SignUp(SourceEvent):
    """An account was created.

    Source: developers/tracking/events-reference/README.md#L2019, #L2025
            developers/tracking/events-reference/common-events.md#L311, #L317
    """

    event_name: Literal["sign_up"] = "sign_up"
    method: Method | MISSING = MISSING
