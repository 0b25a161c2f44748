"""What corrects a wrong value: a hint, and the fix that writes what the hint says.

A fix is safe where only the notation of a value is wrong, and unsafe where it guesses. Whether a fix causes something
else is found out when it is applied.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from tcspec.contract.currencies import suggest_currency
from tcspec.errors import Fix, type_name
from tcspec.jsontext import positions
from tcspec.jsontext.integers import BEYOND_FLOAT, format_integer
from tcspec.jsontext.pointer import follow, join
from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tcspec.errors import Violation

    Path = tuple[str | int, ...]

SIMILARITY = 0.75
"""How close a name or a value must be to another one to be taken for it."""
HASHES = MappingProxyType({"Md5Hex": ("MD5", "_md5", 32), "Sha256Hex": ("SHA-256", "_sha256", 64)})
"""The definitions of hashes: their algorithm, the suffix of their properties, and their digits."""
_WHITESPACE = " \t\r\n"
_NUMBER = compile_late(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NEARLY_NUMBER = compile_late(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_CURRENCY = "Currency"
_CATEGORIES = "consent_categories"
_CONTAINERS = frozenset({"an object", "an array"})
_FORMATS = frozenset({"Currency", "BulkDateTime", *HASHES})
_MAX_DIGITS = 300
"""A longer number is none that anybody meant, and parsing it takes quadratic time."""


class Correction(NamedTuple):
    """How to correct something: a hint, and a fix; None where nothing is known."""

    hint: str | None = None
    fix: Fix | None = None


NOTHING = Correction()
"""The correction of what nobody can correct without knowing the data."""


def correct_value(
    path: Path, definition: str, schema: Mapping[str, Any], types: list[str], value: object
) -> Correction:
    """Return how to correct a value that has another type than its schema accepts, or is none of its values.

    Args:
        path: where the value is.
        definition: the name of the definition that it does not meet; empty when it has none.
        schema: the schema that it does not meet.
        types: the types that this accepts.
        value: a JSON value.
    """
    if isinstance(value, str) and "enum" in schema:
        close = difflib.get_close_matches(value.strip().lower(), schema["enum"], n=1, cutoff=SIMILARITY)
        return _replace_with(path, value, close[0]) if close else NOTHING
    if types == ["array"] and (wrapped := _wrap(path, value)):
        return wrapped
    if isinstance(value, str):
        return _correct_string(path, definition, types, value)
    if value is None and isinstance(path[-1], str):
        # Whether the property is required shows when this is applied.
        return Correction(None, Fix(f"remove `{path[-1]}`", ({"op": "remove", "path": join(path)},)))
    if definition == _CURRENCY:
        # Its number in quotes is no code either.
        suggestion = suggest_currency(value) if isinstance(value, int) and not isinstance(value, bool) else None
        return _replace_with(path, str(value), suggestion) if suggestion else NOTHING
    # Of digits alone there is no hash.
    is_certain = definition not in _FORMATS and "enum" not in schema
    return _quote_number(path, value, is_certain=is_certain) if "string" in types and _is_number(value) else NOTHING


def correct_name(path: Path, name: str, members: Mapping[str, Any], custom: Sequence[str], expected: str) -> Correction:
    """Return how to correct the name of a property that an object lacks, when one of its custom ones is close."""
    # A string is no misspelt object, and an object no misspelt string.
    is_container = expected in _CONTAINERS
    fitting = [
        key
        for key in custom
        if (type_name(members[key]) == expected if is_container else not _is_container(members[key]))
    ]
    close = difflib.get_close_matches(name, fitting, n=1, cutoff=SIMILARITY)
    if not close:
        return NOTHING
    patch = ({"op": "move", "from": join((*path, close[0])), "path": join((*path, name))},)
    return Correction(f"`{close[0]}` is present: did you mean `{name}`?", Fix(f"rename to `{name}`", patch))


def keep_digits(violations: list[Violation], document: Mapping[str, Any], text: str) -> list[Violation]:
    """Return violations whose fixes write numbers with the digits that they have in the text of a document.

    What was read is 1.1 of `1.10`, and 10^400 of thousands of digits: in quotes that is another identifier. A fix that
    would cut digits of any other number is not safe.
    """
    numbers = {pointer: number for each in violations for pointer, number in _iter_rounded(each.fix, document)}
    if not numbers:
        return violations
    starts = positions.find_starts(text, numbers)
    written = {pointer: text[start : positions.find_end(text, start)] for pointer, start in starts.items()}
    return [replace(each, fix=_keep_digits(each.fix, numbers, written)) if each.fix else each for each in violations]


def _keep_digits(fix: Fix, numbers: Mapping[str, float], written: Mapping[str, str]) -> Fix:
    is_safe, patch = fix.is_safe, list(fix.patch)
    for index, operation in enumerate(patch):
        if operation["op"] != "replace" or operation["path"] not in numbers:
            continue
        number, digits = numbers[operation["path"]], written[operation["path"]]
        text, value = _format_number(number), operation["value"]
        if value in (text, [text]):
            patch[index] = {**operation, "value": digits if value == text else [digits]}
            # It may have been any of many notations of the number, as far as is known.
            is_safe = is_safe and "e" not in digits.lower()
        elif isinstance(number, float):
            is_safe = is_safe and _is_exact(digits, number)
    return replace(fix, patch=tuple(patch), is_safe=is_safe)


def _iter_rounded(fix: Fix | None, document: Any) -> Iterator[tuple[str, int | float]]:  # noqa: ANN401 - JSON
    """Yield the numbers that a fix replaces, and whose text may have had other digits, each with its pointer."""
    for operation in fix.patch if fix else ():
        if operation["op"] == "replace":
            # What another operation puts there is not in the document.
            with suppress(LookupError):
                value = follow(document, operation["path"])
                if isinstance(value, float) or value in (BEYOND_FLOAT, -BEYOND_FLOAT):
                    yield operation["path"], value


def _is_exact(text: str, number: float) -> bool:
    """Return whether a float is the number that a text has."""
    try:
        return Decimal(text) == Decimal(repr(number))
    except InvalidOperation:  # an exponent that no decimal has
        return False


def _format_number(value: float) -> str:
    return format_integer(value) if isinstance(value, int) else repr(value)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_container(value: object) -> bool:
    return type_name(value) in _CONTAINERS


def move_to_context(name: str) -> Correction:
    """Return how to correct that a property of the context is at the root, where a custom one may have its name."""
    fix = Fix("move it to `context`", ({"op": "move", "from": join((name,)), "path": join(("context", name))},))
    return Correction(f"move `{name}` from the root into `context`", fix)


def _wrap(path: Path, value: object) -> Correction | None:
    """Return how to make an array of one item, or of consent categories in a string; None of anything else."""
    title, is_safe = "put it in an array", False
    if path[-1] == _CATEGORIES and isinstance(value, str) and value.strip():
        items: list[Any] = [part.strip() for part in re.split("[,;|]", value)]
        title, is_safe = "write the categories as an array", items == [value]
    elif path[-1] == _CATEGORIES and isinstance(value, int) and not isinstance(value, bool):
        items, is_safe = [format_integer(value)], True
    elif isinstance(value, dict) and value and path[-1] != _CATEGORIES:
        items = [value]
    else:
        return None
    return Correction(title, _replace(path, items, title, is_safe=is_safe))


def _correct_string(path: Path, definition: str, types: list[str], value: str) -> Correction:
    if definition in HASHES:
        return _correct_hash(path, definition, value)
    if definition == _CURRENCY:
        suggestion = suggest_currency(value)
        return _replace_with(path, value, suggestion) if suggestion else NOTHING
    if {"integer", "number"} & set(types) and len(value) <= _MAX_DIGITS:
        bare = value.strip(_WHITESPACE)
        if _NUMBER.fullmatch(bare):
            return _unquote_number(path, bare, types)
        if _NEARLY_NUMBER.fullmatch(value.strip()):
            return _rewrite_number(path, value.strip())
    boolean = value.strip().lower()
    if "boolean" in types and boolean in {"true", "false"}:
        hint = "remove the quotes" if value == boolean else f"write {boolean} without quotes"
        return Correction(hint, _replace(path, boolean == "true", "remove the quotes", is_safe=True))
    return NOTHING


def _unquote_number(path: Path, text: str, types: list[str]) -> Correction:
    number = json.loads(text)
    if not math.isfinite(number):
        return NOTHING
    if "number" not in types and not float(number).is_integer():
        return NOTHING
    # Digits beyond those of a float would be lost.
    is_exact = isinstance(number, int) or _is_exact(text, number)
    return Correction("remove the quotes", _replace(path, number, "remove the quotes", is_safe=is_exact))


def _rewrite_number(path: Path, text: str) -> Correction:
    """Return the correction of a number with a comma, a plus or too few or many digits: 1,234 may be a thousand."""
    number = float(text.replace(",", "."))
    fix = _replace(path, int(text) if text.isdigit() else number, "write it as a number", is_safe=False)
    return Correction("write the number with a point, and with digits before and after it, as in 12.5", fix)


def _quote_number(path: Path, value: float, *, is_certain: bool) -> Correction:
    text = _format_number(value)
    # 1.0 may be meant as 1, and 1e+21 may have been any of many numbers.
    is_safe = is_certain and (isinstance(value, int) or not (value.is_integer() or "e" in text))
    return Correction("put the number in quotes", _replace(path, text, "put the number in quotes", is_safe=is_safe))


def _correct_hash(path: Path, definition: str, value: str) -> Correction:
    name, suffix, _ = HASHES[definition]
    if "@" in value:
        return Correction(f"this is an e-mail address in plain text: send its {name} digest in hexadecimal")
    for other, other_suffix, length in HASHES.values():
        if other != name and len(value) == length and re.fullmatch("[0-9A-Fa-f]+", value):
            target = (*path[:-1], str(path[-1]).removesuffix(suffix) + other_suffix)
            patch = ({"op": "move", "from": join(path), "path": join(target)},)
            hint = f"this has the length of {other}: use the property with the suffix `{other_suffix}`"
            return Correction(hint, Fix(f"rename to `{target[-1]}`", patch))
    return NOTHING


def _replace_with(path: Path, value: str, suggestion: str) -> Correction:
    """Return the correction of a value to a known one; it is certain when only case and white space differ."""
    is_safe = value.strip().lower() == suggestion.lower()
    fix = _replace(path, suggestion, f"replace with `{suggestion}`", is_safe=is_safe)
    return Correction(f"did you mean {json.dumps(suggestion)}?", fix)


def _replace(path: Path, value: object, title: str, *, is_safe: bool) -> Fix:
    return Fix(title, ({"op": "replace", "path": join(path), "value": value},), is_safe)
