"""The four judges that must agree on every payload: pydantic, jsonschema-rs, jsonschema and ajv."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
from jsonschema.validators import extend
from pydantic import ValidationError

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

    from tcspec.models.constraints import Model

    Models = Mapping[str, Callable[[dict[str, Any]], type[Model]]]

SCHEMAS = ROOT / "schemas"
_AJV = TESTS / "acceptance" / "ajv"


MODELS: Models = {
    "event/1.0": legacy_event_class,
    "event/2.0": lambda payload: event_class(payload.get("event_name")),
    "batch/2.0": lambda _: Batch,
    "pixel/2.0": lambda payload: pixel_event_class(payload.get("event_name")),
    "user/1.0": lambda _: UserPut,
    "product/2.0": lambda _: CatalogProduct,
    "conversion/2.0": lambda _: Conversion,
}
"""What gives the model of a payload, by kind and version."""


@cache
def schema(version: str = "2.0", kind: str = "event") -> dict[str, Any]:
    """Load the published schema of a version of a kind."""
    return json.loads((SCHEMAS / kind / f"{version}.json").read_text(encoding="utf-8"))


def of_one_class(name: str, version: str = "2.0", kind: str = "event") -> dict[str, Any]:
    """Cut a published schema down to one of its definitions."""
    whole = schema(version, kind)
    return {"$schema": whole["$schema"], "$ref": f"#/$defs/{name}", "$defs": whole["$defs"]}


def pydantic_accepts(
    payload: dict[str, Any], version: str = "2.0", kind: str = "event", *, models: Models = MODELS
) -> bool:
    """Ask the model of the kind, or of the event's name."""
    model = models[f"{kind}/{version}"](payload)
    try:
        model.model_validate(payload)
    except ValidationError:
        return False
    return True


@cache
def rust(version: str = "2.0", kind: str = "event") -> jsonschema_rs.Draft202012Validator:
    """Compile the whole published schema with jsonschema-rs."""
    return jsonschema_rs.Draft202012Validator(schema(version, kind), offline=True)


@cache
def rust_of(name: str, version: str = "2.0", kind: str = "event") -> jsonschema_rs.Draft202012Validator:
    """Compile one definition with jsonschema-rs, as the judge at run time does."""
    return jsonschema_rs.Draft202012Validator(of_one_class(name, version, kind), offline=True)


def _pattern(validator: Any, pattern: str, instance: Any, _: Any) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "string") and not re.search(_to_the_end(pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: dict[str, Any], instance: Any, _: Any
) -> Iterator[jsonschema.ValidationError]:
    if validator.is_type(instance, "object"):
        for pattern, inner in patterns.items():
            for name in filter(re.compile(_to_the_end(pattern)).search, instance):
                yield from validator.descend(instance[name], inner, path=name, schema_path=pattern)


def _to_the_end(pattern: str) -> str:
    r"""Read `$` as JSON Schema does: at the very end, never before a last line break."""
    return re.sub(r"\$$", r"\\Z", pattern)


Reference = extend(jsonschema.Draft202012Validator, {"pattern": _pattern, "patternProperties": _pattern_properties})


@cache
def reference(version: str = "2.0", kind: str = "event") -> Any:
    """Prepare the whole published schema for jsonschema."""
    return Reference(schema(version, kind))


def verdicts(payload: dict[str, Any], version: str = "2.0", kind: str = "event") -> set[bool]:
    """Ask every judge in Python for its verdict: one answer means that they agree.

    The definition that the judge at run time compiles is that of the model's name.
    """
    name = MODELS[f"{kind}/{version}"](payload).__name__
    return {
        pydantic_accepts(payload, version, kind),
        rust(version, kind).is_valid(payload),
        rust_of(name, version, kind).is_valid(payload),
        reference(version, kind).is_valid(payload),
    }


class Ajv:
    """A running ajv in strict mode, which has compiled some schemas and answers about payloads."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [find_node(_AJV), "judge.mjs"],
            cwd=_AJV,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._send({"schemas": schemas})

    def _send(self, line: object) -> None:
        stream = self._process.stdin
        assert stream is not None
        stream.write(json.dumps(line) + "\n")

    def accepts(self, name: str, payloads: Iterable[Any]) -> list[bool]:
        """Ask about payloads under one of the schemas."""
        asked = [{"schema": name, "payload": payload} for payload in payloads]
        for question in asked:
            self._send(question)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.flush()
        return [json.loads(self._process.stdout.readline()) for _ in asked]

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate(timeout=30)
