"""What looks personal or secret in a text from outside, and the one mask that takes its place.

Values, names and sentences have one owner here. Which values of a payload may be shown at all is decided with the
catalogue, in `tcspec.contract.privacy`; whatever is shown passes the functions below.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MASK = "(masked)"
"""What takes the place of a name, or of a value in a table."""

REDACTED = compile_late(
    r'(?:^|(?<=[="])|(?<=Bearer )|(?<=Basic ))(?:(?:[\[<({]|%5B|%3C|%7B){1,2}[^\])<>{}"&=]{0,60}?'
    r"(?:redacted|removed|filtered|masked|omitted|scrubbed|hidden|saniti[sz]ed|anonymi[sz]ed)"
    r'[^\])<>{}"&=]{0,60}?(?:[\])>}]|%5D|%3E|%7D){1,2}|[*_-]{0,2}(?:[a-z]{1,20}[_-])?redacted(?:[_-][a-z]{1,20})?[*_-]{0,2}'
    r'|\*{3,}+[0-9a-z]{0,4}|(?:%2A){3,}+|x{5,40}+|\u2022{3,}+|(?:%E2%80%A2){3,}+)(?=["&]|$)',
    re.IGNORECASE,
)
"""A whole value in a text, in the place of which a tool has put a mark such as `[token redacted]` or `***`."""

_PERSONAL = compile_late(
    "@|%40|://"  # e-mail addresses and URLs
    r"|\+[0-9][0-9 ().-]{6}|^0[1-9](?:[ .-]?[0-9]{2}){4}$"  # phone numbers
    "|(?<![0-9])[0-9]{4}(?:[ -][0-9]{4}){3}"  # card numbers
    "|^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})$"  # hashes
)
_CREDENTIAL = compile_late(r"[Bb]earer\s++\S|(?<![\w-])eyJ[\w-]++\.[\w-]++\.")
"""The credentials of a header, and JSON Web Tokens."""
_NUMBER = compile_late(r"(?<![0-9])[0-9](?:[ ()._-]{0,2}[0-9]){8,}+")
"""Digits as long as a phone number, an account or a card."""
_IP_ADDRESS = compile_late(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])")
_UUID = compile_late(r"[0-9A-Fa-f]{8}(?:-?[0-9A-Fa-f]{4}){3}-?[0-9A-Fa-f]{12}")
_RUN = compile_late(r"[A-Za-z0-9_-]{16,}+")
_UNIT = compile_late("[A-Z]?[a-z]++|[A-Z]++|[0-9]++")
_LONG = 24
_MIN_UNIT, _MIN_UNIT_OF_LONG = 3, 4
"""The average length from which the parts of a name are words: those of random letters and digits have one or two."""
_LONGEST_RUN = 200
"""Characters of a run that are enough to see whether it consists of words."""

_MAX_REMEMBERED = 500
"""How many characters a sentence may have to be remembered, so that names in it do not fill the memory."""

# A quote that is not closed ends with the text, so that every text takes linear time.
_PIECE = compile_late(r'`[^`]*+`?|"(?:[^"\\]++|\\.)*"?|[^\s`"]++', re.DOTALL)
_WORD = compile_late(r"\S++")
_WORD_ENDS = "()[]{}<>,;:.!?'"


def looks_personal(value: object) -> bool:
    """Return whether a value looks like an e-mail address, a URL, a phone or card number, a hash or a credential.

    An object always does; an array does when one of its items does.
    """
    if isinstance(value, list | tuple):
        return any(map(looks_personal, value))
    if isinstance(value, str):
        return bool(_PERSONAL.search(value) or _CREDENTIAL.search(value))
    return isinstance(value, dict)


def looks_like_token(text: str) -> bool:
    """Return whether a text contains a UUID, or a long run of letters and digits that are not made of words."""
    return bool(_UUID.search(text)) or any(_is_random(each[0]) for each in _RUN.finditer(text))


def is_personal_name(name: str) -> bool:
    """Return whether a name may be personal: it looks so, or is a long number, an IP address or a token.

    Names are keys, events, parameters, headers and parts of a URL. Unlike values they have a property of their own
    nowhere, so that only their look tells.
    """
    return looks_personal(name) or bool(_NUMBER.search(name) or _IP_ADDRESS.search(name)) or looks_like_token(name)


def mask_name(name: str) -> str:
    """Return a name, masked when it may be personal."""
    return MASK if is_personal_name(name) else name


def iter_personal_slices(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each part of a text that is no payload and that may be personal, in order.

    These are long numbers, with the separators that phone numbers have, and the words that look so.
    """
    end = 0
    for word in _WORD.finditer(text):
        start = word.start()
        number = _NUMBER.match(text, word.end() - len(word[0].lstrip("+(")))
        stripped = word[0].strip(_WORD_ENDS)
        if number:
            stop = max(number.end(), word.end())
        elif is_personal_name(stripped):
            start += word[0].index(stripped)
            stop = start + len(stripped)
        else:
            continue
        if stop > end:
            yield max(start, end), stop
            end = stop


