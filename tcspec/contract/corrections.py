"""What corrects a wrong value: a hint, and the fix that writes what the hint says.

A fix is safe where only the notation of a value is wrong, and unsafe where it guesses. Whether a fix causes something
else is found out when it is applied.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from binascii import a2b_base64
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.contract.currencies import suggest_currency
from tcspec.contract.digits import format_number, is_exact
from tcspec.errors import Fix
from tcspec.json_types import is_integer, is_number, type_name
from tcspec.jsontext.integers import format_integer
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import decode_leniently
from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Path = tuple[str | int, ...]

SIMILARITY = 0.75
"""How close a name or a value must be to another one to be taken for it."""
HASHES = MappingProxyType({"Md5Hex": ("MD5", "_md5", 32), "Sha256Hex": ("SHA-256", "_sha256", 64)})
"""The definitions of hashes: their algorithm, the suffix of their properties, and their digits."""
_WHITESPACE = " \t\r\n"
_NUMBER = compile_late(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NEARLY_NUMBER = compile_late(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_CURRENCY = "Currency"
_ENVELOPE = ("context", "user")
_FORMER_NAMES = MappingProxyType({"event_id": ("event_Id", "eventId"), "event_timestamp": ("eventTimestamp",)})
_CATEGORIES = "consent_categories"
_NO_CATEGORIES = frozenset({"null", "undefined", "none", "nan", "true", "false"})
_BRACKET = compile_late(r"[\[\]{}()<>\"']")
_CONTAINERS = frozenset({"an object", "an array"})
_FORMATS = frozenset({"Currency", "BulkDateTime", *HASHES})
_HEX = compile_late("[0-9A-Fa-f]+")
_BEFORE_HASH = compile_late(r"\A(?:0[xX]|[sS][hH][aA]-?256[:=-]|[mM][dD]5[:=-])")
_URL_SAFE = str.maketrans("-_", "+/")
_MAX_DIGITS = 300
"""A longer number is none that anybody meant, and parsing it takes quadratic time."""


class Correction(NamedTuple):
    """How to correct something: a hint, and a fix; None where nothing is known."""

    hint: str | None = None
    fix: Fix | None = None


NOTHING = Correction()
"""The correction of what nobody can correct without knowing the data."""


def correct_value(  # noqa: PLR0913, PLR0917 - what is known about the value
    path: Path,
    definition: str,
    schema: Mapping[str, Any],
    types: list[str],
    value: object,
    fits_items: Callable[[object], bool] = bool,
    *,
    is_required: bool = False,
) -> Correction:
    """Return how to correct a value that has another type than its schema accepts, or is none of its values.

    Args:
        path: where the value is.
        definition: the name of the definition that it does not meet; empty when it has none.
        schema: the schema that it does not meet.
        types: the types that this accepts.
        value: a JSON value.
        fits_items: returns whether a value may be an item, where the schema accepts an array.
        is_required: whether the property must not be absent.
    """
    if isinstance(value, str) and "enum" in schema:
        close = difflib.get_close_matches(value.strip().lower(), schema["enum"], n=1, cutoff=SIMILARITY)
        return _replace_with(path, value, close[0]) if close else NOTHING
    if "array" in types and (wrapped := _wrap(path, types, value, fits_items)):
        return wrapped
    if isinstance(value, str):
        return _correct_string(path, definition, types, value)
    if value is None and isinstance(path[-1], str):
        return _correct_null(path, path[-1], is_required=is_required)
    if definition == _CURRENCY:
        # Its number in quotes is no code either.
        suggestion = suggest_currency(value) if is_integer(value) else None
        return _replace_with(path, str(value), suggestion) if suggestion else NOTHING
    # Of digits alone there is no hash.
    is_certain = definition not in _FORMATS and "enum" not in schema
    return _quote_number(path, value, is_certain=is_certain) if "string" in types and is_number(value) else NOTHING


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


def _is_container(value: object) -> bool:
    return type_name(value) in _CONTAINERS


def correct_place(path: Path, name: str, payload: Mapping[str, Any]) -> Correction:
    """Return how to correct that a property is where another format has it, or under the name that 1.0 has for it."""
    if path == ("context",):
        # There 1.0 has it, and so does an example of 2.0 (K002); a custom property may have its name.
        sources = ((key,) for key in (name, *_FORMER_NAMES.get(name, ())) if key in payload)
        if source := next(sources, None):
            return _move(
                source, (*path, name), f"move `{source[0]}` from the root into `context`", "move it to `context`"
            )
    elif path:
        return NOTHING
    elif name == "event_name" and isinstance(payload.get("event"), str):
        return _move(("event",), (name,), "`event` is present: did you mean `event_name`?", "rename to `event_name`")
    elif name in _ENVELOPE:
        for other in _ENVELOPE:
            inner = payload.get(other)
            if isinstance(inner, dict) and isinstance(inner.get(name), dict):
                return _move((other, name), (name,), f"move `{name}` from `{other}` to the root", "move it to the root")
    return NOTHING


def _move(source: Path, target: Path, hint: str, title: str) -> Correction:
    return Correction(hint, Fix(title, ({"op": "move", "from": join(source), "path": join(target)},)))


def _correct_null(path: Path, name: str, *, is_required: bool) -> Correction:
    # Without a required property there would be another error.
    if is_required:
        return Correction(f"send a value: `{name}` is required, and null counts as absent")
    return Correction(None, Fix(f"remove `{name}`", ({"op": "remove", "path": join(path)},)))


def _wrap(path: Path, types: Sequence[str], value: object, fits_items: Callable[[object], bool]) -> Correction | None:
    """Return how to make an array of one item, or of consent categories in a string; None of anything else."""
    title, is_safe = "put it in an array", False
    items: list[Any] | None = None
    if path[-1] == _CATEGORIES and isinstance(value, str):
        items, title = _split_categories(value), "write the categories as an array"
        is_safe = items == [value]
    elif path[-1] == _CATEGORIES and is_integer(value):
        items, is_safe = [format_integer(value)], True
    elif types == ["array"] and isinstance(value, dict) and path[-1] != _CATEGORIES:
        # PHP writes an array as an object when its keys are not in order.
        is_list = value.keys() == set(map(str, range(len(value))))
        title = "write its values as an array" if is_list else title
        items = [value[str(index)] for index in range(len(value))] if is_list else [value]
        # An array of anything else would be as wrong.
        items = items if value and all(map(fits_items, items)) else None
    return Correction(title, _replace(path, items, title, is_safe=is_safe)) if items else None


def _split_categories(text: str) -> list[Any] | None:
    """Return the consent categories in a string: those of a list, or of a JSON array; None when they are not clear."""
    if text.strip().startswith("["):
        with suppress(ValueError, RecursionError):
            items = json.loads(text)
            # Numbers and strings only: as categories they are compared as text.
            if all(type(item) in {str, int} for item in items):
                return [item if type(item) is str else format_integer(item) for item in items]
        return None
    if not text.strip() or text.strip().lower() in _NO_CATEGORIES or _BRACKET.search(text):
        return None
    return [part.strip() for part in re.split("[,;|]", text)]


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
            return _rewrite_number(path, value.strip(), types)
    boolean = value.strip().lower()
    if "boolean" in types and boolean in {"true", "false"}:
        hint = "remove the quotes" if value == boolean else f"write {boolean} without quotes"
        return Correction(hint, _replace(path, boolean == "true", "remove the quotes", is_safe=True))
    return _explain_json(types, value)


def _explain_json(types: list[str], text: str) -> Correction:
    """Return a hint for JSON text in a string that holds what the string should have been; it has no fix.

    To write the value would lose the digits of its numbers and its duplicate keys.
    """
    expected = {f"an {each}" for each in types} & _CONTAINERS
    name = type_name(decode_leniently(text)) if expected and text.lstrip()[:1] in {"{", "["} else ""
    return Correction(f"this is JSON text in a string: send {name} instead") if name in expected else NOTHING


def _unquote_number(path: Path, text: str, types: list[str]) -> Correction:
    number = json.loads(text)
    if not math.isfinite(number):
        return NOTHING
    if "number" not in types and not float(number).is_integer():
        return NOTHING
    # Digits beyond those of a float would be lost.
    is_safe = isinstance(number, int) or is_exact(text, number)
    return Correction("remove the quotes", _replace(path, number, "remove the quotes", is_safe=is_safe))


def _rewrite_number(path: Path, text: str, types: list[str]) -> Correction:
    """Return the correction of a number with a comma, a plus or too few or many digits: 1,234 may be a thousand."""
    number = float(text.replace(",", "."))
    hint = "write the number with a point, and with digits before and after it, as in 12.5"
    if "number" not in types:
        # With a fraction it would be as wrong.
        if not number.is_integer():
            return NOTHING
        hint = "write the integer with digits only, and without quotes"
    whole = text.removeprefix("+")
    value = int(whole) if whole.isdigit() else number if "number" in types else int(number)
    return Correction(hint, _replace(path, value, "write it as a number", is_safe=False))


def _quote_number(path: Path, value: float, *, is_certain: bool) -> Correction:
    text = format_number(value)
    # 1.0 may be meant as 1, and 1e+21 may have been any of many numbers.
    is_safe = is_certain and (isinstance(value, int) or not (value.is_integer() or "e" in text))
    return Correction("put the number in quotes", _replace(path, text, "put the number in quotes", is_safe=is_safe))


def _correct_hash(path: Path, definition: str, value: str) -> Correction:
    name, suffix, digits = HASHES[definition]
    if "@" in value:
        return Correction(f"this is an e-mail address in plain text: send its {name} digest in hexadecimal")
    for other, other_suffix, length in HASHES.values():
        if other != name and len(value) == length and _HEX.fullmatch(value):
            target = (*path[:-1], str(path[-1]).removesuffix(suffix) + other_suffix)
            patch = ({"op": "move", "from": join(path), "path": join(target)},)
            hint = f"this has the length of {other}: use the property with the suffix `{other_suffix}`"
            return Correction(hint, Fix(f"rename to `{target[-1]}`", patch))
    bare = value.strip()
    text = _BEFORE_HASH.sub("", bare)
    if len(text) == digits and _HEX.fullmatch(text):
        title = "write the digits of the hash alone"
        return Correction(title, _replace(path, text.lower(), title, is_safe=text == bare))
    if (decoded := _decode_base64(text)) and len(decoded) * 2 == digits:
        title = "write the hash in hexadecimal digits"
        return Correction(f"this is Base64: {title}", _replace(path, decoded.hex(), title, is_safe=False))
    return NOTHING


def _decode_base64(text: str) -> bytes | None:
    with suppress(ValueError):
        return a2b_base64(text.translate(_URL_SAFE), strict_mode=True)
    return None


def _replace_with(path: Path, value: str, suggestion: str) -> Correction:
    """Return the correction of a value to a known one; it is certain when only case and white space differ."""
    is_safe = value.strip().lower() == suggestion.lower()
    fix = _replace(path, suggestion, f"replace with `{suggestion}`", is_safe=is_safe)
    return Correction(f"did you mean {json.dumps(suggestion)}?", fix)


def _replace(path: Path, value: object, title: str, *, is_safe: bool) -> Fix:
    return Fix(title, ({"op": "replace", "path": join(path), "value": value},), is_safe)
