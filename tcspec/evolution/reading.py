"""JSON Schemas that can be compared: checked, compiled, cut down to what decides, and never fetched from anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema_rs

from tcspec.errors import TcspecError, UnreadablePayload
from tcspec.evolution.keywords import IN_PLACE, OPAQUE, core, every, subschemas
from tcspec.jsontext.encoder import encode
from tcspec.jsontext.pointer import split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DRAFT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect that is compared."""

_CHAIN = 200
"""How many references may lead to one another."""
_SUBSCHEMAS = 50_000
"""How many subschemas a schema may have."""
_ELSEWHERE = re.compile(r"Resource '(.*)' is not present")


@dataclass
class NoSchema(TcspecError, ValueError):  # noqa: N818 - what a user reads is the sentence
    """A value that is no JSON Schema, or none that can be compared without fetching anything."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A whole schema, compiled, and what its references lead to.

    `is_plain` tells whether all references are pointers into it, so that its parts can be looked at one by one;
    `made` are parts that were made up on the way.
    """

    root: Any
    accepts: Callable[[Any], bool]
    targets: Mapping[str, Any]
    is_plain: bool
    made: dict[Any, Any] = field(default_factory=dict)


def read(schema: object) -> Document:
    """Read a JSON value as a schema of draft 2020-12.

    Raises:
        NoSchema: when it is none, refers to what is not in it, or refers to itself without end.
    """
    try:
        encode(schema)
    except UnreadablePayload as error:
        raise NoSchema(f"no JSON Schema: {error.violations[0].message}") from None
    if not isinstance(schema, dict | bool):
        raise NoSchema("no JSON Schema: it is neither an object nor true or false")
    if isinstance(schema, dict) and schema.get("$schema", DRAFT) not in {DRAFT, f"{DRAFT}#"}:
        raise NoSchema(f"only schemas of {DRAFT} can be compared")
    root = core(schema)
    inner = list(every(root))
    if len(inner) > _SUBSCHEMAS:
        raise NoSchema(f"it has more than {_SUBSCHEMAS:,} subschemas")
    references = {each["$ref"] for each in inner if isinstance(each.get("$ref"), str)}
    targets = {reference: found for reference in references if (found := _target(root, reference)) is not None}
    _refuse_endless(targets)
    accepts = _compiled(schema)
    is_plain = targets.keys() == references and not any(OPAQUE & each.keys() for each in inner)
    return Document(root, accepts, targets, is_plain)


def _compiled(schema: dict[str, Any] | bool) -> Callable[[Any], bool]:  # noqa: FBT001 - true and false are schemas
    try:
        return jsonschema_rs.Draft202012Validator(schema, offline=True).is_valid
    except (ValueError, TypeError) as error:
        first = str(error).partition("\n")[0]
        elsewhere = _ELSEWHERE.match(first)
        reason = f"it refers to {elsewhere[1]!r}, and nothing is fetched" if elsewhere else f"no JSON Schema: {first}"
        raise NoSchema(reason) from None


def _target(root: Any, reference: str) -> Any:  # noqa: ANN401 - any part of a schema
    """Follow a reference that is a pointer into the schema; nothing when it is not, or leads to no subschema."""
    if reference != "#" and not reference.startswith("#/"):
        return None
    found = root
    for step in split(unquote(reference[1:])):
        if isinstance(found, dict) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found if isinstance(found, dict | bool) else None


def _refuse_endless(targets: Mapping[str, Any]) -> None:
    """Refuse references that lead back to themselves without going into the payload, and too long chains of them."""
    ahead = {reference: _in_place(target) & targets.keys() for reference, target in targets.items()}
    length = 0
    while ahead:
        ends = {reference for reference, others in ahead.items() if not others & ahead.keys()}
        if not ends:
            raise NoSchema(f"no JSON Schema: {min(ahead)!r} refers to itself without end")
        length += 1
        if length > _CHAIN:
            raise NoSchema(f"more than {_CHAIN} references lead to one another")
        ahead = {reference: others for reference, others in ahead.items() if reference not in ends}


def _in_place(schema: Any) -> set[str]:  # noqa: ANN401 - any part of a schema
    """Give the references of a subschema that are about the same value."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("$ref"), str):
                found.add(each["$ref"])
            waiting.extend(inner for keyword, inner in subschemas(each) if keyword in IN_PLACE)
    return found
