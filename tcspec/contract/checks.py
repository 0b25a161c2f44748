"""The quick verdict of a published schema: whether a payload meets it, without a word of why not.

jsonschema-rs answers, with one compiled schema for each event name, and one for what all events have in common.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from tcspec.contract.inlining import Inliner
from tcspec.contract.schemas import CUSTOM_EVENT, definitions_by_event, find_definition, load_schema
from tcspec.jsontext.integers import replace_long_integers
from tcspec.kinds import EVENT_2_0

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tcspec.kinds import Version

    Payload = Mapping[str, Any]
    Check = tuple[Callable[[Payload], bool], tuple[tuple[str, Callable[[Any], bool]], ...]]
    """The functions that tell whether a payload is valid but for some of its members, and by name whether those are."""


def meets_schema(payload: Payload, version: Version, event_name: object) -> bool:
    """Return whether a payload has no error; stop at the first one."""
    return is_met(find_check(version, find_definition(version, event_name)), replace_long_integers(payload))


def is_met(check: Check, payload: Payload) -> bool:
    """Return whether a payload meets the definition of a check."""
    is_valid, members = check
    if not is_valid(payload):
        return False
    for name, is_valid_member in members:  # noqa: SIM110 - a generator takes longer
        if name in payload and not is_valid_member(payload[name]):
            return False
    return True


@lru_cache(maxsize=1024)  # of custom names there is no end
def find_event_check(event_name: str) -> Check:
    """Return what tells whether a payload meets the definition of a 2.0 event with a name."""
    return find_check(EVENT_2_0, definitions_by_event(EVENT_2_0).get(event_name, CUSTOM_EVENT))


@cache
def find_check(version: Version, definition: str) -> Check:
    """Return what tells whether a payload meets a definition, and need not tell why not."""
    inlined = _load_inliner(version).inline_definition(definition)
    properties = inlined.get("properties", {})
    # What is additional depends on the properties beside it.
    is_open = "additionalProperties" not in inlined
    objects = {
        name: each for name, each in properties.items() if is_open and isinstance(each, dict) and "properties" in each
    }
    rest = {name: each for name, each in properties.items() if name not in objects}
    root = {**inlined, "properties": rest} if objects else inlined
    return _compile(json.dumps(root)), tuple((name, _compile(json.dumps(each))) for name, each in objects.items())


@cache
def _load_inliner(version: Version) -> Inliner:
    # One for all events: they refer to the same definitions.
    return Inliner(load_schema(version)["$defs"])


@cache
def _compile(schema: str) -> Callable[[Any], bool]:
    # By their text: `user` and `context` are the same in all events. Compiled once for each event name, they would take
    # megabytes, and not stay in the caches of a processor.
    return jsonschema_rs.Draft202012Validator(schema, offline=True).is_valid
