"""Upgrade events from the 1.0 to the 2.0 format, without losing anything.

The table in `changes` says what an upgrade is; `drafting` applies it to Python values or to bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, require_bytes, require_object
from tcspec.upgrades.upgrading import drafted_text, drafted_values

if TYPE_CHECKING:
    from tcspec.upgrades.event_editor import Applied


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The outcome of an upgrade: the event, what was changed, and JSON Patches (RFC 6902) that do and undo it."""

    event: Any
    changes: tuple[Applied, ...]
    patch: list[dict[str, Any]]
    inverse: list[dict[str, Any]]


def upgrade(event: dict[str, Any]) -> dict[str, Any]:
    """Upgrade an event, or each event of a batch, to the canonical 2.0 format.

    Any JSON object has an outcome; what has no place in 2.0 is kept under `context.legacy`. The input is not
    touched, and the result shares with it only what is the same in both. What moves into `context` is nested one or
    two levels deeper than before.

    Raises:
        UnreadablePayload: when the event is no dict.
    """
    return dict(drafted_values(require_object(event)).finished())


def upgrade_json(event: bytes, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Upgrade an event, or each event of a batch, in JSON text to the canonical 2.0 format, in compact JSON text.

    Every value that is not converted comes out byte for byte as it went in, and what needs no change comes out as its
    own bytes. What moves into `context` is nested one or two levels deeper than before, so that an event that was
    nested to the limit is over it afterwards.

    Raises:
        UnreadablePayload: when the text is no JSON object within the limits, or gives a key twice at the root, in an
            event of a batch, or in the objects that are rearranged: `properties`, `context`, `page`, `device`, `user`.
        WrongArgument: when it is not given as bytes.
    """
    return upgrade_text(event, limits).event


@dataclass(frozen=True, slots=True)
class UpgradedText:
    """The JSON text of an upgraded event, and what was changed."""

    event: bytes
    changes: tuple[Applied, ...]


def upgrade_text(event: bytes, limits: Limits = DEFAULT_LIMITS) -> UpgradedText:
    """Upgrade an event as `upgrade_json` does and say what was changed, without the patches.

    Raises:
        UnreadablePayload: as `upgrade_json` does.
    """
    raw = require_bytes(event)
    drafted = drafted_text(raw, limits)
    return UpgradedText(bytes(drafted.finished()) if drafted.is_changed else raw, drafted.applied)


def trace_upgrade(event: dict[str, Any] | bytes) -> Upgrade:
    """Upgrade an event, or each event of a batch, and say what was done to it.

    Raises:
        UnreadablePayload: as `upgrade` and `upgrade_json` do.
    """
    if isinstance(event, bytes | bytearray | memoryview):
        raw = require_bytes(event)
        drafted = drafted_text(raw, DEFAULT_LIMITS)
        after: Any = drafted.finished() if drafted.is_changed else raw
    else:
        drafted = drafted_values(require_object(event))
        after = dict(drafted.finished())
    return Upgrade(after, drafted.applied, drafted.patch(), drafted.inverse())
