"""The validators that must agree: pydantic, jsonschema-rs, jsonschema, and ajv in `make acceptance`."""

from __future__ import annotations

import atexit
import json
import re
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
from jsonschema.validators import extend
from pydantic import VERSION, ValidationError

from environment import IS_ACCEPTANCE, IS_DEEP
from locations import ROOT, TESTS
from node import find_node
from tcspec.models.batch import Batch
from tcspec.models.data_api import CatalogProduct, Conversion
from tcspec.models.events import event_class
from tcspec.models.legacy import legacy_event_class
from tcspec.models.pixel import pixel_event_class
from tcspec.models.user_api import UserPut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pydantic import BaseModel

    Models = Mapping[str, Callable[[dict[str, Any]], type[BaseModel]]]

SCHEMAS = ROOT / "schemas"
_AJV = TESTS / "acceptance" / "ajv"
_MAX_DOUBLE = 2**53
_NAMES_BRANCHES = tuple(map(int, VERSION.split(".")[:2])) < (2, 14)
"""Whether pydantic adds the branch of a union with MISSING to the location of an error."""

MODELS: Models = {
    "event/1.0": legacy_event_class,
    "event/2.0": lambda payload: event_class(payload.get("event_name")),
    "batch/2.0": lambda _: Batch,
    "pixel/2.0": lambda payload: pixel_event_class(payload.get("event_name")),
    "user/1.0": lambda _: UserPut,
    "product/2.0": lambda _: CatalogProduct,
    "conversion/2.0": lambda _: Conversion,
}
"""Functions that return the model of a payload, by kind and version."""


@cache
def schema(version: str = "2.0", kind: str = "event") -> dict[str, Any]:
    """Load the published schema of a version of a kind."""
    loaded: dict[str, Any] = json.loads((SCHEMAS / kind / f"{version}.json").read_text(encoding="utf-8"))
    return loaded


def definition_schema(name: str, version: str = "2.0", kind: str = "event") -> dict[str, Any]:
    """Return a schema with one definition of a published schema as its root."""
    whole = schema(version, kind)
    return {"$schema": whole["$schema"], "$ref": f"#/$defs/{name}", "$defs": whole["$defs"]}


def is_valid_model(
    payload: dict[str, Any], version: str = "2.0", kind: str = "event", *, models: Models = MODELS
) -> bool:
    """Return whether a payload is valid for its pydantic model."""
    model = models[f"{kind}/{version}"](payload)
    try:
        model.model_validate(payload)
    except ValidationError:
        return False
    return True


def model_error_paths(error: ValidationError, path: tuple[str | int, ...]) -> set[tuple[str | int, ...]]:
    """Return where the errors of a model are, each as long as a path, without the branches of unions."""
    locations = [each["loc"] for each in error.errors()]
    if _NAMES_BRANCHES:
        others = (location for location in locations if "missing-sentinel" not in location)
        locations = [tuple(part for part in location if part in path) for location in others]
    return {location[: len(path)] for location in locations}


@cache
def rust_validator(version: str = "2.0", kind: str = "event") -> jsonschema_rs.Draft202012Validator:
    """Compile a published schema with jsonschema-rs."""
    return jsonschema_rs.Draft202012Validator(schema(version, kind), offline=True)


@cache
def rust_definition_validator(
    name: str, version: str = "2.0", kind: str = "event"
) -> jsonschema_rs.Draft202012Validator:
    """Compile one definition with jsonschema-rs, as the fast engine does."""
    return jsonschema_rs.Draft202012Validator(definition_schema(name, version, kind), offline=True)


def _pattern(validator: Any, pattern: str, instance: Any, _: Any) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "string") and not re.search(_to_python(pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: dict[str, Any], instance: Any, _: Any
) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "object"):
        for pattern, inner in patterns.items():
            for name in filter(re.compile(_to_python(pattern)).search, instance):
                yield from validator.descend(instance[name], inner, path=name, schema_path=pattern)


def _to_python(pattern: str) -> str:
    r"""Write `$` as `\Z`: in JSON Schema it does not match before a line feed at the end."""
    return re.sub(r"\$$", r"\\Z", pattern)


