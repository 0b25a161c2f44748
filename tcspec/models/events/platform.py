"""The events that the platform makes for audience destinations; a source does not send them (K074)."""

from typing import Annotated, Literal

from pydantic import MISSING

from tcspec.models.context import Metadata
from tcspec.models.events.envelope import Event
from tcspec.models.objects import User
from tcspec.models.values import Info

FAMILY = "system"

_AUDIENCES = "features/destinations/destination-builder/javascript-destination-builder/README.md"


class PlatformEvent(Event):
    """An event made by the platform: nothing is asked of its user, nor inside its context.

    Source: features/destinations/destination-builder/javascript-destination-builder/README.md
    """

    user: Annotated[User | MISSING, Info(missing="info", source=_AUDIENCES, rows=("K074",))] = MISSING
    context: Metadata


class UserEntersSegment(PlatformEvent):
    """The platform put a user in a segment.

    Source: features/destinations/destination-builder/javascript-destination-builder/README.md
    """

    event_name: Literal["user_enters_segment"] = "user_enters_segment"


class UserLeavesSegment(PlatformEvent):
    """The platform took a user out of a segment.

    Source: features/destinations/destination-builder/javascript-destination-builder/README.md
    """

    event_name: Literal["user_leaves_segment"] = "user_leaves_segment"
