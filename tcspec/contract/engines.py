"""The engines that validate a payload against a published schema, and the errors they find in one common form.

`fast` is jsonschema-rs with one compiled schema per event name, `reference` is jsonschema with the whole schema; both
find the same errors.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs

from tcspec.contract.schemas import build_subschema, find_definition, load_schema, read_published
from tcspec.jsontext.integers import replace_long_integers
from tcspec.jsontext.pointer import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jsonschema.protocols import Validator

    from tcspec.kinds import Version

    Payload = Mapping[str, Any]


class KeywordError(NamedTuple):
    """A keyword of a schema that a part of a payload does not meet.

    `instance_path` leads to the part, `schema_path` to the keyword: from the root of the published schema to where it
    is defined, not along the references that led there.
    """

    instance_path: tuple[str | int, ...]
    schema_path: tuple[str | int, ...]


def iter_fast_errors(payload: Payload, version: Version, event_name: object) -> Iterator[KeywordError]:
    """Yield every error that jsonschema-rs finds."""
    validator = compile_definition(version, find_definition(version, event_name))
    for error in validator.iter_errors(replace_long_integers(payload)):
        yield KeywordError(tuple(error.instance_path), tuple(error.schema_path))


@cache
def compile_definition(version: Version, definition: str) -> jsonschema_rs.Draft202012Validator:
    """Return a validator of jsonschema-rs for one definition of a schema."""
    # One definition: the whole schema of events has a branch for each event name, and takes many times longer.
    return jsonschema_rs.Draft202012Validator(build_subschema(version, definition), offline=True)


def iter_reference_errors(payload: Payload, version: Version, event_name: object) -> Iterator[KeywordError]:
    """Yield every error that jsonschema finds."""
    del event_name  # the whole schema finds the definition by itself
    validator, locations = _reference_validator(version)
    for error in validator.iter_errors(replace_long_integers(payload)):
        yield KeywordError(tuple(error.absolute_path), (*locations[id(error.schema)], str(error.validator)))


@cache
def _reference_validator(version: Version) -> tuple[Validator, dict[int, tuple[str | int, ...]]]:
    # Imported here: it takes half the start-up time of the command line, and only this engine needs it.
    from jsonschema import Draft202012Validator, validators  # noqa: PLC0415

    schema = load_schema(version)
    # jsonschema searches patterns as Python does, which differs at a final line feed.
    strict = validators.extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"pattern": _check_pattern, "patternProperties": _check_pattern_properties}
    )
    return strict(schema), dict(_iter_locations(schema, ()))


def _iter_locations(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[int, tuple[str | int, ...]]]:  # noqa: ANN401
    """Yield the path of every subschema by its identity: jsonschema reports the path along the references."""
    if isinstance(node, dict):
        yield id(node), path
        for key, child in node.items():
            yield from _iter_locations(child, (*path, key))
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _iter_locations(child, (*path, index))


@cache
def _compile_pattern(pattern: str) -> re.Pattern[str]:
    # In Python `$` also matches before a final line feed; in JSON Schema it does not.
    return re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern))


def _check_pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[Any]:  # noqa: ANN401 - jsonschema's signature
    from jsonschema import ValidationError  # noqa: PLC0415 - as in _reference_validator

    if isinstance(instance, str) and not _compile_pattern(pattern).search(instance):
        yield ValidationError(f"does not match {pattern}")


def _check_pattern_properties(
    validator: Any,  # noqa: ANN401 - jsonschema's signature
    patterns: dict[str, Any],
    instance: Any,  # noqa: ANN401
    _: Any,  # noqa: ANN401
) -> Iterator[Any]:
    if isinstance(instance, dict):
        for pattern, subschema in patterns.items():
            for name in filter(_compile_pattern(pattern).search, instance):
                yield from validator.descend(instance[name], subschema, path=name, schema_path=pattern)


FAST = "fast"
ENGINES: Mapping[str, Callable[[Payload, Version, object], Iterator[KeywordError]]] = MappingProxyType(
    {FAST: iter_fast_errors, "reference": iter_reference_errors},
)
"""The function of each engine that yields every error."""


def find_mismatch(document: object, path: str) -> str | None:
    """Return the first error that a published schema finds in a document, and where; None when it is valid.

    Args:
        document: a JSON value.
        path: the path of the schema below the folder of schemas.
    """
    for error in jsonschema_rs.Draft202012Validator(read_published(path), offline=True).iter_errors(document):
        return f"{join(tuple(map(str, error.instance_path))) or 'the root'}: {error.message}"
    return None
