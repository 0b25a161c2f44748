"""The events that the platform makes for audience destinations; sources do not send them (K074)."""

from typing import Annotated, Literal

from pydantic_core import MISSING

from tcspec.models.context import Metadata
from tcspec.models.events.envelope import Event
from tcspec.models.objects import User
from tcspec.models.values import Info

FAMILY = "system"

_AUDIENCES = "features/destinations/destination-builder/javascript-destination-builder/README.md"


class PlatformEvent(Event):
    """An event made by the platform: it needs no user, and nothing in its context is required.

    Source: features/destinations/destination-builder/javascript-destination-builder/README.md
    """

    user: Annotated[User | MISSING, Info(missing="info", source=_AUDIENCES, rows=("K074",))] = MISSING
    context: Metadata


class UserEntersSegment(PlatformEvent):
    """The platform added a user to a segment.

    Source: features/destinations/destination-builder/javascript-destination-builder/README.md
    """

    event_name: Literal["user_enters_segment"] = "user_enters_segment"


class UserLeavesSegment(PlatformEvent):
    """The platform removed a user from a segment.

    Source: features/destinations/destination-builder/javascript-destination-builder/README.md
    """

    event_name: Literal["user_leaves_segment"] = "user_leaves_segment"
