"""The user of an event as rules see it: its texts by format, and its hashes with what they are hashes of."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import RuleContext

_HEX = re.compile("[0-9A-Fa-f]+")
_SEPARATORS = re.compile(r"[\s()./-]+")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Digest:
    """A hash among the properties of a user: its name, the property it is a hash of, the algorithm and the text."""

    name: str
    plain: str
    algorithm: str
    text: str = field(repr=False)

    def is_of(self, text: str) -> bool:
        """Tell whether this is the hash of a text, whatever the case of its digits."""
        return hashlib.new(self.algorithm, text.encode(), usedforsecurity=False).hexdigest() == self.text.lower()


def user_of(event: RuleContext) -> Mapping[str, Any]:
    """Give the user of an event; nothing when it is no object."""
    user = event.at("user")
    return user if isinstance(user, dict) else {}


def is_asked_for_user(event: RuleContext) -> bool:
    """Tell whether an event has a user that should say who it is; those that the platform makes need not (K074)."""
    return isinstance(event.at("user"), dict) and event.event.get("status") != "platform_generated"


def is_blank(value: object) -> bool:
    """Tell whether a value is a text of nothing but white space."""
    return isinstance(value, str) and not value.strip()


def texts(event: RuleContext, asked: str) -> Iterator[tuple[str, str]]:
    """Give the properties of the user of which the vendor asks one format, and their texts; hashes are left out."""
    for name, value in user_of(event).items():
        if isinstance(value, str) and event.entry(("user", name)).get("format") == asked and not algorithm_of(value):
            yield name, value


def algorithm_of(text: str) -> str | None:
    """Tell by which algorithm a text looks hashed, by its length; None when it is not in hexadecimal."""
    if not _HEX.fullmatch(text):
        return None
    return next((name for name, shape in load_catalogue()["hashes"].items() if shape["length"] == len(text)), None)


def digests(user: Mapping[str, Any]) -> Iterator[Digest]:
    """Give the hashes among the properties of a user; what the contract refuses as a hash is left out."""
    for name, value in user.items():
        algorithm = algorithm_of(value) if isinstance(value, str) else None
        plain = name.removesuffix(suffix_of(algorithm)) if algorithm else name
        if algorithm and plain not in {name, ""}:
            yield Digest(name, plain, algorithm, value)


def suffix_of(algorithm: str) -> str:
    """Give what the name of a property ends in when it is hashed by an algorithm."""
    suffix: str = load_catalogue()["hashes"][algorithm]["suffix"]
    return suffix


def is_hash_of(digest: Digest, text: str) -> bool:
    """Tell whether this is the hash of a text in one of its spellings."""
    return any(digest.is_of(spelling) for spelling in spellings(text))


def breaks_a_hash(user: Mapping[str, Any], name: str, text: str) -> bool:
    """Tell whether a hash beside a property is right, and would no longer be if the property were this text."""
    beside = (digest for digest in digests(user) if digest.plain == name)
    return any(is_hash_of(digest, user[name]) and not is_hash_of(digest, text) for digest in beside)


def spellings(text: str) -> frozenset[str]:
    """Give the spellings of a text that partners ask to be hashed; the vendor names none (K027)."""
    trimmed = text.strip()
    lowered = trimmed.lower()
    return frozenset((text, trimmed, lowered, _SEPARATORS.sub("", trimmed), _SIGNS.sub("", lowered)))
