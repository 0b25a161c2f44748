"""Strings that programs, exports and tag managers write where they have no value."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACEHOLDER_HINT = "send the value, or leave the property out while there is none"

_KEY = compile_late(
    r"(?:.*[_-])?(?:id|uid|uuid|guid|sku|gtin|mpn|name|email|phone|md5|sha[0-9]+)|ID|.*[a-z](?:Id|ID)"
    "|firstname|lastname|card|idfv"
)
_PERSONS = frozenset({"firstname", "lastname"})
_REFUSED = "advertising_id"

# What JavaScript, Python, Java, Go, Objective-C, spreadsheets and Google Analytics write.
_WORDS = frozenset({"undefined", "null", "nan", "none", "nil", "nul", "n/a", "#n/a", "not set", "void 0"})
_FREE_WORDS = frozenset({"undefined", "null", "nan"})
"""The words that nobody means in a free text; `none` is a coupon or a medium of many shops."""

_NAMES_OF_PERSONS = frozenset({"Null", "Nan", "Nil", "Nul"})
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_QUOTES = "\"'`"
_AROUND = f"{_QUOTES}<>()"
_BETWEEN = compile_late(r"[\s_.,:;|/+-]+")
_ZEROS = "0.:_-"
_MAX_WORDS = 80

_WHITESPACE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
SUSPECT_STARTS = frozenset({"", *_WHITESPACE, *_INVISIBLE, *_AROUND, *"0.:_-", *"#%[${", *"nNuUvV"})
"""With what strings begin that are blank, a word, made of zeros, or as a whole a template; most begin otherwise."""
_STARTS_OF_WORDS = frozenset("uUnNvV0")
_WORD_START = compile_late(
    r"undefined|nul|nan|nil|none|n/a|not set|void 0|urn:uuid:0|0[\s0.:_-]*+(?:[)}]\s*+)?\Z", re.IGNORECASE
)
_SHORTEST_HASH = 32
_MARKS = (
    ("undefined", ("",)),
    ("Invalid", ("Invalid Date",)),
    ("function", ("function(", "function (")),
    ("[", ("[object ", "[Function", "[[", "[%")),
    ("{", ("{{", "${", "#{", "%{", "@{", "{%")),
    ("%", ("%5Bobject", "%5bobject", "%7B%7B", "%7b%7b", "<%", "%%")),
    ("<", (" object at 0x",)),
    ("@", ("@@",)),
    ("*", ("*|",)),
)
"""What the text of an object and a template have in them, by a part of it that most strings do not have."""
_MARK = compile_late(r"[\[{<%@*#$]|__|undefined|Invalid Date|function|0{8}")

_MARKS_IN_JSON = (
    (b"undefined", compile_late(b"undefined")),
    (b"Invalid", compile_late(b"Invalid Date")),
    (b"function", compile_late(rb"function ?\(")),
    (b"{", re.compile(rb"\{(?:[{%]|(?<=[$#%@]\{))")),
    (b"[", compile_late(rb"\[(?:object |Function|\[|%)")),
    (b"%", compile_late(rb"%(?:%|[57][Bb])")),
    (b"<", compile_late(rb"<(?:%|[^<>]+ object at 0x)")),
    (b"@", compile_late(b"@@")),
    (b"*", compile_late(rb"\*\|")),
)
"""The same as they are in a JSON text, which has brackets and braces of its own."""
_STARTS_IN_JSON = bytes({each.encode()[0] for each in SUSPECT_STARTS - _STARTS_OF_WORDS - {*_ZEROS} if each})
_SUSPECT_IN_JSON = re.compile(
    rb':\s*"(?:[\\%b]|[uU](?:[nN][dD][eE][fF]|[rR][nN]:)|[nN](?:[uUiI][lL]|[aA][nN]|[oO](?:[nN][eE]|[tT] )|/)|'
    rb'[vV][oO][iI][dD]|__|[0.:_-][\s0.:_-]*["\\)}\x80-\xff]|([0-9A-Fa-f]{32,128}))' % re.escape(_STARTS_IN_JSON)
)
"""The beginning of a string that is a member of an object; a group has the digits of what may be a hash.

