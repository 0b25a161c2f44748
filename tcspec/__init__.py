"""Validate Commanders Act tracking payloads, and upgrade legacy ones without losing a byte."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tcspec.errors import Basis as Basis
    from tcspec.errors import InvalidPayload as InvalidPayload
    from tcspec.errors import Severity as Severity
    from tcspec.errors import TcspecError as TcspecError
    from tcspec.errors import UnknownKind as UnknownKind
    from tcspec.errors import UnreadablePayload as UnreadablePayload
    from tcspec.errors import UnreadableTimestamp as UnreadableTimestamp
    from tcspec.errors import Violation as Violation
    from tcspec.parsing import parse as parse
    from tcspec.schemas import json_schema as json_schema
    from tcspec.size import check_size as check_size
    from tcspec.size import payload_size as payload_size
    from tcspec.timestamps import Reading as Reading
    from tcspec.timestamps import normalise_timestamp as normalise_timestamp
    from tcspec.timestamps import read_timestamp as read_timestamp
    from tcspec.upgrades.engine import Upgrade as Upgrade
    from tcspec.upgrades.engine import trace_upgrade as trace_upgrade
    from tcspec.upgrades.engine import upgrade as upgrade
    from tcspec.upgrades.engine import upgrade_json as upgrade_json
    from tcspec.validation import is_valid as is_valid
    from tcspec.validation import validate as validate
    from tcspec.versions import Detected as Detected
    from tcspec.versions import detect as detect

__version__ = "0.1.0"

_HOMES = {
    "Basis": "tcspec.errors",
    "Detected": "tcspec.versions",
    "InvalidPayload": "tcspec.errors",
    "Reading": "tcspec.timestamps",
    "Severity": "tcspec.errors",
    "TcspecError": "tcspec.errors",
    "UnknownKind": "tcspec.errors",
    "UnreadablePayload": "tcspec.errors",
    "UnreadableTimestamp": "tcspec.errors",
    "Upgrade": "tcspec.upgrades.engine",
    "Violation": "tcspec.errors",
    "check_size": "tcspec.size",
    "detect": "tcspec.versions",
    "is_valid": "tcspec.validation",
    "json_schema": "tcspec.schemas",
    "normalise_timestamp": "tcspec.timestamps",
    "parse": "tcspec.parsing",
    "payload_size": "tcspec.size",
    "read_timestamp": "tcspec.timestamps",
    "trace_upgrade": "tcspec.upgrades.engine",
    "upgrade": "tcspec.upgrades.engine",
    "upgrade_json": "tcspec.upgrades.engine",
    "validate": "tcspec.validation",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - the names of the table


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that importing tcspec costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