ReferenceValidator = extend(
    jsonschema.Draft202012Validator, {"pattern": _pattern, "patternProperties": _pattern_properties}
)
"""The validator of jsonschema, with the regular expressions of JSON Schema."""


@cache
def reference_validator(version: str = "2.0", kind: str = "event") -> Any:
    """Return a validator of jsonschema for a published schema."""
    return ReferenceValidator(schema(version, kind))


@cache
def _reference_definition_validator(name: str, version: str, kind: str) -> Any:
    return ReferenceValidator(definition_schema(name, version, kind))


def base_of(definition: Mapping[str, Any]) -> str:
    """Return the name of the definition that one of a published schema extends; the empty string for none."""
    references = (branch["$ref"] for branch in definition.get("allOf", ()) if "$ref" in branch)
    return next(references, "").rpartition("/")[2]


def verdicts(payload: dict[str, Any], version: str = "2.0", kind: str = "event") -> set[bool]:
    """Return the distinct verdicts of all validators: one when they agree.

    Only `make acceptance` asks ajv, and only `make deep` asks jsonschema about the whole schema, which take most of the
    time; the hunts of the lab ask both about many payloads.
    """
    name = MODELS[f"{kind}/{version}"](payload).__name__
    found = {
        is_valid_model(payload, version, kind),
        rust_validator(version, kind).is_valid(payload),
        *definition_verdicts(name, payload, version, kind),
    }
    if IS_DEEP:
        found.add(reference_validator(version, kind).is_valid(payload))
    if IS_ACCEPTANCE and fits_doubles(payload):
        found.update(ajv().validate(f"{kind}/{version}", [payload]))
    return found


def definition_verdicts(name: str, payload: object, version: str = "2.0", kind: str = "event") -> set[bool]:
    """Return the distinct verdicts of all validators on a payload of one definition of a published schema."""
    found = {rust_definition_validator(name, version, kind).is_valid(payload)}
    if IS_ACCEPTANCE:
        found.add(_reference_definition_validator(name, version, kind).is_valid(payload))
        if fits_doubles(payload):
            found.update(ajv().validate(f"{kind}/{version}#{name}", [payload]))
    return found


class Ajv:
    """A running ajv in strict mode, which compiles schemas when they are first used."""

    def __init__(self, schemas: Mapping[str, dict[str, Any]]) -> None:
        """Start the process; further schemas than these are the published ones."""
        self._process = subprocess.Popen(
            [find_node(_AJV), "validate.mjs"],
            cwd=_AJV,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._compiled: set[str] = set()
        for name, each in schemas.items():
            self._compile(name, each)

    def _compile(self, name: str, each: dict[str, Any]) -> None:
        self._send({"name": name, "schema": each})
        self._compiled.add(name)

    def _send(self, request: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")

    def validate(self, name: str, payloads: Iterable[object]) -> list[bool]:
        """Return whether payloads are valid for a schema: `kind/version`, or `kind/version#Definition`."""
        if name not in self._compiled:
            contract, _, definition = name.partition("#")
            kind, _, version = contract.partition("/")
            self._compile(name, definition_schema(definition, version, kind) if definition else schema(version, kind))
        requests = [{"name": name, "payload": payload} for payload in payloads]
        for request in requests:
            self._send(request)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.flush()
        return [json.loads(self._process.stdout.readline()) for _ in requests]

    def close(self) -> None:
        """Stop the process."""
        self._process.communicate(timeout=30)


@cache
def ajv() -> Ajv:
    """Return the ajv of this test process, for the published schemas."""
    started = Ajv({})
    atexit.register(started.close)
    return started


def fits_doubles(value: object) -> bool:
    """Return whether JavaScript can represent every integer in a value; ajv reads others as the nearest double."""
    if isinstance(value, dict):
        return all(map(fits_doubles, value.values()))
    if isinstance(value, list):
        return all(map(fits_doubles, value))
    return not isinstance(value, int) or abs(value) <= _MAX_DOUBLE