Without a flag for upper case, with which each member would be compared with every word.
"""

# No branch can run over the beginning of another match, so that searching takes linear time.
_OBJECT = compile_late(
    r"\[object [A-Za-z_$][\w$]*\]|\[Function\b[^\[\]]*\]|<[\w.]+ object at 0x[0-9a-fA-F]+>|\bfunction ?\([^()]*\) ?\{"
    r"|^\s*+Invalid Date\s*+$"
)
_TEMPLATE = compile_late(
    r"\{\{[^{}]*\}\}|[$#%@]\{[^{}]*\}|\{%[^{}%]*%\}|<%[^<>%]*%>|\[%[^\[\]%]*%\]|\[\[[^\[\]]*\]\]"
    r"|%%[^%]+%%|@@[\w.:-]+@@|\*\|[^|]*\|\*"
)
# Such text is only a template when there is nothing around it.
_WHOLE_TEMPLATE = compile_late(
    r"#+[A-Za-z_][\w. :-]*#+|%[A-Za-z_][\w.:-]*%|__[A-Za-z][A-Za-z0-9_]*__|\[[A-Z][A-Z0-9_]{4,}\]"
    r"|\$[a-z_][\w.]*\$?|\$\([\w.]+\)|\{[$@]?[A-Za-z_][\w. :]*\}|<[A-Za-z_][\w. :-]*>"
    r"|\{[0-9]+\}|%(?:\([\w.]+\))?[sd]|#(?:REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)"
)
_HEX_IN_BRACES = compile_late(r"\{[0-9A-Fa-f]{32}\}")
_WORD_IN_ID = compile_late(r"(?<![A-Za-z0-9])undefined(?![A-Za-z0-9])")
_NIL_UUID = compile_late(r"[{(]?(?:urn:uuid:)?0{8}(?:-?0{4}){3}-?0{12}[)}]?", re.IGNORECASE)
_ALGORITHMS = MappingProxyType({32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"})
"""The algorithm of a hash by the number of its hexadecimal digits."""
_HASHED = ("", "undefined", "null", "NaN", "None", "nil", "[object Object]", "N/A", "(null)", "(not set)", "0")


@lru_cache(maxsize=4096)
def is_key(name: str) -> bool:
    """Return whether a property identifies or names something, by its name."""
    # A device whose owner refused to be tracked has an advertising id of zeros, or none.
    return bool(_KEY.fullmatch(name)) and name != _REFUSED


def describe_placeholder(name: str, text: str, spec: Mapping[str, Any] | None) -> str | None:
    """Return what the string of a property is instead of a value, for a message; None when it may be a value.

    In ids, names and hashes blank strings, `none`, the nil UUID and strings with `undefined` in them are no values
    either.

    Args:
        name: the name of the property.
        text: the string.
        spec: what the catalogue has about the property; None for a custom one, which may be anything but an id, a name
            or a hash.
    """
    if is_key(name):
        return _describe(text, is_key=True, is_person=name in _PERSONS)
    # Closed lists and currencies have rules of their own.
    is_free = spec and "string" in spec["type"] and not spec.keys() & {"enum", "recommended"} and name != "currency"
    return _describe(text) if is_free else None


def _describe(text: str, *, is_key: bool = False, is_person: bool = False) -> str | None:
    bare = _strip_invisible(text).strip(_AROUND).strip()
    if not bare:
        return ("a blank string" if text else "an empty string") if is_key else None
    if _is_word(bare, is_key=is_key) and not (is_person and bare in _NAMES_OF_PERSONS):
        return f"the word `{bare}`"
    # Most strings have nothing of what the patterns below begin with.
    found = _describe_mark(text, is_key=is_key) if _MARK.search(text) else None
    return found or describe_hash(text)


def _describe_mark(text: str, *, is_key: bool) -> str | None:
    if _OBJECT.search(text) or ("%5B" in text.upper() and _OBJECT.search(unquote(text))):
        return "the text of an object"
    if _is_template(text):
        return "a template that was not filled in"
    if is_key and _WORD_IN_ID.search(text):
        return "a string with the word `undefined` in it"
    return "the nil UUID" if is_key and _NIL_UUID.fullmatch(text.strip()) else None


def describe_hash(text: str) -> str | None:
    """Return which hash of no value a string is, for a message; None when it is none."""
    digits = text.strip()
    algorithm = _ALGORITHMS.get(len(digits))
    hashed = None if algorithm is None else _hashes(algorithm).get(digits.lower())
    if algorithm is None or hashed is None:
        return None
    return f"the {algorithm.upper().replace('SHA', 'SHA-')} hash of {f'`{hashed}`' if hashed else 'an empty string'}"


def is_placeholder(value: object) -> bool:
    """Return whether a value is a string that identifies nothing, be it blank or a placeholder."""
    if not isinstance(value, str) or not (may_be_placeholder(value) or _MARK.search(value)):
        return False
    return _describe(value, is_key=True) is not None


def identifies_nobody(value: object) -> bool:
    """Return whether a value is a string that identifies no person and no device: a placeholder, or zeros."""
    return is_placeholder(value) or (isinstance(value, str) and is_zeros(value))


def may_be_placeholder(text: str) -> bool:
    """Return whether a string without the marks of `may_have_mark` may be a placeholder.

    It is much faster than to describe the string, and only says yes too often.
    """
    if len(text) >= _SHORTEST_HASH and describe_hash(text):
        return True
    start = text[:1]
    return start in SUSPECT_STARTS and (start not in _STARTS_OF_WORDS or _WORD_START.match(text) is not None)


def may_have_mark(text: str) -> bool:
    """Return whether a text may have the text of an object, a template or `undefined` in it."""
    return any(part in text and any(mark in text for mark in marks) for part, marks in _MARKS)


def may_have_placeholder(text: bytes) -> bool:
    """Return whether a JSON text may have a placeholder, or a string of zeros, as a member of an object.

    No letter of the text is escaped. It is searched as it is: to look at each string takes several times as long.
    """
    for part, mark in _MARKS_IN_JSON:
        if part in text and mark.search(text):
            return True
    return any(not digits or describe_hash(digits.decode()) for digits in _SUSPECT_IN_JSON.findall(text))


def is_invisible(text: str) -> bool:
    """Return whether a string shows nothing."""
    return not _strip_invisible(text)


def _strip_invisible(text: str) -> str:
    return text.strip().strip(_INVISIBLE)


def is_zeros(text: str) -> bool:
    """Return whether a string is made of zeros, with or without separators between them."""
    return "0" in text and not text.strip().strip(_ZEROS)


def _is_word(bare: str, *, is_key: bool) -> bool:
    if len(bare) > _MAX_WORDS:
        return False
    words = _WORDS if is_key else _FREE_WORDS
    lowered = bare.lower()
    # `none` as Python writes it; two missing names joined are `undefined undefined`.
    return lowered in words or bare == "None" or words.issuperset(_BETWEEN.split(lowered))


def _is_template(text: str) -> bool:
    if _TEMPLATE.search(text) or ("%7B" in text.upper() and _TEMPLATE.search(unquote(text))):
        return True
    # A client of the vendor writes quotes around its template.
    stripped = text.strip().strip(_QUOTES)
    return bool(_WHOLE_TEMPLATE.fullmatch(stripped)) and not _HEX_IN_BRACES.fullmatch(stripped)


@cache
def _hashes(algorithm: str) -> Mapping[str, str]:
    """Return the hashes of what is no value, each with what was hashed, perhaps twice."""
    import hashlib  # noqa: PLC0415 - it loads a large library, and few strings are as long as a hash

    hashes: dict[str, str] = {}
    for text in _HASHED:
        # With a line feed too: that is what a command line hashes of the output of `echo`.
        for form in dict.fromkeys((text, text.lower(), text.upper(), f"{text}\n", text or " ")):
            once = hashlib.new(algorithm, form.encode(), usedforsecurity=False).hexdigest()
            twice = hashlib.new(algorithm, once.encode(), usedforsecurity=False).hexdigest()
            hashes.setdefault(once, text)
            hashes.setdefault(twice, text)
    return MappingProxyType(hashes)
