"""Credentials and configuration of the sender in a payload, where neither should be (K063)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tcspec.contract.catalogue import find_entry
from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tcspec.kinds import Version

    Path = tuple[str | int, ...]

_CREDENTIALS = frozenset({"sourcekey", "authorization", "apikey", "accesstoken", "clientsecret", "password"})
# Elsewhere a token may be that of a device or of another service.
_CREDENTIALS_AT_ROOT = _CREDENTIALS | {"token"}
_CONFIGURATION = frozenset({"siteid", "idsite", "tcs", "collectiondomain"})
WORDS_OF_CREDENTIALS = (b"authorization", b"apikey", b"clientsecret", b"password", b"sourcekey", b"token")
WORDS_OF_CONFIGURATION = tuple(name.encode() for name in sorted(_CONFIGURATION))
"""Words of which each of these names has at least one, in lower case and without separators."""
WORD_OF_VALUES = b"bearer"
"""The word of credentials that are recognised whatever their name is."""
_ROOTS: tuple[Path, ...] = ((), ("properties",), ("context",))
_BEARER = compile_late(r"Bearer\s+\S", re.IGNORECASE)


def find_credentials(payload: object, tokens: Collection[str] = ()) -> Iterator[Path]:
    """Yield the paths of credentials in a JSON value, in order: by their name, as a Bearer token, or one of `tokens`.

    A credential is a string that is not blank. The value may be nested to any depth.
    """
    # A list and no recursion: the bodies of requests are nested to any depth.
    pending: list[tuple[Path, Any]] = [((), payload)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, str):
            if _is_credential(path, value) or any(token in value for token in tokens):
                yield path
            continue
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        # Reversed, since the last one is taken first: the paths come in the order of the document.
        pending += reversed([((*path, key), member) for key, member in members])


def find_configuration(payload: object, version: Version) -> Iterator[Path]:
    """Yield the paths of the sender's configuration: at the root, in `properties` or in `context`, and not standard."""
    if not isinstance(payload, dict):
        return
    for root in _ROOTS:
        parent = payload.get(root[0]) if root else payload
        for name in parent if isinstance(parent, dict) else ():
            path = (*root, name)
            if is_configuration(name) and not find_entry(path, payload, version):
                yield path


def is_configuration(name: object) -> bool:
    """Return whether a name is that of the sender's configuration, such as the number of its site."""
    return _normalize(name) in _CONFIGURATION


def _is_credential(path: Path, value: str) -> bool:
    if not path or not value.strip():
        return False
    names = _CREDENTIALS_AT_ROOT if path[:-1] in _ROOTS else _CREDENTIALS
    return _normalize(path[-1]) in names or bool(_BEARER.match(value))


@lru_cache(maxsize=4096)
def _normalize(name: object) -> str:
    return str(name).replace("_", "").replace("-", "").lower()
