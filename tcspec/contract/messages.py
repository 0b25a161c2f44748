"""Build violations from the errors of an engine: each with code, message, hint, basis and source, and each once.

A message shows a value only if it helps and `may_show` allows it; long strings and long numbers are never shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.codes import MISSING, OTHER_UNIT, WRONG_TYPE, WRONG_VALUE, contract_code
from tcspec.contract.catalogue import find_entry, find_family, is_required
from tcspec.contract.corrections import NOTHING, Correction, correct_name, correct_place, correct_value
from tcspec.contract.counting import ViolationCounter
from tcspec.contract.privacy import may_show
from tcspec.contract.schemas import load_schema
from tcspec.contract.timestamp_messages import correct_date_time, explain_timestamp, is_in_other_unit
from tcspec.envelopes import explain_base64, find_payload
from tcspec.errors import Basis, Violation
from tcspec.json_types import NAMES, is_number, type_name
from tcspec.jsontext.pointer import join
from tcspec.vendors import find_vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tcspec.codes import Code
    from tcspec.contract.engines import KeywordError
    from tcspec.kinds import Version

    Path = tuple[str | int, ...]

_MAX_LENGTH_SHOWN, _MAX_NUMBER_SHOWN = 40, 10**20
_ENVELOPE_PAGE = "features/sources/sources-catalog/http-tracking-api.md"
_ANYTHING = MappingProxyType({"type": list(NAMES)})
_TIMESTAMPS = frozenset({"Timestamp", "ReadableTimestamp"})
_CHARACTERS = " characters"

_EXPECTED = MappingProxyType(
    {
        "Timestamp": "epoch milliseconds or an RFC 3339 date-time with a time zone",
        "ReadableTimestamp": "epoch milliseconds or an RFC 3339 date-time with a time zone",
        "Currency": "three capital letters (ISO 4217)",
        "Md5Hex": "32 hexadecimal digits",
        "Sha256Hex": "64 hexadecimal digits",
        "BulkDateTime": "a date and time with a time zone, such as 2024-06-10T08:13:20+02:00",
    }
)
"""What is expected of a value of a definition, whichever of its keywords the value does not meet."""


def build_violations(
    errors: Iterable[KeywordError],
    payload: Mapping[str, Any],
    version: Version,
    counter: ViolationCounter | None = None,
) -> list[Violation]:
    """Build the violations from the errors that an engine found in a payload: one per wrong thing.

    All of them are counted, and only those are built that the counter admits.
    """
    counter = counter or ViolationCounter(None)
    seen: set[tuple[str, Path, str | None]] = set()
    violations: list[Violation] = []
    # The engines find `required` once for each name that is missing, and one error has all of them here.
    for error in dict.fromkeys(errors):
        for problem in _find_problems(error, payload, version):
            # A definition and what it extends may require the same thing.
            key = problem.code.id, problem.place.path, problem.name
            if key not in seen:
                seen.add(key)
                if counter.admits(problem.code.id, problem.code.severity):
                    violations.append(problem.build())
    return violations


@dataclass(frozen=True, slots=True)
class _Problem:
    """One wrong thing: its code, its place, the property that is missing, and how to build its violation."""

    code: Code
    place: _Place
    name: str | None
    build: Callable[[], Violation]


def _find_problems(error: KeywordError, payload: Mapping[str, Any], version: Version) -> Iterator[_Problem]:
    keyword = error.schema_path[-1]
    schema, definition = _find_schema(version, error.schema_path)
    value: Any = payload
    for part in error.instance_path:
        value = value[part]
    place = _Place(error.instance_path, payload, version)
    if keyword == "required":
        for name in schema["required"]:
            if name not in value:
                yield place.missing((name,), value)
    elif keyword == "anyOf" and all("required" in branch for branch in schema["anyOf"]):
        yield place.missing(tuple(_required_path(branch) for branch in schema["anyOf"]), value)
    elif keyword == "minProperties":
        yield place.empty()
    # The engine says that none of the types fits, and not which item: that is found here.
    elif keyword == "anyOf" and isinstance(value, list) and "array" in _types(schema, version):
        yield from _wrong_items(place, schema, value)
    else:
        yield place.wrong(definition, schema, str(keyword), value)


@lru_cache(maxsize=4096)
def _find_schema(version: Version, schema_path: Path) -> tuple[Mapping[str, Any], str]:
    """Return the schema that has the keyword at a path, and the name of its definition."""
    schema: Any = load_schema(version)
    for part in schema_path[:-1]:
        schema = schema[part]
    return schema, str(schema_path[1]) if schema_path[:1] == ("$defs",) else ""


def _wrong_items(place: _Place, schema: Mapping[str, Any], items: list[Any]) -> Iterator[_Problem]:
    """Yield a problem per wrong item, where an array is one of several types that are accepted."""
    accepted = next(branch["items"] for branch in schema["anyOf"] if branch.get("type") == "array")
    types = _types(accepted, place.version)
    for index, item in enumerate(items):
        if not _is_of_type(item, types):
            yield replace(place, path=(*place.path, index)).wrong("", accepted, "type", item)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in a payload that has a violation."""

    path: Path
    payload: Mapping[str, Any]
    version: Version

    def missing(self, names: tuple[str, ...], value: Mapping[str, Any]) -> _Problem:
        """Return the problem of an object without a required property, or without any of several."""
        path = (*self.path, names[0])
        code = self._code(MISSING, path)
        return _Problem(code, self, names[0], lambda: self._build_missing(code, path, names, value))

    def _build_missing(self, code: Code, path: Path, names: tuple[str, ...], value: Mapping[str, Any]) -> Violation:
        name, *others = names
        data: dict[str, Any] = {"property": name, "expected": self._expected_type(name)}
        message = f"missing required property `{name}`"
        if others:
            data["alternatives"] = others
            absent = [f"`{other}`" for other in others if "." not in other and other not in value]
            message += f" (or {' or '.join(absent)})" if absent else ""
        return self._build(code, path, message, data, self._correct_missing(name, value))

    def empty(self) -> _Problem:
        """Return the problem of an object without properties."""
        expected = "at least one property"
        message = f"expected {expected}, got an empty object"
        code = self._code(MISSING, self.path)
        return _Problem(code, self, None, lambda: self._build(code, self.path, message, {"expected": expected}))

    def wrong(self, definition: str, schema: Mapping[str, Any], keyword: str, value: object) -> _Problem:
        """Return the problem of a value that has the wrong type, or is invalid."""
        types = _types(schema, self.version)
        kind = WRONG_VALUE if definition in _TIMESTAMPS or _is_of_type(value, types) else WRONG_TYPE
        is_unit = definition in _TIMESTAMPS and is_in_other_unit(value)
        code = OTHER_UNIT if is_unit else self._code(kind, self.path)

        def build() -> Violation:
            message, data = self._describe_wrong(definition, schema, keyword, value, kind)
            if definition in _TIMESTAMPS:
                return explain_timestamp(self._build(code, self.path, message, data), value)
            if definition == "BulkDateTime" and (isinstance(value, str) or is_number(value)):
                return self._build(code, self.path, message, data, correct_date_time(self.path, value))
            # Where a schema only requires an array, another one has what its items are.
            fits_items = partial(_is_of_type, types=_types(schema.get("items", _ANYTHING), self.version))
            required = is_required(self.path, self.payload, self.version)
            correction = correct_value(self.path, definition, schema, types, value, fits_items, is_required=required)
            return self._build(code, self.path, message, data, correction)

        return _Problem(code, self, None, build)

    def _describe_wrong(
        self, definition: str, schema: Mapping[str, Any], keyword: str, value: object, kind: int
    ) -> tuple[str, dict[str, Any]]:
        """Return the message on a wrong value, and its data."""
        types = _types(schema, self.version)
        expected = _EXPECTED.get(definition) or (
            _format_bound(schema, keyword) if kind == WRONG_VALUE else _format_choice([NAMES[name] for name in types])
        )
        name = type_name(value)
        actual = json.dumps(value) if self._may_show(value) else name
        got = f"the {name.partition(' ')[2]} {actual}" if actual != name else name
        if kind == WRONG_VALUE and isinstance(value, str) and _CHARACTERS in expected:
            actual = f"{len(value):,}"
            got = f"{actual}{_CHARACTERS}"
        return f"expected {expected}, got {got}", {"expected": expected, "actual": actual}

    def _code(self, kind: int, path: Path) -> Code:
        return contract_code(find_family(path, self.payload, self.version), kind)

    def _build(
        self, code: Code, path: Path, message: str, data: dict[str, Any], correction: Correction = NOTHING
    ) -> Violation:
        entry = find_entry(path, self.payload, self.version)
        source = "; ".join([*filter(None, [entry.get("source", "")]), *entry.get("rows", ())]) or _ENVELOPE_PAGE
        basis = Basis(entry.get("basis", Basis.DOCUMENTED))
        violation = code.violation(join(self.path), message, data)
        return replace(violation, basis=basis, source=source, hint=correction.hint, fix=correction.fix)

    def _expected_type(self, name: str) -> str:
        entry = find_entry((*self.path, name), self.payload, self.version)
        types = str(entry.get("type", "")).split("|")
        return _format_choice(
            [NAMES.get(each, "an array" if each.startswith("array") else "an object") for each in types]
        )

    def _may_show(self, value: object) -> bool:
        if isinstance(value, str):
            is_short = len(value) <= _MAX_LENGTH_SHOWN
        else:
            is_short = isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < _MAX_NUMBER_SHOWN)
        return is_short and may_show(self.path, value, self.payload, self.version)

    def _correct_missing(self, name: str, value: Mapping[str, Any]) -> Correction:
        if name == "event_name" and not self.path and (envelope := _envelope_hint(value)):
            return Correction(envelope)
        # What another vendor's names mean nobody knows.
        if find_vendor(self.payload):
            return NOTHING
        # Only custom names: a standard one is not a misspelling of another.
        custom = [key for key in value if not find_entry((*self.path, key), self.payload, self.version)]
        place = correct_place(self.path, name, self.payload)
        return place if place.fix else correct_name(self.path, name, value, custom, self._expected_type(name))


