"""What tests compare: JSON values with their types, the codes of errors, and the value that a pointer leads to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tcspec.errors import Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable


def is_same_json(left: Any, right: Any) -> bool:
    """Return whether two JSON values are equal: `1` is neither `true` nor `1.0`, the order of keys does not count."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def error_codes(violations: Iterable[Violation]) -> set[str]:
    """Return the distinct codes of the errors among violations."""
    return {violation.code for violation in violations if violation.severity is Severity.ERROR}


def resolve(document: Any, pointer: str) -> Any:
    """Return the value that a JSON Pointer leads to, read as RFC 6901 describes it."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document
