"""JSON Schemas of draft 2020-12 with their references resolved, so that they can be compared."""

from __future__ import annotations

import json
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from tcspec.errors import TcspecError
from tcspec.jsontext.pointer import follow, join
from tcspec.personal import mask_pointer, mask_text

DRAFT = "https://json-schema.org/draft/2020-12/schema"
MAX_DEPTH = 100
MAX_SUBSCHEMAS = 100_000
"""How many subschemas a schema may have once its references are resolved: they can double at every level."""
SAME_VALUE = ("allOf", "if", "then", "else", "anyOf", "oneOf", "not")
WHOLE = {
    *("$dynamicRef", "$dynamicAnchor", "dependencies", "dependentSchemas", "propertyNames", "prefixItems", "contains"),
    *("minContains", "maxContains", "unevaluatedItems", "unevaluatedProperties"),
}
"""Keywords that are compared as part of the whole schema only, by jsonschema-rs: the published schemas have none."""
_OMITTED = WHOLE | {"$schema", "$id", "$anchor", "$ref", "$defs", "definitions", "examples", "title", "description"}
Validator = partial(jsonschema_rs.Draft202012Validator, offline=True)


class InvalidSchema(TcspecError, ValueError):  # noqa: N818 - what a user reads is the sentence
    """A JSON value is not a JSON Schema that tcspec can compare."""

    __match_args__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class Subschema(dict[str, Any]):
    """A schema without references and most annotations; its examples are beside it."""

    examples: list[Any] = []  # noqa: RUF012 - never changed

    @cached_property
    def text(self) -> str:
        """Return the schema as JSON text; equal schemas have the same."""
        return json.dumps(self, sort_keys=True)


ANYTHING = Subschema()


def _explain(error: Exception) -> str:
    """Return why content is not a schema, without the wrong value, which may be personal."""
    if isinstance(error, jsonschema_rs.ValidationError) and error.schema_path:
        place = mask_pointer(join(tuple(map(str, error.instance_path)))) or "the root"
        return f"{place} has a value that the draft does not allow there ({error.schema_path[-1]})"
    return mask_text(str(error).partition("\n")[0])


class Schema:
    """A schema of draft 2020-12, its references resolved; whatever is not one raises `InvalidSchema`."""

    def __init__(self, content: Any) -> None:  # noqa: ANN401 - any JSON value
        if not isinstance(content, dict | bool):
            raise InvalidSchema("a schema is an object or a boolean")
        self.content = content if isinstance(content, dict) else {"allOf": [content]}
        self.text = json.dumps(self.content, sort_keys=True)
        if self.content.get("$schema", DRAFT) not in (DRAFT, f"{DRAFT}#"):  # of any type
            raise InvalidSchema(f"only schemas of {DRAFT} can be compared")
        # Below an $id of its own a reference is relative to that, so nothing can be proved about such a schema.
        self.is_exact = '"$id"' not in json.dumps([value for key, value in self.content.items() if key != "$id"])
        self.size = 0
        self.checked = set[str]()
        try:
            self.accepts = Validator(self.content).is_valid
            self.root = self._resolve(self.content, ("#",), 0) if self.is_exact else ANYTHING
        except (LookupError, ValueError) as error:
            raise InvalidSchema(_explain(error)) from None

    def _resolve(self, schema: Any, references: tuple[str, ...], depth: int) -> Subschema:  # noqa: ANN401 - any JSON
        if isinstance(schema, bool):
            return ANYTHING if schema else Subschema({"not": ANYTHING})
        self.size += 1
        if self.size > MAX_SUBSCHEMAS or depth > MAX_DEPTH:
            raise InvalidSchema(f"more than {MAX_SUBSCHEMAS:,} subschemas, or {MAX_DEPTH} levels of them")
        resolve = partial(self._resolve, references=references, depth=depth + 1)
        made = Subschema()
        made.examples = schema.get("examples", [])
        for keyword, value in schema.items():
            if keyword in {"properties", "patternProperties"}:
                made[keyword] = {name: resolve(each) for name, each in value.items()}
            elif keyword in {*SAME_VALUE, "items", "additionalProperties"}:
                made[keyword] = [resolve(each) for each in value] if isinstance(value, list) else resolve(value)
            elif keyword not in _OMITTED:
                made[keyword] = value
        reference = schema.get("$ref", "")
        is_resolvable = reference.startswith("#/") and reference not in references
        self.is_exact &= not WHOLE & schema.keys() and (is_resolvable or not reference)
        if is_resolvable:
            target = follow(self.content, unquote(reference[1:]))
            # It may stand below a key that is no keyword, where the validator has not checked it.
            if reference not in self.checked and not _metaschema().is_valid(target):
                raise InvalidSchema(f"what {reference} refers to is not a schema")
            self.checked.add(reference)
            made["allOf"] = [resolve(target, references=(*references, reference)), *made.get("allOf", [])]
        # A branch that is a reference and nothing else means the same as the reference beside the branches.
        if "allOf" in made:
            branches = (each["allOf"] if each.keys() == {"allOf"} else [each] for each in made["allOf"])
            made["allOf"] = list(chain.from_iterable(branches))
        return made


@lru_cache(maxsize=1)
def _metaschema() -> jsonschema_rs.Draft202012Validator:
    return Validator({"$ref": DRAFT})