def _envelope_hint(value: Mapping[str, Any]) -> str | None:
    """Return where the payload is in an object that is only around it."""
    if pointer := find_payload(value):
        return f"a payload is at {pointer}: check that, on the command line with --pointer '{pointer}'"
    return explain_base64(value)


def _required_path(branch: Mapping[str, Any]) -> str:
    """Return the path of the property that a branch of an `anyOf` requires."""
    name = branch["required"][0]
    inner = branch["properties"][name]
    return f"{name}.{_required_path(inner)}" if isinstance(inner, dict) and "required" in inner else str(name)


def _types(schema: Mapping[str, Any], version: Version) -> list[str]:
    """Return the types that a schema accepts."""
    if "$ref" in schema:
        return _types(load_schema(version)["$defs"][schema["$ref"].rpartition("/")[2]], version)
    if "anyOf" in schema:
        return list(dict.fromkeys(name for branch in schema["anyOf"] for name in _types(branch, version)))
    types = schema.get("type", ["string"] if "enum" in schema else [])
    return [types] if isinstance(types, str) else list(types)


def _is_of_type(value: object, types: list[str]) -> bool:
    """Return whether a value has one of several types of JSON Schema, for which 1.0 is an integer."""
    if isinstance(value, float) and value.is_integer() and "integer" in types:
        return True
    return any(type_name(value) == NAMES[name] for name in (*types, *(["integer"] if "number" in types else [])))


def _format_choice(choices: list[str]) -> str:
    *first, last = choices or ["another value"]
    return f"{', '.join(first)} or {last}" if first else last


def _format_bound(schema: Mapping[str, Any], keyword: str) -> str:
    bound = schema[keyword]
    match keyword:
        case "minimum":
            return f"at least {bound}"
        case "maxLength":
            return f"a string of at most {bound:,}{_CHARACTERS}"
        case "enum":
            return _format_choice(list(map(json.dumps, bound)))
        case "anyOf":
            return _format_choice([text for branch in bound for text in _format_branch(branch)])
    return f"{keyword} {json.dumps(bound)}"


def _format_branch(branch: Mapping[str, Any]) -> list[str]:
    if "enum" in branch:
        return list(map(json.dumps, branch["enum"]))
    keyword = next((keyword for keyword in ("minimum", "maxLength") if keyword in branch), None)
    return [_format_bound(branch, keyword) if keyword else NAMES[branch["type"]]]
