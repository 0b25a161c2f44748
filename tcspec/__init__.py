"""Validate Commanders Act tracking payloads, and upgrade legacy ones without losing a byte."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tcspec.contract.schemas import json_schema as json_schema
    from tcspec.detection import Detected as Detected
    from tcspec.detection import detect as detect
    from tcspec.errors import Basis as Basis
    from tcspec.errors import Fix as Fix
    from tcspec.errors import InvalidPayload as InvalidPayload
    from tcspec.errors import OversizeEvent as OversizeEvent
    from tcspec.errors import Severity as Severity
    from tcspec.errors import TcspecError as TcspecError
    from tcspec.errors import UnknownKind as UnknownKind
    from tcspec.errors import UnreadablePayload as UnreadablePayload
    from tcspec.errors import UnreadableTimestamp as UnreadableTimestamp
    from tcspec.errors import Violation as Violation
    from tcspec.parsing import parse as parse
    from tcspec.pixels.pixel import Pixel as Pixel
    from tcspec.pixels.pixel import read_pixel as read_pixel
    from tcspec.pixels.pixel import write_pixel as write_pixel
    from tcspec.pixels.query import Unsayable as Unsayable
    from tcspec.requests.answers import Answer as Answer
    from tcspec.requests.examination import Examination as Examination
    from tcspec.requests.examination import check_request as check_request
    from tcspec.requests.examination import examine_request as examine_request
    from tcspec.rules.linting import lint as lint
    from tcspec.size import check_size as check_size
    from tcspec.size import payload_size as payload_size
    from tcspec.size import split_batch as split_batch
    from tcspec.size import split_bulk as split_bulk
    from tcspec.timestamps import Reading as Reading
    from tcspec.timestamps import normalise_timestamp as normalise_timestamp
    from tcspec.timestamps import read_timestamp as read_timestamp
    from tcspec.upgrades.api import Upgrade as Upgrade
    from tcspec.upgrades.api import trace_upgrade as trace_upgrade
    from tcspec.upgrades.api import upgrade as upgrade
    from tcspec.upgrades.api import upgrade_json as upgrade_json
    from tcspec.validation import is_valid as is_valid
    from tcspec.validation import validate as validate

__version__ = "0.1.0"

_HOMES = {
    "Answer": "tcspec.requests.answers",
    "Basis": "tcspec.errors",
    "Detected": "tcspec.detection",
    "Examination": "tcspec.requests.examination",
    "Fix": "tcspec.errors",
    "InvalidPayload": "tcspec.errors",
    "OversizeEvent": "tcspec.errors",
    "Pixel": "tcspec.pixels.pixel",
    "Reading": "tcspec.timestamps",
    "Severity": "tcspec.errors",
    "TcspecError": "tcspec.errors",
    "UnknownKind": "tcspec.errors",
    "UnreadablePayload": "tcspec.errors",
    "UnreadableTimestamp": "tcspec.errors",
    "Unsayable": "tcspec.pixels.query",
    "Upgrade": "tcspec.upgrades.api",
    "Violation": "tcspec.errors",
    "check_request": "tcspec.requests.examination",
    "check_size": "tcspec.size",
    "detect": "tcspec.detection",
    "examine_request": "tcspec.requests.examination",
    "is_valid": "tcspec.validation",
    "json_schema": "tcspec.contract.schemas",
    "lint": "tcspec.rules.linting",
    "normalise_timestamp": "tcspec.timestamps",
    "parse": "tcspec.parsing",
    "payload_size": "tcspec.size",
    "read_pixel": "tcspec.pixels.pixel",
    "read_timestamp": "tcspec.timestamps",
    "split_batch": "tcspec.size",
    "split_bulk": "tcspec.size",
    "trace_upgrade": "tcspec.upgrades.api",
    "upgrade": "tcspec.upgrades.api",
    "upgrade_json": "tcspec.upgrades.api",
    "validate": "tcspec.validation",
    "write_pixel": "tcspec.pixels.pixel",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - the names of the table


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that importing tcspec costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
