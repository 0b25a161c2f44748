"""Upgrade events from the 1.0 to the 2.0 format without losing anything.

The table in `changes` defines the upgrade; `upgrading` applies it to Python values or to bytes, and `common_events`
does the same to most events in a fraction of the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.arguments import check_arguments
from tcspec.jsontext.encoder import encode, to_json_value
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, require_bytes, require_object
from tcspec.upgrades.common_events import upgrade_common
from tcspec.upgrades.upgrading import upgrade_bytes, upgrade_value

if TYPE_CHECKING:
    from tcspec.upgrades.event_editor import AppliedChange


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The result of an upgrade: the event, its changes, and JSON Patches (RFC 6902) that do and undo them."""

    event: Any
    changes: tuple[AppliedChange, ...]
    patch: list[dict[str, Any]]
    inverse: list[dict[str, Any]]


@check_arguments()
def upgrade(event: object) -> dict[str, Any]:
    """Upgrade an event, or each event of a batch, to the canonical 2.0 format.

    Any JSON object can be upgraded; what has no place in 2.0 is kept under `context.legacy`. The input is not changed,
    and the result shares with it only what is the same in both. What moves into `context` is nested one or two levels
    deeper than before.

    Args:
        event: the event as a dict or a model of tcspec.

    Raises:
        UnreadablePayload: when the event is not an object.
    """
    # A dict of its own: the object that went in is never given back, even when no change is needed.
    return dict(upgrade_value(require_object(to_json_value(event))).build_payload())


@check_arguments(limits=(Limits,))
def upgrade_json(event: object, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Upgrade an event, or each event of a batch, in JSON text to the canonical 2.0 format, in compact JSON text.

    Every value that is not converted stays byte for byte as it was, and a text that needs no change is returned as it
    is. What moves into `context` is nested one or two levels deeper than before, so that an event that was nested to
    the limit exceeds it afterwards.

    Args:
        event: the JSON text as bytes, or a model of tcspec.
        limits: the maximum depth and length of the text.

    Raises:
        UnreadablePayload: when the text is not a JSON object within the limits, or has a duplicate key at the root, in
            an event of a batch, or in an object that is rearranged: `properties`, `context`, `page`, `device`, `user`.
        WrongArgument: when the event is neither bytes nor a model.
    """
    if type(event) is bytes:
        text = event
    else:
        value = to_json_value(event)
        text = require_bytes(value) if value is event else encode(value, limits.depth)
    common = upgrade_common(text, limits)
    return bytes(upgrade_bytes(text, limits).build_payload()) if common is None else common.payload


@check_arguments(limits=(Limits,))
def trace_upgrade(event: object, *, limits: Limits = DEFAULT_LIMITS) -> Upgrade:
    """Upgrade an event, or each event of a batch, and return what was done to it.

    Args:
        event: the event as a dict, as JSON text in bytes, or as a model of tcspec; the upgraded one is a dict or bytes.
        limits: the maximum depth and length of a text.

    Raises:
        UnreadablePayload: as `upgrade` and `upgrade_json` do.
    """
    if isinstance(event, bytes | bytearray | memoryview):
        # Not the quick way, which writes no journal.
        upgrading = upgrade_bytes(require_bytes(event), limits)
        upgraded: Any = upgrading.build_payload()
    else:
        upgrading = upgrade_value(require_object(to_json_value(event)))
        upgraded = dict(upgrading.build_payload())
    return Upgrade(upgraded, upgrading.changes, upgrading.build_patch(), upgrading.build_inverse())
