"""Rejected records, verbatim, and beside them the reasons, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from tcspec.errors import TcspecError
from tcspec.migration.job import MigrationError
from tcspec.migration.stores import format_address
from tcspec.personal import mask_place, mask_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.errors import Fix, Violation
    from tcspec.migration.outcomes import Outcome
    from tcspec.migration.output_files import Output
    from tcspec.migration.stores import Address

_T = TypeVar("_T")
PART = "part"
"""What the address of a reject has when a part of the store was taken: nobody knows its line in the target."""


@dataclass(eq=False)
class NoPlaceForRejects(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A record was rejected, and there is no file for it: the target is a stream and no file was named."""

    record: str
    code: str

    def __str__(self) -> str:
        return f"{self.record} is rejected ({self.code}) and has no place; name one with --rejects FILE"


@dataclass(frozen=True, slots=True)
class Rejects:
    """The outputs for rejected records and their reasons; None where rejected records have no place."""

    records: Output | None
    reasons: Output

    def write(self, address: Address, raw: Iterable[bytes], outcome: Outcome) -> None:
        """Write a rejected record and its reason.

        Args:
            address: where the record is in its store.
            raw: its bytes, in chunks.
            outcome: why it is rejected.

        Raises:
            FileError: when they cannot be written.
            NoPlaceForRejects: when there is no file for them.
        """
        if self.records is None:
            raise NoPlaceForRejects(format_address(address), outcome.violations[0].code)
        length = 0
        for chunk in raw:
            self.records.write(chunk)
            length += len(chunk)
        self.reasons.write(build_reason(address, length, outcome).encode() + b"\n")


def build_reason(address: Address, length: int, outcome: Outcome) -> str:
    """Return why a record is rejected, as JSON text.

    Args:
        address: where the record is in its store.
        length: its length in bytes.
        outcome: its outcome.
    """
    reason = {
        **address,
        "length": length,
        "checked": "upgraded" if outcome.changes else "as it is",
        "violations": [_to_dict(violation, address, outcome) for violation in outcome.violations],
    }
    return json.dumps(reason)


def pair_rejects(records: Iterable[_T], reasons: Iterator[Mapping[str, Any]]) -> Iterator[tuple[_T, Mapping[str, Any]]]:
    """Yield rejected records with their reasons.

    Raises:
        MigrationError: when there are not as many of both.
    """
    for record in records:
        reason = next(reasons, None)
        if reason is None:
            raise MigrationError("there are more rejects than reasons; fix each record in its own place")
        yield record, reason
    if next(reasons, None) is not None:
        raise MigrationError("there are fewer rejects than reasons; leave those in place that are not fixed")


def is_of_nothing(reason: Mapping[str, Any]) -> bool:
    """Return whether a reason is that of a record without a byte, such as what is missing before a comma too many."""
    return bool(reason.get("length") == 0)


def _to_dict(violation: Violation, address: Address, outcome: Outcome) -> dict[str, Any]:
    """Return a violation as a JSON object; one of an upgraded event, or of a part of the line, has no column in it."""
    is_elsewhere = outcome.changes or "column" in address
    column = None if is_elsewhere else violation.column
    line = address.get("line", None if is_elsewhere else violation.line)
    # The reasons are a report: they are passed on and printed, unlike the rejected lines.
    located = replace(violation, line=line, column=column, **mask_place(violation.pointer, violation.data))
    # The pointer to the payload itself is empty, but it says where.
    shown = {key: value for key, value in asdict(located).items() if value not in (None, "", {}) or key == "pointer"}
    if violation.fix is not None and not _may_show(violation.fix):
        del shown["fix"]["patch"]
    return shown


def _may_show(fix: Fix) -> bool:
    """Return whether the patch of a fix has no value of the payload, and no name that may be personal."""
    pointers = [pointer for step in fix.patch for pointer in (step["path"], step.get("from", ""))]
    return all(mask_pointer(each) == each for each in pointers) and not any("value" in step for step in fix.patch)
