"""What an engine found, told in words: which code, which property, what was expected, what is there, who asks.

Values are shown only where they help and are not personal: never of the user, the page or the device, and no long
texts.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.codes import MISSING, WRONG_TYPE, WRONG_VALUE, contract_code
from tcspec.contract.catalogue import find_entry, find_family, is_personal, may_be_personal
from tcspec.contract.schemas import load_schema
from tcspec.errors import Basis, Violation
from tcspec.jsontext.encoder import type_name
from tcspec.jsontext.pointer import follow, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.contract.engines import KeywordError
    from tcspec.kinds import Version

    Path = tuple[str | int, ...]

_TYPES = MappingProxyType(
    {
        "string": "a string",
        "integer": "an integer",
        "number": "a number",
        "boolean": "a boolean",
        "object": "an object",
        "array": "an array",
        "null": "null",
    }
)
_LONGEST_SHOWN = 40
_LARGEST_SHOWN = 10**20
_ENVELOPE_PAGE = "features/sources/sources-catalog/http-tracking-api.md"
_CURRENCY = re.compile("[A-Z]{3}")
_CLOSE = 0.75
_COUNTED = " characters"
_HASHES = MappingProxyType({"Md5Hex": "MD5", "Sha256Hex": "SHA-256"})

_WORDS = MappingProxyType(
    {
        "Timestamp": "epoch milliseconds, or another time that names one moment",
        "Currency": "three capital letters (ISO 4217)",
        "Md5Hex": "32 hexadecimal digits",
        "Sha256Hex": "64 hexadecimal digits",
        "BulkDateTime": "a date and time with its zone, such as 2024-06-10T08:13:20+02:00",
    }
)
"""Definitions that are better told as a whole than keyword by keyword."""


def build_violations(failures: Iterable[KeywordError], payload: Mapping[str, Any], version: Version) -> list[Violation]:
    """Turn what an engine found in a payload into violations, each thing said once."""
    said: dict[tuple[str, str, object], Violation] = {}
    for failure in failures:
        for violation in _told(failure, payload, version):
            said.setdefault((violation.code, violation.pointer, violation.data.get("property")), violation)
    return list(said.values())


def _told(failure: KeywordError, payload: Mapping[str, Any], version: Version) -> Iterator[Violation]:
    *location, keyword = failure.location
    node = _node(load_schema(version), location)
    value = follow(payload, join(failure.path))
    told = _Told(failure.path, payload, version)
    if keyword == "required":
        yield from (told.missing((name,), value) for name in node["required"] if name not in value)
    elif keyword == "anyOf" and all("required" in branch for branch in node["anyOf"]):
        yield told.missing(tuple(_required(branch) for branch in node["anyOf"]), value)
    elif keyword == "minProperties":
        yield told.empty()
    elif keyword == "anyOf" and isinstance(value, list) and "array" in _types(node, version):
        yield from _told_of_items(told, node, value)
    else:
        yield told.wrong(_definition(location), node, str(keyword), value)


def _told_of_items(told: _Told, node: Mapping[str, Any], items: list[Any]) -> Iterator[Violation]:
    """Tell which items are wrong where a list is one of several accepted types."""
    accepted = next(branch["items"] for branch in node["anyOf"] if branch.get("type") == "array")
    for index, item in enumerate(items):
        if not _is_of(item, _types(accepted, told.version)):
            yield replace(told, path=(*told.path, index)).wrong("", accepted, "type", item)


@dataclass(frozen=True, slots=True)
class _Told:
    """A part of a payload that something is to be said about."""

    path: Path
    payload: Mapping[str, Any]
    version: Version

    def missing(self, names: tuple[str, ...], value: Mapping[str, Any]) -> Violation:
        """Say that the object lacks a property, or has none of several."""
        name, *others = names
        data: dict[str, Any] = {"property": name, "expected": self._expected(name)}
        message = f"`{name}` is missing"
        if others:
            data["alternatives"] = others
            message += "".join(f", and so is `{other}`" for other in others if "." not in other and other not in value)
        violation = self._violation(MISSING, (*self.path, name), message, data)
        return replace(violation, hint=self._meant(name, value))

    def empty(self) -> Violation:
        """Say that an object has no property at all."""
        return self._violation(MISSING, self.path, "there is no property in it", {"expected": "at least one property"})

    def wrong(self, definition: str, node: Mapping[str, Any], keyword: str, value: object) -> Violation:
        """Say that a value is not what it should be."""
        types = _types(node, self.version)
        unreadable = definition == "Timestamp"
        broken = WRONG_VALUE if unreadable or _is_of(value, types) else WRONG_TYPE
        told = _bound(node, keyword) if broken == WRONG_VALUE else " or ".join(_TYPES[name] for name in types)
        expected = _WORDS.get(definition, told)
        actual = json.dumps(value) if self._may_show(value, types) else type_name(value)
        if broken == WRONG_VALUE and isinstance(value, str) and _COUNTED in expected:
            actual = f"{len(value):,}"
        message = f"expected {expected}, found {actual}"
        violation = self._violation(broken, self.path, message, {"expected": expected, "actual": actual})
        return replace(violation, hint=_mended(definition, node, types, value))

    def _violation(self, broken: int, about: Path, message: str, data: dict[str, Any]) -> Violation:
        code = contract_code(find_family(about, self.payload, self.version), broken)
        entry = self._entry(about)
        source = "; ".join([*filter(None, [entry.get("source", "")]), *entry.get("rows", ())]) or _ENVELOPE_PAGE
        basis = Basis(entry.get("basis", Basis.DOCUMENTED))
        return replace(code.violation(join(self.path), message, data), basis=basis, source=source)

    def _entry(self, about: Path) -> Mapping[str, Any]:
        return find_entry(about, self.payload, self.version)

    def _expected(self, name: str) -> str:
        entry = self._entry((*self.path, name))
        types = str(entry.get("type", "")).split("|")
        return " or ".join(_TYPES.get(each, "an array" if each.startswith("array") else "an object") for each in types)

    def _may_show(self, value: object, types: list[str]) -> bool:
        if is_personal(self.path, self.version):
            return False
        if isinstance(value, str):
            # Where an object or a list is expected, a text may hold what belongs into it.
            is_short = len(value) <= _LONGEST_SHOWN and not may_be_personal(value)
            return is_short and not {"object", "array"} & set(types)
        return isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < _LARGEST_SHOWN)

    def _meant(self, name: str, value: Mapping[str, Any]) -> str | None:
        if self.path == ("context",) and name in self.payload:
            return f"move `{name}` from the root into `context`"
        unknown = [key for key in value if not self._entry((*self.path, key))]
        close = difflib.get_close_matches(name, unknown, n=1, cutoff=_CLOSE)
        return f"did you mean `{name}` by `{close[0]}`?" if close else None


def _required(branch: Mapping[str, Any]) -> str:
    """Name the property that a branch of a law asks for, by its path."""
    name = branch["required"][0]
    inner = branch["properties"][name]
    return f"{name}.{_required(inner)}" if isinstance(inner, dict) and "required" in inner else str(name)


def _node(schema: Mapping[str, Any], location: Iterable[str | int]) -> Any:  # noqa: ANN401 - any part of a schema
    node: Any = schema
    for part in location:
        node = node[part]
    return node


def _definition(location: list[str | int]) -> str:
    return str(location[1]) if location[:1] == ["$defs"] else ""


def _types(node: Mapping[str, Any], version: Version) -> list[str]:
    """List the types that a schema accepts."""
    if "$ref" in node:
        return _types(load_schema(version)["$defs"][node["$ref"].rpartition("/")[2]], version)
    if "anyOf" in node:
        return list(dict.fromkeys(name for branch in node["anyOf"] for name in _types(branch, version)))
    given = node.get("type", ["string"] if "enum" in node else [])
    return [given] if isinstance(given, str) else list(given)


def _is_of(value: object, types: list[str]) -> bool:
    """Tell whether a value is of one of several types of JSON Schema, where 1.0 is an integer."""
    if isinstance(value, float) and value.is_integer() and "integer" in types:
        return True
    return any(type_name(value) == _TYPES[name] for name in (*types, *(["integer"] if "number" in types else [])))


def _bound(node: Mapping[str, Any], keyword: str) -> str:
    bound = node[keyword]
    match keyword:
        case "minimum":
            return f"at least {bound}"
        case "maxLength":
            return f"a text of at most {bound:,}{_COUNTED}"
        case "enum":
            return f"one of {', '.join(bound)}"
        case "anyOf":
            return " or ".join(map(_bound_of_branch, bound))
    return f"{keyword} {json.dumps(bound)}"


def _bound_of_branch(branch: Mapping[str, Any]) -> str:
    if "minimum" in branch:
        return _bound(branch, "minimum")
    if "enum" in branch:
        return " or ".join(map(json.dumps, branch["enum"]))
    return _bound(branch, "maxLength") if "maxLength" in branch else _TYPES[branch["type"]]


def _mended(definition: str, node: Mapping[str, Any], types: list[str], value: object) -> str | None:
    """Say how a value could be written so that it is right."""
    if definition == "Timestamp":
        zoneless = isinstance(value, str) and "T" in value
        return f"give {'the time with its zone, or ' if zoneless else ''}epoch milliseconds as an integer"
    if isinstance(value, str) and "enum" in node:
        close = difflib.get_close_matches(value.lower(), node["enum"], n=1, cutoff=_CLOSE)
        return f"did you mean {close[0]}?" if close else None
    if isinstance(value, str):
        return _mended_text(definition, types, value)
    if "string" in types and type_name(value) in {"an integer", "a number"}:
        return "write it in quotes"
    return None


def _mended_text(definition: str, types: list[str], value: str) -> str | None:
    if definition in _HASHES:
        return _mended_hash(definition, value)
    if definition == "Currency" and _CURRENCY.fullmatch(value.strip().upper()):
        return f"write {value.strip().upper()}"
    is_number = {"integer", "number"} & set(types) and _reads_as_number(value)
    is_boolean = "boolean" in types and value in {"true", "false"}
    return "write it without quotes" if is_number or is_boolean else None


def _mended_hash(definition: str, value: str) -> str | None:
    """Say what a text is that should be a hash."""
    if "@" in value:
        return f"this is an e-mail in plain: send its {_HASHES[definition]} hash here, in hexadecimal"
    length = {"Md5Hex": 64, "Sha256Hex": 32}[definition]
    other = next(name for name in _HASHES if name != definition)
    is_other = len(value) == length and re.fullmatch("[0-9A-Fa-f]+", value)
    return f"this has the length of {_HASHES[other]}, send it under that name" if is_other else None


def _reads_as_number(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=str), int | float)
    except (ValueError, RecursionError):
        return False