def mask_pointer(pointer: str) -> str:
    """Return a JSON Pointer as it may be shown: each key masked that may be personal."""
    # Most pointers are made of short words: they need no search.
    return "/".join(
        MASK if is_personal_name(part.replace("~1", "/").replace("~0", "~")) else part for part in pointer.split("/")
    )


def mask_pointers(weights: Mapping[str, int]) -> dict[str, int]:
    """Return numbers by JSON Pointer with the pointers masked; of those that become the same, the largest number."""
    masked: dict[str, int] = {}
    for pointer, weight in weights.items():
        name = mask_pointer(pointer)
        masked[name] = max(weight, masked.get(name, weight))
    return masked


def mask_place(pointer: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pointer and the data of a violation as a report may show them: by name, with every pointer masked.

    In the data pointers are the keys of inner objects.
    """
    shown = {key: mask_pointers(value) if isinstance(value, dict) else value for key, value in data.items()}
    return {"pointer": mask_pointer(pointer), "data": shown}


def mask_text(text: str) -> str:
    """Return a sentence of tcspec with the names and values masked that it quotes and that may be personal.

    What is in backticks is a name, and what is in double quotes a value. Elsewhere a URL is one of ours and stays.
    """
    return _mask_short_text(text) if len(text) <= _MAX_REMEMBERED else _mask_text(text)


def _mask_text(text: str) -> str:
    return _PIECE.sub(_mask_piece, text)


# The same few sentences are written about one event after the other.
_mask_short_text = lru_cache(maxsize=1024)(_mask_text)


def mask_data(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the data of a violation with the names and values masked that may be personal.

    Pointers, the keys of an inner object, stay: like the pointer of the violation they are masked where they are shown.
    """
    masked = {key: _mask_member(key, value) for key, value in data.items()}
    return data if masked == data else masked


def _is_random(run: str) -> bool:
    run = run[:_LONGEST_RUN]
    if not any(map(str.isdigit, run)) or not any(map(str.isalpha, run)):
        return False
    unit = _MIN_UNIT_OF_LONG if len(run) >= _LONG else _MIN_UNIT
    return (run.isalnum() and run.isupper()) or len(run) < unit * len(_UNIT.findall(run))


def _mask_piece(piece: re.Match[str]) -> str:
    text = piece[0]
    if text[0] == "`":
        return f"`{MASK}`" if is_personal_name(text.strip("`")) else text
    if text[0] == '"':
        return f'"{MASK}"' if looks_personal(text.strip('"')) else text
    # Our own sentences name addresses of the vendor.
    word = text.strip(_WORD_ENDS)
    is_ours = "://" in word and "@" not in word and "%40" not in word
    return text if is_ours or not (looks_personal(word) or looks_like_token(word)) else text.replace(word, MASK)


def _mask_member(key: str, value: object) -> object:
    if isinstance(value, list | tuple):
        return type(value)(_mask_member(key, item) for item in value)
    if not isinstance(value, str):
        return value
    if key in {"property", "properties"}:
        return mask_name(value)
    # What is expected is ours, and may be an address of the vendor.
    return mask_text(value) if key == "expected" or not looks_personal(value) else MASK
