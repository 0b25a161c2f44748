"""Find valid 2.0 events, as most payloads are, with one reading and one check; the rest is left to `validation`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tcspec.contract.checks import find_event_check, is_met
from tcspec.jsontext.integers import replace_long_integers
from tcspec.jsontext.quick_reader import UNUSUAL, read_with_notation
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.kinds import EVENT
from tcspec.vendors import find_vendor

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_EVENT: Final = EVENT.size_limit.safe if EVENT.size_limit else 0
"""How many bytes an event may have without a violation."""


def read_event(payload: object) -> Any:  # noqa: ANN401 - any JSON object
    """Read the bytes of a JSON object of the size of an event; return UNUSUAL for anything else."""
    if type(payload) is not bytes or payload[:1] != b"{" or len(payload) > LONGEST_EVENT:
        return UNUSUAL
    return read_with_notation(payload, DEFAULT_LIMITS)[0]


def is_valid_event(event: Mapping[str, Any]) -> bool:
    """Return whether an object is an event in the 2.0 format that meets the schema of its name."""
    # With a context it is neither legacy nor a flat hit.
    if type(event.get("context")) is not dict:
        return False
    name = event.get("event_name")
    return type(name) is str and is_met(find_event_check(name), event)


def is_clean_event(document: Mapping[str, Any], size: int) -> bool:
    """Return whether an event has no violation at all, not even a warning; false too when that takes longer to tell.

    Args:
        document: the event, read strictly.
        size: the bytes of its body.
    """
    return size <= LONGEST_EVENT and is_valid_event(replace_long_integers(document)) and find_vendor(document) is None
